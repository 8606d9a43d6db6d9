// Archives of custom emoji through the public API: uploaded, taken in by a job, and fetched by a signed link.
import { buffer } from 'node:stream/consumers';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';
import { createGunzip, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { extract, pack } from 'tar-stream';
import { statement } from '../../src/platform/db/database.js';
import type { Answered } from '../support/posts.js';
import { innerId } from '../support/posts.js';
import { declareUpload, sendBytes } from '../support/upload.js';
import { zipOf } from '../support/zip.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let admin: Person;
let mod: Person;
let ada: Person;
let kite: Buffer;

const EMPTY = statement(
  'test.empty_emojis',
  `with gone as (delete from emojis) delete from server_settings where key = 'emoji-revision'`,
);

beforeAll(async () => {
  world = await startWorld();
  [admin, mod, ada] = [await world.admin(), await world.moderator(), await world.local('ada')];
  const background = { r: 9, g: 99, b: 200, alpha: 1 };
  kite = await sharp({ create: { width: 48, height: 48, channels: 4, background } })
    .png()
    .toBuffer();
});
beforeEach(() => world.services.database.rows(EMPTY));
afterAll(() => world[Symbol.asyncDispose]());

type Files = Readonly<Record<string, Buffer | string>>;

async function tarOf(files: Files): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(files)) archive.entry({ name }, content);
  archive.finalize();
  return buffer(archive);
}

test('an archive of the kind zip comes in, too', async () => {
  const bytes = zipOf([
    { name: 'kite.png', content: kite },
    { name: 'broken.png', content: 'x' },
  ]);
  expect(await takeIn(await upload(bytes, 'application/zip'))).toMatchObject({
    state: 'SUCCEEDED',
    added: 1,
    refused: 1,
  });
  const damaged = await takeIn(await upload(bytes.subarray(0, -1), 'application/zip'));
  expect(damaged).toMatchObject({
    state: 'FAILED',
    failure: 'This archive is not taken in. It is damaged, or no archive.',
  });
});

test('names that no database keeps, or that never end, are told all the same', async () => {
  const long = `${'x'.repeat(254)}😀.png`;
  const bytes = zipOf([
    { name: 'a\0b.txt', content: 'x' },
    { name: long, content: kite },
  ]);
  const done = await takeIn(await upload(bytes, 'application/zip'));
  expect(done).toMatchObject({ state: 'SUCCEEDED', total: 2, refused: 2 });
  expect(done.refusals).toMatchObject([
    { fileName: 'ab.txt' },
    { fileName: `${'x'.repeat(254)}\ufffd` },
  ]);
});

async function upload(bytes: Buffer, mimeType = 'application/gzip'): Promise<string> {
  const declared = { purpose: 'EMOJI_ARCHIVE', fileName: 'emoji.tar.gz', mimeType };
  const { ticket, userErrors } = await declareUpload(admin, bytes, declared);
  expect(userErrors).toEqual([]);
  expect((await sendBytes(world, ticket!, bytes)).status).toBe(204);
  await world.settle();
  return ticket!.media.id;
}

const IMPORT = `id state category replaces total added replaced kept refused failure refusals { fileName shortcode reason }
  startedBy { username }`;

interface Import {
  readonly id: string;
  readonly state: string;
  readonly failure: string | null;
  readonly refusals: readonly object[];
}

