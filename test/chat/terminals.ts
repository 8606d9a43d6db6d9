/** The program for terminals, as people use it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { WORLD_PASSWORD } from '../support/world.js';

/** Terminals with one home. */
export interface Terminals extends AsyncDisposable {
  /** Where they keep what they keep; goes with them. */
  readonly home: string;
  /** Starts the program for somebody on a server. @param names own one, then those of others */
  open(origin: string, ...names: readonly string[]): Terminal;
}

/** Whether somebody can type now. */
export const isReady = (line: string): boolean => line.startsWith('You are ');

/** Type a line, wait for one. */
export interface Terminal {
  type(line: string): void;
  line(holds: (line: string) => boolean): Promise<string>;
  /** Nothing more is typed. */
  end(): void;
  kill(signal: NodeJS.Signals): void;
  /** All lines so far. */
  readonly seen: readonly string[];
  readonly ended: Promise<number | null>;
}

/** No terminals yet. @param variables of their environment, beside those that they have */
export async function openTerminals(
  variables: Readonly<Record<string, string>> = {},
): Promise<Terminals> {
  const home = await mkdtemp(path.join(tmpdir(), 'triptych-chat-'));
  const children: ChildProcess[] = [];
  return {
    home,
    open: (origin, ...names) => terminalOf({ home, variables, children }, [origin, ...names]),
    [Symbol.asyncDispose]: async () => {
      for (const child of children) child.kill();
      await rm(home, { recursive: true, force: true });
    },
  };
}

interface Room {
  readonly home: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly children: ChildProcess[];
}

function terminalOf({ home, variables, children }: Room, names: readonly string[]): Terminal {
  const program = path.resolve('dist/sdk/src/cli/triptych-chat.js');
  const own = { TRIPTYCH_PASSWORD: WORLD_PASSWORD, TRIPTYCH_CHAT_HOME: home };
  const env = { ...process.env, ...own, ...variables };
  const child = spawn(process.execPath, [program, ...names], { env });
  children.push(child);
  const seen: string[] = [];
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  const waiting = new Set<() => void>();
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      seen.push(line);
      for (const look of waiting) look();
    });
  return {
    seen,
    type: (line: string) => void child.stdin.write(`${line}\n`),
    end: () => void child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    line: (holds: (line: string) => boolean): Promise<string> =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = seen.find(holds);
          if (found !== undefined) {
            waiting.delete(look);
            resolve(found);
          }
        };
        waiting.add(look);
        void ended.then((code) => reject(new Error(`ended with ${code}: ${seen.join('\n')}`)));
        look();
      }),
    ended,
  };
}
