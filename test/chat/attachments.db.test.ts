// Encrypted files of chats on the server: opaque, under secret addresses, for a while.
import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseGlobalId } from '../../src/platform/ids.js';
import { statement } from '../../src/platform/db/database.js';
import {
  declareAttachment,
  keepAttachment,
  sendAttachment,
  type ShownFile,
} from '../support/chat-attachments.js';
import {
  describeWithS3,
  s3Environment,
  startS3Server,
  type S3Server,
} from '../support/s3-server.js';
import { runScheduled } from '../support/scheduled.js';
import { startWorld, type Person, type World } from '../support/world.js';

const DAY = 86_400;
const DELETE = `mutation ($input: DeleteChatAttachmentInput!) { deleteChatAttachment(input: $input) {
  deletedMediaId userErrors { code path } } }`;
const OWN = `query ($id: ID!) { viewer { chat { attachment(mediaId: $id) { sizeBytes sha256 expiresAt url media { state } } } } }`;
const USED = `{ viewer { entitlements { key used } } }`;

let world: World;
let ada: Person;
let ben: Person;
beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
  ben = await world.local('ben');
});
afterAll(() => world[Symbol.asyncDispose]());

const bytesOf = async (answer: Response): Promise<Buffer> =>
  Buffer.from(await answer.arrayBuffer());

const ownOf = async (person: Person, { media }: ShownFile): Promise<ShownFile | null> =>
  (
    await person.graphql<{ viewer: { chat: { attachment: ShownFile | null } } }>(OWN, {
      id: media.id,
    })
  ).data.viewer.chat.attachment;

async function usedBy(person: Person): Promise<number> {
  const { data } = await person.graphql<{
    viewer: { entitlements: { key: string; used: string | null }[] };
  }>(USED);
  return Number(data.viewer.entitlements.find(({ key }) => key === 'STORAGE_BYTES')!.used);
}

const remove = async (person: Person, { media }: ShownFile) =>
  (
    await person.graphql<{
      deleteChatAttachment: { deletedMediaId: string | null; userErrors: { code: string }[] };
    }>(DELETE, { input: { mediaId: media.id } })
  ).data.deleteChatAttachment;

async function keysOf({ media }: ShownFile): Promise<string | null> {
  const { id } = parseGlobalId(media.id)!;
  const found = await world.services.database.row<{ key: string | null }>(
    statement('test.original_key', 'select original_key as key from media where id = $1'),
    [id],
  );
  return found!.key;
}

test('whoever has the address gets the bytes as they are, whole, by a range, or not again', async () => {
  const bytes = randomBytes(100_000);
  const { url, media } = await keepAttachment(world, ada, bytes);
  const at = world.reach(url);
  const answer = await fetch(at, { headers: { origin: 'https://elsewhere.example' } });
  expect(answer.status).toBe(200);
  expect(await bytesOf(answer)).toEqual(bytes);
  const { headers } = answer;
  expect(headers.get('content-type')).toBe('application/octet-stream');
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('content-disposition')).toBe('attachment');
  expect(headers.get('cache-control')).toContain('immutable');
  expect(headers.get('x-robots-tag')).toContain('noindex');
  expect(headers.get('access-control-allow-origin')).toBe('*');
  const part = await fetch(at, { headers: { range: 'bytes=65536-65545' } });
  expect(part.status).toBe(206);
  expect(await bytesOf(part)).toEqual(bytes.subarray(65_536, 65_546));
  const again = await fetch(at, {
    headers: { 'if-none-match': headers.get('etag')!, 'cache-control': 'max-age=0' },
  });
  expect(again.status).toBe(304);
  const own = await ownOf(ada, { url, media } as ShownFile);
  expect(own).toMatchObject({ url, sizeBytes: '100000', media: { state: 'READY' } });
  expect(await ownOf(ben, { media } as ShownFile)).toBeNull();
});

