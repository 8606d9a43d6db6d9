import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { startReachableWorld } from '../support/flaky-proxy.js';
import { WORLD_PASSWORD, type World } from '../support/world.js';

let world: World;
let home: string;
const children: ChildProcess[] = [];
beforeAll(async () => {
  world = await startReachableWorld();
  for (const name of ['ada', 'ben']) await world.local(name);
  home = await mkdtemp(path.join(tmpdir(), 'triptych-chat-'));
});
afterAll(async () => {
  for (const child of children) child.kill();
  await world[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** A terminal of somebody: type a line, wait for one. */
function terminal(...names: readonly string[]) {
  const program = path.resolve('dist/sdk/src/cli/triptych-chat.js');
  const env = { ...process.env, TRIPTYCH_PASSWORD: WORLD_PASSWORD, TRIPTYCH_CHAT_HOME: home };
  const child = spawn(process.execPath, [program, world.origin, ...names], { env });
  children.push(child);
  const seen: string[] = [];
  const waiting = new Set<() => void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    seen.push(line);
    for (const look of waiting) look();
  });
  child.stderr.on('data', (bytes: Buffer) => seen.push(String(bytes)));
  return {
    type: (line: string) => void child.stdin.write(`${line}\n`),
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
        child.once('exit', (code) => reject(new Error(`ended with ${code}: ${seen.join('\n')}`)));
        look();
      }),
    ended: new Promise<number | null>((resolve) => child.once('exit', resolve)),
  };
}

it('two people talk in two terminals, and compare their safety number', async () => {
  const ben = terminal('ben');
  await ben.line((line) => line.startsWith('/quit'));
  const ada = terminal('ada', 'ben');
  await ada.line((line) => line.startsWith('/quit'));
  ada.type('Hello from a terminal');
  await ben.line((line) => line.endsWith(': Hello from a terminal'));
  ben.type('And from another');
  await ada.line((line) => line.endsWith(': And from another'));
  const sent = path.join(home, 'kite.png');
  await writeFile(sent, Buffer.alloc(300_000, 'kite'));
  ada.type(`/send ${sent}`);
  await ben.line((line) => line.endsWith('[kite.png, 300000 bytes]'));
  ben.type(`/save ${await mkdtemp(path.join(home, 'saved-'))}`);
  const saved = (await ben.line((line) => line.startsWith('saved '))).slice('saved '.length);
  expect(Buffer.compare(await readFile(saved), await readFile(sent))).toBe(0);
  for (const each of [ada, ben]) each.type('/safety');
  const isNumber = (line: string): boolean => /^(\d{5} ){11}\d{5}$/.test(line);
  expect(await ada.line(isNumber)).toBe(await ben.line(isNumber));
  for (const each of [ada, ben]) {
    each.type('/quit');
    expect(await each.ended).toBe(0);
  }
});
