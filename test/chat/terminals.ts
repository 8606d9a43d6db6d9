/** The program for terminals, as people use it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { WORLD_PASSWORD } from '../support/world.js';

/** Milliseconds in which a line comes, however busy the machine is. A test has more, so it tells which one did not. */
const PATIENCE = 90_000;

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
  /** One of those that were printed, or that will be. @throws with all that is printed when none comes */
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

/** What a terminal has printed. */
interface Screen {
  readonly name: string;
  readonly seen: string[];
  /** Says `change` with each line, and at the end. */
  readonly changes: EventEmitter;
  /** Undefined = it goes on. */
  code?: number | null;
}

/** Of all terminals that go on, whoever opened them: what one waits for, another one may have failed to send. */
const screens = new Set<Screen>();

function terminalOf({ home, variables, children }: Room, names: readonly string[]): Terminal {
  const program = path.resolve('dist/sdk/src/cli/triptych-chat.js');
  const own = { TRIPTYCH_PASSWORD: WORLD_PASSWORD, TRIPTYCH_CHAT_HOME: home };
  const env = { ...process.env, ...own, ...variables };
  const child = spawn(process.execPath, [program, ...names], { env });
  children.push(child);
  const screen: Screen = { name: names.slice(1).join(' '), seen: [], changes: new EventEmitter() };
  screens.add(screen);
  for (const input of [child.stdout, child.stderr])
    createInterface({ input }).on('line', (line) => {
      screen.seen.push(line);
      screen.changes.emit('change');
    });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    screen.code = code ?? null;
    screens.delete(screen);
    screen.changes.emit('change');
    return screen.code;
  });
  return {
    seen: screen.seen,
    type: (line: string) => void child.stdin.write(`${line}\n`),
    end: () => void child.stdin.end(),
    kill: (signal) => void child.kill(signal),
    line: (holds: (line: string) => boolean) => lineOn(screen, holds),
    ended,
  };
}

async function lineOn(screen: Screen, holds: (line: string) => boolean): Promise<string> {
  const patience = AbortSignal.timeout(PATIENCE);
  for (;;) {
    const found = screen.seen.find(holds);
    if (found !== undefined) return found;
    if (screen.code !== undefined)
      throw new Error(`${screen.name} ended with ${screen.code}: ${screen.seen.join('\n')}`);
    try {
      await once(screen.changes, 'change', { signal: patience });
    } catch {
      const others = [...screens].filter((each) => each !== screen);
      const all = [screen, ...others].map(({ name, seen }) => [`${name}:`, ...seen].join('\n  '));
      throw new Error(
        `No line of ${screen.name} in ${PATIENCE} ms was ${String(holds)}\n${all.join('\n')}`,
      );
    }
  }
}
