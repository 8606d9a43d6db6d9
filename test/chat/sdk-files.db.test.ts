// Files in encrypted chats, between clients of the package.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { AttachmentError, paddedSize, sealedSize } from '../../sdk/src/chat/attachments.js';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { fileOf } from '../../sdk/src/chat/file-source.js';
import { Files } from '../../sdk/src/chat/files.js';
import type { AttachmentContent } from '../../sdk/src/chat/payload.js';
import { TriptychClient } from '../../sdk/src/client/client.js';
import { RefusedError } from '../../sdk/src/client/errors.js';
import { startFlakyProxy, type FlakyProxy, type Verdict } from '../support/flaky-proxy.js';
import { replannedStatement, statement } from '../../src/platform/db/database.js';
import { fromFreshAddress, startWorld, WORLD_PASSWORD, type World } from '../support/world.js';
import { deviceOf } from './sdk-people.js';

const CANARY = 'the-kite-in-the-orchard';

let world: World;
let proxy: FlakyProxy;
let [ada, ben]: Chat[] = [];
let conversation = '';
beforeAll(async () => {
  world = await startWorld({ ENTITLEMENT_ATTACHMENT_SIZE: '120MB' });
  proxy = await startFlakyProxy(world.origin);
  ben = await deviceOf(world, 'ben');
  ada = await deviceOf(world, 'ada');
  conversation = await ada.openDirect('ben');
  await ben.synchronise();
});
afterAll(async () => {
  await proxy[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** What ben got last. */
async function received(): Promise<{ sender: string; file: AttachmentContent; id: string }> {
  await ben!.synchronise();
  const message = ben!.messages(conversation).at(-1)!;
  if (message.content?.kind !== 'text') throw new Error('no file came');
  return { sender: message.sender, file: message.content.attachments[0]!, id: message.id };
}

/** Files of ada over a line that breaks. */
async function overProxy(): Promise<Files> {
  const reach = (url: string): string => proxy.origin + new URL(url).pathname;
  const { origin } = world;
  const client = new TriptychClient({ origin, headers: fromFreshAddress(), reach });
  await client.signIn('ada', WORLD_PASSWORD);
  return new Files(client);
}

async function storedBytes({ url }: Pick<AttachmentContent, 'url'>): Promise<Buffer> {
  const token = url.split('/').at(-1);
  const found = await world.services.database.row<{ key: string }>(
    statement(
      '',
      'select m.original_key as key from blobs b join media m on m.id = b.media_id where b.token = $1',
    ),
    [token],
  );
  const parts: Buffer[] = [];
  for await (const part of await world.services.storage.read(found!.key))
    parts.push(part as Buffer);
  return Buffer.concat(parts);
}

test('a voice note arrives as it was, with all that is said of it', async () => {
  const sound = randomBytes(200_000);
  const about = {
    name: `${CANARY}.ogg`,
    mediaType: 'audio/ogg',
    durationMs: 4200,
    waveform: [0, 40, 100],
    text: 'Listen',
  };
  const id = await ada!.sendFile(conversation, fileOf(sound), about);
  const got = await received();
  expect(got.id).toBe(id);
  expect(got.file).toMatchObject({
    name: `${CANARY}.ogg`,
    mediaType: 'audio/ogg',
    durationMs: 4200,
    waveform: [0, 40, 100],
    sizeBytes: 200_000,
  });
  expect(Buffer.from(await ben!.files.read(got.file, got.sender)).equals(sound)).toBe(true);
});

test('T1: neither bytes nor name nor exact length of a file are with the server', async () => {
  const file = Buffer.concat([Buffer.from(CANARY.repeat(100)), randomBytes(12_345)]);
  await ada!.sendFile(conversation, fileOf(file), { name: CANARY, mediaType: 'image/png' });
  const { file: sent } = await received();
  const stored = await storedBytes(sent);
  expect(stored.length).toBe(sealedSize(paddedSize(file.length)));
  expect(stored.includes(CANARY)).toBe(false);
  expect(createHash('sha256').update(stored).digest().equals(sent.sha256)).toBe(true);
  const tables = ['media', 'uploads', 'blobs', 'events', 'chat_messages'];
  for (const table of tables) {
    const rows = await world.services.database.rows<{ text: string }>(
      replannedStatement(`select row_to_json(t)::text as text from ${table} t`),
    );
    const all = rows.map(({ text }) => text).join('\n');
    for (const form of ['utf8', 'hex', 'base64'] as const)
      expect(all).not.toContain(Buffer.from(CANARY).toString(form).slice(0, 20));
    expect(all).not.toContain('image/png');
  }
});

test('a file goes on, there and back, where the line broke', async () => {
  const file = randomBytes(20 * 2 ** 20);
  const files = await overProxy();
  const breaks: Verdict[] = [
    { sent: 1_000_000 },
    null,
    { answered: 0 },
    null,
    { sent: 3 * 2 ** 20 },
  ];
  proxy.decide = () => breaks.shift() ?? null;
  const sent = await files.send(fileOf(file), { name: 'film', mediaType: 'video/mp4' });
  expect(proxy.seen.filter((line) => line.startsWith('HEAD')).length).toBeGreaterThanOrEqual(2);
  const stops: Verdict[] = [{ answered: 5_000_000 }, { answered: 5_000_000 }];
  proxy.decide = () => stops.shift() ?? null;
  const got = await files.read(sent, ada!.self.actorUri);
  expect(Buffer.compare(got, file)).toBe(0);
  expect(stops).toEqual([]);
});

test('T36: another file, a shorter one, and one that lies elsewhere are refused', async () => {
  const send = (bytes: Buffer) =>
    ada!.files.send(fileOf(bytes), { name: 'a', mediaType: 'text/plain' });
  const [one, other] = [await send(randomBytes(9000)), await send(randomBytes(9000))];
  const { actorUri } = ada!.self;
  const read = (file: AttachmentContent, sender = actorUri) => ben!.files.read(file, sender);
  await expect(read({ ...one, url: other.url })).rejects.toThrow(AttachmentError);
  await expect(read({ ...one, sha256: other.sha256 })).rejects.toThrow('Another file');
  await expect(read({ ...one, sizeBytes: 1_000_000 })).rejects.toThrow('shorter');
  await expect(read({ ...one, sizeBytes: 100 })).rejects.toThrow('goes on after its end');
  await expect(read(one, 'https://elsewhere.example/users/ada')).rejects.toThrow('does not lie');
  expect((await read(one)).length).toBe(9000);
});

test('a file that is too large is refused before it is sent, and one that is deleted is gone', async () => {
  const huge = { sizeBytes: 130_000_000, read: () => fileOf(Buffer.alloc(1)).read() };
  const about = { name: 'a', mediaType: 'text/plain' };
  await expect(ada!.files.send(huge, about)).rejects.toThrow(RefusedError);
  const changed = { sizeBytes: 500, read: () => fileOf(Buffer.alloc(400)).read() };
  await expect(ada!.files.send(changed, about)).rejects.toThrow('changed while');
  const kept = await ada!.files.keep(fileOf(randomBytes(10)), randomBytes(32));
  await ada!.files.delete(kept.mediaId);
  await expect(ben!.files.read(kept, ada!.self.actorUri)).rejects.toThrow('not there any more');
});

test('T36: 100 MB take a client no more memory than a file that fits into one request', async () => {
  const program = path.resolve('dist/test/support/file-client.js');
  const { token } = await world.local('ada');
  const { origin: publicOrigin } = world.services.config.publicUrl;
  const most = async (bytes: number): Promise<number> => {
    const words = [program, world.origin, publicOrigin, token, String(bytes)];
    return Number((await promisify(execFile)(process.execPath, words)).stdout);
  };
  // One part of an upload each time: what grows beyond that grows with the file.
  const small = await most(8 * 2 ** 20);
  const large = await most(100_000_000);
  expect(large / small).toBeLessThan(1.5);
  expect(large - small).toBeLessThan(100_000_000 / 2);
});