async function start(
  mediaId: string,
  input: Record<string, unknown> = {},
): Promise<Answered<{ emojiImport: Import | null }>> {
  const answer = await admin.graphql<{
    importCustomEmoji: Answered<{ emojiImport: Import | null }>;
  }>(
    `mutation ($input: ImportCustomEmojiInput!) { importCustomEmoji(input: $input) {
      emojiImport { ${IMPORT} } userErrors { code path } } }`,
    { input: { mediaId, ...input } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.importCustomEmoji;
}

async function takeIn(mediaId: string, input: Record<string, unknown> = {}): Promise<Import> {
  const { emojiImport, userErrors } = await start(mediaId, input);
  expect(userErrors).toEqual([]);
  await world.settle();
  return (await see(admin, emojiImport!.id))!;
}

async function see(who: Person, id: string): Promise<Import | null> {
  const answer = await who.graphql<{ node: Import | null }>(
    `query ($id: ID!) { node(id: $id) { ... on EmojiImport { ${IMPORT} } } }`,
    { id },
  );
  return answer.data?.node ?? null;
}

async function offered(): Promise<{ shortcode: string; category: string | null }[]> {
  const answer = await world.graphql<{
    instance: { customEmoji: { nodes: { shortcode: string; category: string | null }[] } };
  }>('{ instance { customEmoji(first: 100) { nodes { shortcode category } } } }');
  return answer.data.instance.customEmoji.nodes;
}

test('an administrator uploads an archive, which a job takes in, and sees what became of each picture', async () => {
  const files = { 'kite.png': kite, 'gull.png': kite, 'broken.png': 'no picture', 'no.txt': 'x' };
  const mediaId = await upload(gzipSync(await tarOf(files)));
  const media = await admin.graphql<{ node: object }>(
    'query ($id: ID!) { node(id: $id) { ... on FileMedia { state url thumbnailUrl mimeType sizeBytes failure } } }',
    { id: mediaId },
  );
  expect(media.data.node).toMatchObject({
    state: 'READY',
    url: null,
    thumbnailUrl: null,
    mimeType: 'application/gzip',
    failure: null,
  });
  const done = await takeIn(mediaId, { category: 'Sky' });
  expect(done).toMatchObject({
    state: 'SUCCEEDED',
    category: 'Sky',
    replaces: false,
    total: 4,
    added: 2,
    replaced: 0,
    kept: 0,
    refused: 2,
    failure: null,
    startedBy: { username: admin.username },
  });
  expect(done.refusals).toEqual([
    { fileName: 'broken.png', shortcode: 'broken', reason: expect.any(String) },
    { fileName: 'no.txt', shortcode: 'no', reason: 'Its type is not taken in.' },
  ]);
  expect(await offered()).toEqual([
    { shortcode: 'gull', category: 'Sky' },
    { shortcode: 'kite', category: 'Sky' },
  ]);
  // The archive is gone: nothing but the emoji is left of it.
  expect((await start(mediaId)).userErrors).toEqual([{ code: 'NOT_FOUND', path: ['mediaId'] }]);
  const again = await takeIn(await upload(await tarOf(files), 'application/x-tar'));
  expect(again).toMatchObject({ added: 0, kept: 2, refused: 2 });
  const replacing = await takeIn(await upload(await tarOf({ 'kite.png': kite })), {
    replace: true,
  });
  expect(replacing).toMatchObject({ replaces: true, total: 1, replaced: 1, kept: 0 });
  const list = await admin.graphql<{ admin: { emojiImports: { nodes: { id: string }[] } } }>(
    '{ admin { emojiImports(first: 1) { nodes { id } } } }',
  );
  expect(list.data.admin.emojiImports.nodes).toEqual([{ id: replacing.id }]);
  expect([await see(mod, done.id), await see(ada, done.id)]).toEqual([null, null]);
});

test('an archive that is none, or means harm, fails as a whole and says why', async () => {
  const bad = [
    Buffer.from('this is no archive at all, however long it may be'),
    await tarOf({ '../kite.png': kite }),
    gzipSync(await tarOf({ 'kite.png': kite })).subarray(0, 60),
  ];
  for (const bytes of bad) {
    const failed = await takeIn(await upload(bytes));
    expect(failed).toMatchObject({ state: 'FAILED', added: 0 });
    expect(failed.failure).toMatch(/^This archive is not taken in\./);
  }
  expect(await offered()).toEqual([]);
});

test('only administrators declare an archive, of a type and size that fits', async () => {
  const declare = async (who: Person, input: Record<string, unknown>) =>
    (
      await declareUpload(who, Buffer.from('x'), {
        purpose: 'EMOJI_ARCHIVE',
        mimeType: 'application/gzip',
        ...input,
      })
    ).userErrors.map(({ code, path }) => [code, path]);
  expect(await declare(ada, {})).toEqual([['FORBIDDEN', null]]);
  expect(await declare(mod, {})).toEqual([['FORBIDDEN', null]]);
  expect(await declare(admin, { mimeType: 'image/png' })).toEqual([
    ['UNSUPPORTED_MEDIA', ['mimeType']],
  ]);
  expect(await declare(admin, { sizeBytes: String(257 * 1024 * 1024) })).toEqual([
    ['INVALID_INPUT', ['sizeBytes']],
  ]);
  expect(await declare(admin, { purpose: 'POST' })).toEqual([['UNSUPPORTED_MEDIA', ['mimeType']]]);
});

const CUT_OFF = statement(
  'test.emoji_imports.cut_off',
  `update emoji_imports set state = 'RUNNING', finished_at = null, added = 1, kept = 0, refused = 0, refusals = '[]'
   where id = $1`,
);
const ASK_AGAIN = statement(
  'test.ask_again',
  `select graphile_worker.add_job('takeInEmojis', json_build_object('importId', $1::text))`,
);
const KEEP_MEDIA = statement(
  'test.keep_media',
  `update media set deleted_at = null where id = $1 returning original_key as key`,
);

test('a run that was cut off goes on behind the pictures that are done', async () => {
  const bytes = await tarOf({ 'kite.png': kite, 'gull.png': kite, 'tern.png': kite });
  const mediaId = await upload(bytes, 'application/x-tar');
  const { database, storage } = world.services;
  const { emojiImport } = await start(mediaId);
  await world.settle();
  // As if the worker had died behind the first one: the archive is there, the other two are not.
  await database.rows(statement('test.drop', `delete from emojis where shortcode <> 'kite'`));
  const key = 'originals/00000000000000000000000000000000';
  await storage.putFile(key, await onDisk(bytes), 'application/x-tar');
  await database.rows(statement('test.point', 'update media set original_key = $2 where id = $1'), [
    innerId(mediaId),
    key,
  ]);
  await database.rows(KEEP_MEDIA, [innerId(mediaId)]);
  await database.rows(CUT_OFF, [innerId(emojiImport!.id)]);
  await database.rows(ASK_AGAIN, [innerId(emojiImport!.id)]);
  await world.settle();
  expect(await see(admin, emojiImport!.id)).toMatchObject({
    state: 'SUCCEEDED',
    total: 3,
    added: 3,
    kept: 0,
  });
});

async function onDisk(bytes: Buffer): Promise<string> {
  const { mkdtemp, writeFile } = await import('node:fs/promises');
  const { tmpdir } = await import('node:os');
  const file = `${await mkdtemp(`${tmpdir()}/triptych-emoji-`)}/archive`;
  await writeFile(file, bytes);
  return file;
}

test('who is no administrator any more when the job begins takes nothing in', async () => {
  const mediaId = await upload(await tarOf({ 'kite.png': kite }), 'application/x-tar');
  const SET_ROLE = statement('test.set_role', 'update accounts set role = $2 where id = $1');
  const { emojiImport } = await start(mediaId);
  await world.settle();
  expect(await offered()).toHaveLength(1);
  await world.services.database.rows(EMPTY);
  await world.services.database.rows(CUT_OFF, [innerId(emojiImport!.id)]);
  await world.services.database.rows(SET_ROLE, [admin.accountId, 'MODERATOR']);
  await world.services.database.rows(ASK_AGAIN, [innerId(emojiImport!.id)]);
  await world.settle();
  await world.services.database.rows(SET_ROLE, [admin.accountId, 'ADMIN']);
  expect(await see(admin, emojiImport!.id)).toMatchObject({
    state: 'FAILED',
    failure: 'This is for staff.',
  });
  expect(await offered()).toEqual([]);
});

async function archiveUrl(who: Person): Promise<string | null> {
  const answer = await who.graphql<{ admin: { customEmojiArchiveUrl: string } }>(
    '{ admin { customEmojiArchiveUrl } }',
  );
  return answer.data?.admin?.customEmojiArchiveUrl ?? null;
}

async function filesIn(bytes: Buffer): Promise<string[]> {
  const archive = extract();
  Readable.from([bytes]).pipe(createGunzip()).pipe(archive);
  const names: string[] = [];
  for await (const entry of archive) {
    names.push(entry.header.name);
    entry.resume();
  }
  return names;
}

/** Asks until it is answered so. */
async function answers(status: number, url: string): Promise<void> {
  for (;;) {
    const response = await fetch(world.reach(url));
    await response.arrayBuffer();
    if (response.status === status) return;
    await setTimeout(20);
  }
}

test('all emoji are fetched by a link that administrators get, for an hour, and come in again elsewhere', async () => {
  await takeIn(await upload(await tarOf({ 'kite.png': kite, 'gull.png': kite })));
  const url = (await archiveUrl(admin))!;
  expect([await archiveUrl(mod), await archiveUrl(ada)]).toEqual([null, null]);
  const response = await fetch(world.reach(url));
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'application/gzip',
  ]);
  const bytes = Buffer.from(await response.arrayBuffer());
  // Who replays the link does not keep the server busy.
  const many = await Promise.all(Array.from({ length: 8 }, () => fetch(world.reach(url))));
  await Promise.all(many.map((each) => each.arrayBuffer()));
  expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200, 503]));
  // The last bytes come a moment before the place is free.
  await answers(200, url);
  expect(await filesIn(bytes)).toEqual(['gull.webp', 'kite.webp', 'meta.json']);
  await world.services.database.rows(EMPTY);
  expect(await takeIn(await upload(bytes))).toMatchObject({ state: 'SUCCEEDED', added: 2 });
  const forged = `${url.slice(0, -1)}${url.endsWith('A') ? 'B' : 'A'}`;
  const bare = url.split('?')[0]!;
  for (const other of [bare, forged, `${bare}?expires=1&signature=x`])
    expect((await fetch(world.reach(other))).status).toBe(404);
  world.clock.advance(3_601);
  expect((await fetch(world.reach(url))).status).toBe(404);
});