test('an address that is not one, is another one, or names the asset gives nothing', async () => {
  const { url, media } = await keepAttachment(world, ada, randomBytes(10));
  const token = url.split('/').at(-1)!;
  const other = (token.startsWith('A') ? 'B' : 'A') + token.slice(1);
  for (const name of [other, token.slice(1), media.id, '', '%00'])
    expect((await fetch(`${world.origin}/blobs/${name}`)).status).toBe(404);
  expect((await fetch(`${world.origin}/media/${media.id}/original.bin`)).status).toBe(404);
});

test('before the bytes are here there is nothing to get, and other bytes are refused in words', async () => {
  const bytes = randomBytes(2000);
  const declared = await declareAttachment(ada, bytes);
  const at = world.reach(declared.attachment!.url);
  expect((await fetch(at)).status).toBe(404);
  const codeOf = async (sent: Uint8Array) => {
    const answer = await sendAttachment(world, declared, sent);
    const { errors } = (await answer.json()) as { errors: { extensions: { code: string } }[] };
    return [answer.status, errors[0]!.extensions.code];
  };
  const changed = Buffer.from(bytes);
  changed[1000]! ^= 1;
  expect(await codeOf(changed)).toEqual([422, 'CHECKSUM_MISMATCH']);
  expect(await codeOf(bytes.subarray(1))).toEqual([400, 'BAD_REQUEST']);
  expect(await codeOf(Buffer.concat([bytes, bytes]))).toEqual([413, 'TOO_LARGE']);
  expect((await fetch(at)).status).toBe(404);
  expect((await sendAttachment(world, declared, bytes)).status).toBe(204);
  expect(await bytesOf(await fetch(at))).toEqual(bytes);
  expect(await codeOf(bytes)).toEqual([409, 'CONFLICT']);
});

test('what is declared is bounded, and a hash that is not known yet is told afterwards', async () => {
  const bytes = randomBytes(500);
  const refusalOf = async (input: Record<string, unknown>) =>
    (await declareAttachment(ada, bytes, input)).userErrors[0];
  expect(await refusalOf({ sizeBytes: '0' })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['sizeBytes'],
  });
  expect(await refusalOf({ sha256: 'AAAA' })).toMatchObject({
    code: 'INVALID_INPUT',
    path: ['sha256'],
  });
  expect(await refusalOf({ sizeBytes: String(2 ** 30 + 1) })).toMatchObject({
    code: 'QUOTA_EXCEEDED',
    entitlement: 'ATTACHMENT_BYTES',
  });
  const declared = await declareAttachment(ada, bytes, { sha256: null });
  expect(await ownOf(ada, declared.attachment!)).toMatchObject({ sha256: null, sizeBytes: '0' });
  await sendAttachment(world, declared, bytes);
  expect(await ownOf(ada, declared.attachment!)).toMatchObject({
    sha256: createHash('sha256').update(bytes).digest('base64'),
  });
});

