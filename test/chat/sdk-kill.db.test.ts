import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openFileStorage } from '../../sdk/src/store/file-storage.js';
import { MemoryStorage, StoreInUseError } from '../../sdk/src/store/storage.js';
import { startWorld, type World } from '../support/world.js';
import { trustingEngine } from '../sdk/groups.js';
import { inside } from './device-inside.js';
import { deviceOf, failingAfter, noticedIn, textsOf } from './sdk-people.js';

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

it('T21: wherever a device dies, and whatever is lost on the way, no two messages leave it with one key', async () => {
  const [here, there] = [new MemoryStorage(), new MemoryStorage()];
  const eva = await deviceOf(world, 'eva', there);
  await deviceOf(world, 'dan', here);
  const id = await eva.openDirect('dan');
  await (await deviceOf(world, 'dan', here)).synchronise();
  let group = (await inside(there)).group(id);
  const left = new Set<string>();
  // A request is lost on its way there, or on its way back, or it is not.
  for (const loss of ['question', 'answer', null])
    for (let writes = 0; writes < 4; writes += 1) {
      const options = { fetch: noting(left, loss) };
      const life = deviceOf(world, 'dan', failingAfter(here, writes), {}, options);
      await life.then((dan) => dan.sendText(id, `${loss} ${writes}`)).catch(() => undefined);
    }
  const dan = await deviceOf(world, 'dan', here, {}, { fetch: noting(left, null) });
  await dan.synchronise();
  await dan.sendText(id, 'alive');
  await eva.synchronise();
  expect(textsOf(eva, id)).toEqual(textsOf(dan, id));
  expect(textsOf(eva, id).at(-1)).toBe('dan: alive');
  expect(noticedIn(eva, id)).toEqual([]);
  // Whoever hears all that ever left it can read each of them: a second one with a key that is spent could not be.
  expect(left.size).toBeGreaterThan(6);
  const engine = await trustingEngine();
  for (const bytes of left) {
    const heard = await engine.receive(group, Buffer.from(bytes, 'base64'));
    expect(heard.kind).toBe('application');
    group = heard.next;
  }
});

/** Notes the ciphertexts that leave a device, and loses questions or answers that carry them. */
function noting(left: Set<string>, loss: string | null): typeof fetch {
  return async (url, init) => {
    const question = typeof init?.body === 'string' ? init.body : '';
    const isMessage = question.includes('mutation SendChatMessage');
    if (isMessage) left.add(/"data":"([^"]+)"/.exec(question)![1]!);
    if (isMessage && loss === 'question') throw new TypeError('lost on its way there');
    const answer = await fetch(url, init);
    if (isMessage && loss === 'answer') throw new TypeError('lost on its way back');
    return answer;
  };
}

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
