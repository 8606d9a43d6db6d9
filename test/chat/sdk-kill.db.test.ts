import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openFileStorage } from '../../sdk/src/store/file-storage.js';
import { StoreInUseError } from '../../sdk/src/store/storage.js';
import { startWorld, type World } from '../support/world.js';
import { deviceOf, textsOf } from './sdk-people.js';

let world: World;
let home: string;
let child: ChildProcess | null = null;
beforeAll(async () => {
  world = await startWorld();
  home = await mkdtemp(path.join(tmpdir(), 'triptych-kill-'));
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await world[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** Starts a device, and kills it once it has said so many lines after it was open. @returns the numbers that it sent */
async function lifeOf(name: string, file: string, first: number, lines: number): Promise<number[]> {
  const program = path.resolve('dist/test/chat/dying-device.js');
  const args = [program, world.origin, name, file, String(first)];
  const process_ = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  child = process_;
  const ended = new Promise((resolve) => process_.once('exit', resolve));
  const said: string[] = [];
  for await (const line of createInterface({ input: process_.stdout })) {
    said.push(line);
    if (said.length > lines) break;
  }
  process_.kill('SIGKILL');
  await ended;
  return said.flatMap((line) => /^sent (\d+)$/.exec(line)?.[1] ?? []).map(Number);
}

it('T21: a device that is killed again and again loses nothing, shows nothing twice, and uses no key twice', async () => {
  const file = path.join(home, 'ben.store');
  await world.local('ben');
  const ada = await deviceOf(world, 'ada');
  await lifeOf('ben', file, 0, 0);
  const id = await ada.openDirect('ben');
  const told: string[] = [];
  const sent: number[] = [];
  for (let life = 0; life < 4; life += 1) {
    const living = lifeOf('ben', file, life * 1000, 1 + (life % 3));
    for (let count = 0; count < 3; count += 1) {
      told.push(`life ${life} message ${count}`);
      await ada.sendText(id, told.at(-1)!);
    }
    sent.push(...(await living));
    await ada.synchronise();
  }
  const storage = await openFileStorage(file);
  const ben = await deviceOf(world, 'ben', storage);
  await ben.synchronise();
  await ada.synchronise();
  const heard = textsOf(ben, id).filter((text) => text.startsWith('ada: '));
  expect(heard).toEqual(told.map((text) => `ada: ${text}`));
  // Whatever was encrypted twice with one key, or not stored before it was sent, could not be read.
  const numbers = textsOf(ada, id).filter((text) => !text.startsWith('ada: '));
  expect(numbers.every((text) => /^ben: number \d+$/.test(text))).toBe(true);
  expect(new Set(numbers).size).toBe(numbers.length);
  for (const number of sent) expect(numbers).toContain(`ben: number ${number}`);
  expect(textsOf(ben, id)).toEqual(textsOf(ada, id));
  await storage.close();
});

it('a store is open once, and free again when the process that had it was killed', async () => {
  const file = path.join(home, 'cyd.store');
  await world.local('cyd');
  const program = path.resolve('dist/test/chat/dying-device.js');
  const holder = spawn(process.execPath, [program, world.origin, 'cyd', file, '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  child = holder;
  const ended = new Promise((resolve) => holder.once('exit', resolve));
  for await (const line of createInterface({ input: holder.stdout })) if (line === 'open') break;
  const elsewhere = path.join(home, '.', 'nowhere', '..', 'cyd.store');
  await expect(openFileStorage(elsewhere)).rejects.toBeInstanceOf(StoreInUseError);
  holder.kill('SIGKILL');
  await ended;
  const storage = await openFileStorage(file);
  await expect(openFileStorage(file)).rejects.toBeInstanceOf(StoreInUseError);
  await storage.close();
  await (await openFileStorage(file)).close();
});