test('it counts, and is gone for everybody once its owner deletes it', async () => {
  const before = await usedBy(ada);
  const file = await keepAttachment(world, ada, randomBytes(3000));
  expect(await usedBy(ada)).toBe(before + 3000);
  expect((await remove(ben, file)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  const key = (await keysOf(file))!;
  expect(await remove(ada, file)).toMatchObject({ deletedMediaId: file.media.id, userErrors: [] });
  expect((await fetch(world.reach(file.url))).status).toBe(404);
  await world.settle();
  expect(await world.services.storage.stat(key)).toBeNull();
  expect(await usedBy(ada)).toBe(before);
  expect((await remove(ada, file)).userErrors).toMatchObject([{ code: 'NOT_FOUND' }]);
  const open = await declareAttachment(ada, randomBytes(700));
  expect((await remove(ada, open.attachment!)).userErrors).toEqual([]);
  expect((await sendAttachment(world, open, randomBytes(700))).status).toBe(410);
});

test('nobody gets anything of somebody who is suspended', async () => {
  const dora = await world.local('dora');
  const file = await keepAttachment(world, dora, randomBytes(10));
  const set = statement('test.set_status', 'update actors set status = $2 where id = $1');
  await world.services.database.rows(set, [dora.actorId, 'SUSPENDED']);
  expect((await fetch(world.reach(file.url))).status).toBe(404);
  await world.services.database.rows(set, [dora.actorId, 'ACTIVE']);
  expect((await fetch(world.reach(file.url))).status).toBe(200);
});

test('it goes 30 days after it was declared, to the second, and its bytes with the next round', async () => {
  const file = await keepAttachment(world, ben, randomBytes(3000));
  const key = (await keysOf(file))!;
  await runScheduled(world, 'sweepMedia');
  world.clock.advance(30 * DAY - 60);
  await runScheduled(world, 'sweepMedia');
  await world.settle();
  expect((await fetch(world.reach(file.url))).status).toBe(200);
  world.clock.advance(61);
  expect((await fetch(world.reach(file.url))).status).toBe(404);
  await runScheduled(world, 'sweepMedia');
  await world.settle();
  expect(await world.services.storage.stat(key)).toBeNull();
  expect(await usedBy(await world.local('ben'))).toBe(0);
});

const SAVE = `mutation ($input: SaveKeyBackupInput!) { saveKeyBackup(input: $input) {
  keyBackup { version history { url expiresAt } } userErrors { code path } } }`;
const FORGET = 'mutation { deleteKeyBackup { userErrors { code } } }';

interface SavedBackup {
  readonly keyBackup: { version: number; history: { expiresAt: string | null } | null } | null;
  readonly userErrors: readonly { code: string; path: string[] | null }[];
}

test('a history is kept with its backup, and goes when another one takes its place', async () => {
  const eve = await world.local('eve');
  const save = async (input: object): Promise<SavedBackup> =>
    (await eve.graphql<{ saveKeyBackup: SavedBackup }>(SAVE, { input: { data: 'AAAA', ...input } }))
      .data.saveKeyBackup;
  const statusOf = async ({ url }: ShownFile) => (await fetch(world.reach(url))).status;
  const one = await keepAttachment(world, eve, randomBytes(100));
  const other = await keepAttachment(world, eve, randomBytes(200));
  const foreign = await keepAttachment(world, await world.local('ben'), randomBytes(100));
  const notHere = (await declareAttachment(eve, randomBytes(9))).attachment!;
  for (const [file, code] of [
    [foreign, 'NOT_FOUND'],
    [notHere, 'MEDIA_NOT_READY'],
  ] as const)
    expect((await save({ version: 0, historyId: file.media.id })).userErrors).toMatchObject([
      { code, path: ['historyId'] },
    ]);
  const saved = await save({ version: 0, historyId: one.media.id });
  expect(saved.keyBackup).toMatchObject({ version: 1, history: { expiresAt: null } });
  expect((await save({ version: 1 })).keyBackup).toMatchObject({ history: { expiresAt: null } });
  expect((await remove(eve, one)).userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  // Another device was faster: nothing of what is kept changes.
  const late = await save({ version: 1, historyId: other.media.id });
  expect(late.userErrors).toMatchObject([{ code: 'CONFLICT' }]);
  expect(await statusOf(one)).toBe(200);
  expect(await ownOf(eve, other)).toMatchObject({ expiresAt: expect.any(String) });
  expect((await save({ version: 2, historyId: other.media.id })).userErrors).toEqual([]);
  expect([await statusOf(one), await statusOf(other)]).toEqual([404, 200]);
  world.clock.advance(40 * DAY);
  await runScheduled(world, 'sweepMedia');
  await world.settle();
  expect(await statusOf(other)).toBe(200);
  await (await world.local('eve')).graphql(FORGET);
  expect(await statusOf(other)).toBe(404);
});

describeWithS3('with STORAGE=s3', () => {
  let server: S3Server;
  let clouded: World;
  beforeAll(async () => {
    server = await startS3Server();
    clouded = await startWorld(s3Environment(await server.bucket()));
  });
  afterAll(async () => {
    await clouded?.[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  test('it is served all the same', async () => {
    const bytes = randomBytes(70_000);
    const { url } = await keepAttachment(clouded, await clouded.local('ada'), bytes);
    expect(await bytesOf(await fetch(clouded.reach(url)))).toEqual(bytes);
    const part = await fetch(clouded.reach(url), { headers: { range: 'bytes=-5' } });
    expect(await bytesOf(part)).toEqual(bytes.subarray(-5));
  });
});
