// Uploads through the public doors: tickets, bytes, processing, serving, and what goes wrong.
import { once } from 'node:events';
import { get } from 'node:http';
import { connect, type Socket } from 'node:net';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { attachMedia, releaseMedia } from '../../src/media/attach-media.js';
import type { MediaId } from '../../src/media/media.entity.js';
import { sweepMedia } from '../../src/media/jobs/sweep-media.job.js';
import { heicFrom } from '../support/pictures.js';
import { declareUpload, sendBytes, uploadPicture } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let picture: Buffer;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
  picture = await sharp({
    create: {
      width: 900,
      height: 600,
      channels: 3,
      background: '#336699',
      noise: { type: 'gaussian', mean: 128, sigma: 30 },
    },
  })
    .jpeg()
    .toBuffer();
});

afterAll(() => world[Symbol.asyncDispose]());

const MEDIA = `query ($id: ID!) { node(id: $id) { ... on ImageMedia { state url thumbnailUrl blurhash dominantColor altText mimeType sizeBytes width height isAnimated failure
  variants { url width height mimeType sizeBytes } } } }`;

interface Shown {
  state: string;
  url: string | null;
  thumbnailUrl: string | null;
  blurhash: string | null;
  failure: string | null;
  variants: { url: string; width: number; height: number; mimeType: string }[];
}

async function show(person: Person, id: string): Promise<Shown | null> {
  return (await person.graphql<{ node: Shown | null }>(MEDIA, { id })).data.node;
}

function innerId(globalId: string): MediaId {
  return parseGlobalId(globalId)!.id as MediaId;
}

test('a picture is declared, sent, processed and shown to its owner alone', async () => {
  const id = await uploadPicture(world, ada, picture, { altText: 'noise' });
  const media = await show(ada, id);
  expect(media).toMatchObject({
    state: 'READY',
    altText: 'noise',
    mimeType: 'image/jpeg',
    sizeBytes: String(picture.length),
    width: 900,
    height: 600,
    isAnimated: false,
    failure: null,
  });
  expect(media!.blurhash).toMatch(/^.{20,}$/);
  expect(media!.variants.length).toBeGreaterThanOrEqual(2);
  const fetched = await fetch(world.reach(media!.url!));
  expect(fetched.status).toBe(200);
  expect(fetched.headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
  expect((await sharp(Buffer.from(await fetched.arrayBuffer())).metadata()).width).toBe(900);
  const ben = await world.local('ben');
  expect(await show(ben, id)).toBeNull();
});

test('a HEIC photograph is processed by the heif-convert on PATH, without configuration', async () => {
  const heic = await heicFrom(picture);
  if (!heic) return process.stderr.write('heif-enc is not installed: HEIC was not tested\n');
  const id = await uploadPicture(world, ada, heic, {
    fileName: 'photo.heic',
    mimeType: 'image/heic',
  });
  expect(await show(ada, id)).toMatchObject({ state: 'READY', failure: null, width: 900 });
});

test('completeUpload says whether the bytes are here, again and again', async () => {
  const { ticket } = await declareUpload(ada, picture);
  const complete = async (person: Person) =>
    (
      await person.graphql<{
        completeUpload: { media: { state: string } | null; userErrors: { code: string }[] };
      }>(
        `mutation ($id: ID!) { completeUpload(input: { mediaId: $id }) { media { state } userErrors { code } } }`,
        { id: ticket!.media.id },
      )
    ).data.completeUpload;
  expect((await complete(ada)).userErrors).toEqual([{ code: 'MEDIA_NOT_READY' }]);
  expect((await sendBytes(world, ticket!, picture)).status).toBe(204);
  expect(await complete(ada)).toEqual({ media: { state: 'PROCESSING' }, userErrors: [] });
  expect((await complete(await world.local('ben'))).userErrors).toEqual([{ code: 'NOT_FOUND' }]);
  await world.settle();
  expect(await complete(ada)).toEqual({ media: { state: 'READY' }, userErrors: [] });
});

/** How many bodies are on the disk and not stored yet. */
async function files(): Promise<number> {
  const directory = path.join(world.services.config.dataDirectory, 'work');
  const found = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => []);
  return found.filter((entry) => entry.isFile()).length;
}

describe('M13 an upload that lies', () => {
  test('is refused when it is longer or shorter than declared, and can be sent again', async () => {
    const { ticket } = await declareUpload(ada, picture);
    expect(
      (await sendBytes(world, ticket!, Buffer.concat([picture, Buffer.from('x')]))).status,
    ).toBe(413);
    expect((await sendBytes(world, ticket!, picture.subarray(1))).status).toBe(400);
    const changed = Buffer.from(picture);
    changed[changed.length - 1] = changed[changed.length - 1]! ^ 1;
    expect((await sendBytes(world, ticket!, changed)).status).toBe(422);
    expect((await sendBytes(world, ticket!, picture)).status).toBe(204);
    expect((await sendBytes(world, ticket!, picture)).status).toBe(409);
  });

  test('and is cut leaves no file behind', async () => {
    const { ticket } = await declareUpload(ada, picture);
    const url = new URL(world.reach(ticket!.uploadUrl));
    const socket = connect(Number(url.port), url.hostname);
    socket.write(
      `PUT ${url.pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: ${picture.length}\r\n\r\n`,
    );
    socket.write(picture.subarray(0, 1000));
    while ((await files()) === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
    while ((await files()) > 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect((await sendBytes(world, ticket!, picture)).status).toBe(204);
  });

  test('in its chunked length is stopped at what was declared', async () => {
    const { ticket } = await declareUpload(ada, picture);
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    });
    const response = await fetch(world.reach(ticket!.uploadUrl), {
      method: 'PUT',
      body: endless,
      duplex: 'half',
    } as RequestInit).catch(() => null);
    if (response) expect(response.status).toBe(413);
  });
});

test('many that hold back the last byte of one ticket take its size of the disk once', async () => {
  const { ticket } = await declareUpload(ada, picture);
  const url = new URL(world.reach(ticket!.uploadUrl));
  const hold = (): { socket: Socket; answer: Promise<string> } => {
    const socket = connect(Number(url.port), url.hostname);
    socket.write(
      `PUT ${url.pathname} HTTP/1.1\r\nHost: x\r\nContent-Length: ${picture.length}\r\n\r\n`,
    );
    socket.write(picture.subarray(0, picture.length - 1));
    const answer = once(socket, 'data').then(([bytes]) => String(bytes));
    return { socket, answer };
  };
  const senders = [];
  for (let turn = 0; turn < 6; turn++) {
    senders.push(hold());
    // Each one that comes ends the one before it.
    if (turn > 0) expect(await senders[turn - 1]!.answer).toMatch(/^HTTP\/1.1 409 /);
    expect(await files()).toBeLessThanOrEqual(1);
  }
  const last = senders.at(-1)!;
  last.socket.write(picture.subarray(-1));
  expect(await last.answer).toMatch(/^HTTP\/1.1 204 /);
  for (const { socket } of senders) socket.destroy();
  expect(await files()).toBe(0);
});

test('two that send to one ticket at the same moment make one picture', async () => {
  const { ticket } = await declareUpload(ada, picture);
  const answers = await Promise.all([1, 2, 3].map(() => sendBytes(world, ticket!, picture)));
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409, 409]);
});

test('M04 M05 a file that is not what it claims is rejected with a reason', async () => {
  const text = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>');
  const id = await uploadPicture(world, ada, text);
  expect(await show(ada, id)).toMatchObject({
    state: 'REJECTED',
    url: null,
    variants: [],
    failure: expect.stringMatching(/\w/),
  });
});

test('bad declarations are refused by name and limit', async () => {
  const codes = async (input: Record<string, unknown>) =>
    (await declareUpload(ada, picture, input)).userErrors.map(({ code, path: where }) => [
      code,
      where,
    ]);
  expect(await codes({ mimeType: 'image/svg+xml' })).toEqual([['UNSUPPORTED_MEDIA', ['mimeType']]]);
  expect(await codes({ sizeBytes: '0' })).toEqual([['INVALID_INPUT', ['sizeBytes']]]);
  expect(await codes({ sha256: 'abc' })).toEqual([['INVALID_INPUT', ['sha256']]]);
  expect(await codes({ altText: 'x'.repeat(1_501) })).toEqual([['INVALID_INPUT', ['altText']]]);
  expect(await codes({ sizeBytes: '99999999999' })).toEqual([['QUOTA_EXCEEDED', ['sizeBytes']]]);
});

test('a picture that is too large is told its limit, in the language asked for, and has used nothing', async () => {
  const document = `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { userErrors {
    __typename message ... on QuotaError { entitlement limit used } } } }`;
  const input = {
    purpose: 'POST',
    fileName: 'photo.jpg',
    mimeType: 'image/jpeg',
    sizeBytes: '99999999999',
  };
  for (const [language, message] of [
    ['en', /^A picture may have at most 40\sMB\.$/],
    ['fr', /^Une image peut peser au plus 40\sMo\.$/],
  ] as const) {
    const { data } = await world.graphql<{ createUpload: unknown }>(
      document,
      { input },
      ada.token,
      {
        'accept-language': language,
      },
    );
    expect(data.createUpload).toEqual({
      userErrors: [
        {
          __typename: 'QuotaError',
          message: expect.stringMatching(message),
          entitlement: 'IMAGE_BYTES',
          limit: '40000000',
          used: null,
        },
      ],
    });
  }
});

test('M12 hostile file names never reach the disk', async () => {
  for (const fileName of ['../../etc/x', 'x'.repeat(10_000), '\u202egpj.exe', 'CON', '.htaccess']) {
    expect((await declareUpload(ada, picture, { fileName })).userErrors).toEqual([]);
  }
  const names = await world.services.database.rows<{ name: string }>(
    statement('test.names', 'select file_name as name from media'),
  );
  for (const { name } of names) {
    expect(name.length).toBeLessThanOrEqual(255);
    for (const mark of ['/', '\\', '\0', '\u202e']) expect(name).not.toContain(mark);
  }
});

test('M13 ten uploads that race the quota never exceed it', async () => {
  await using tight = await startWorld({ ENTITLEMENT_STORAGE: String(picture.length * 4) });
  const cat = await tight.local('cat');
  const tickets = await Promise.all(Array.from({ length: 10 }, () => declareUpload(cat, picture)));
  expect(tickets.filter(({ ticket }) => ticket !== null)).toHaveLength(4);
  expect(tickets.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(
    Array(6).fill('QUOTA_EXCEEDED'),
  );
});

const ENTITLED = `mutation ($input: CreateUploadInput!) { createUpload(input: $input) {
  ticket { media { id } } userErrors { code path ... on QuotaError { entitlement limit used } } } }`;

test.each([
  ['uploads', 'ENTITLEMENT_OPEN_UPLOADS', 'OPEN_UPLOADS', null, (): number => 1],
  [
    'bytes',
    'ENTITLEMENT_OPEN_UPLOAD_SIZE',
    'OPEN_UPLOAD_BYTES',
    ['sizeBytes'],
    (): number => picture.length,
  ],
] as const)(
  'open %s of one owner are bounded, also when they race; what is finished, cancelled or expired is free again',
  async (_what, variable, entitlement, path, unit) => {
    await using tight = await startWorld({ [variable]: String(3 * unit()) });
    const cat = await tight.local('cat');
    const dan = await tight.local('dan');
    const begin = () => declareUpload(cat, picture);
    const tickets = (await Promise.all(Array.from({ length: 8 }, begin))).flatMap(
      ({ ticket }) => ticket ?? [],
    );
    expect(tickets).toHaveLength(3);
    const input = {
      purpose: 'POST',
      fileName: 'a.jpg',
      mimeType: 'image/jpeg',
      sizeBytes: String(picture.length),
    };
    const refused = await cat.graphql(ENTITLED, { input });
    const full = String(3 * unit());
    expect(refused.data).toEqual({
      createUpload: {
        ticket: null,
        userErrors: [{ code: 'QUOTA_EXCEEDED', path, entitlement, limit: full, used: full }],
      },
    });
    expect((await declareUpload(dan, picture)).ticket).not.toBeNull();

    expect((await sendBytes(tight, tickets[0]!, picture)).status).toBe(204);
    expect((await begin()).ticket).not.toBeNull();
    expect((await begin()).ticket).toBeNull();
    const { id } = tickets[1]!.media;
    await cat.graphql(
      'mutation ($id: ID!) { cancelUpload(input: { mediaId: $id }) { userErrors { code } } }',
      { id },
    );
    expect((await begin()).ticket).not.toBeNull();
    expect((await begin()).ticket).toBeNull();
    tight.clock.advance(tight.services.config.media.uploadTtlSeconds + 1);
    expect(
      (await Promise.all([begin(), begin(), begin(), begin()]))
        .map(({ ticket }) => !!ticket)
        .sort(),
    ).toEqual([false, true, true, true]);
  },
);

test('an idempotency key gives the same ticket', async () => {
  const first = await declareUpload(ada, picture, { idempotencyKey: 'one' });
  expect(await declareUpload(ada, picture, { idempotencyKey: 'one' })).toEqual(first);
  expect(
    (await declareUpload(ada, picture, { idempotencyKey: 'one', fileName: 'other.jpg' }))
      .userErrors[0]!.code,
  ).toBe('IDEMPOTENCY_KEY_REUSED');
});

describe('M15 addresses', () => {
  test('of private pictures need their signature; of public ones none; of deleted ones nothing helps', async () => {
    const id = await uploadPicture(world, ada, picture);
    const url = world.reach((await show(ada, id))!.url!);
    const bare = url.split('?')[0]!;
    expect((await fetch(url)).status).toBe(200);
    expect((await fetch(bare)).status).toBe(404);
    expect((await fetch(url.replace(/signature=..../, 'signature=AAAA'))).status).toBe(404);
    expect((await fetch(url.replace(/expires=\d+/, 'expires=9999999999'))).status).toBe(404);
    world.clock.advance(3_700);
    expect((await fetch(url)).status).toBe(404);
    await world.services.database.transaction((tx) =>
      attachMedia(tx, world.clock.now(), {
        mediaIds: [innerId(id)],
        ownerId: ada.actorId,
        purpose: 'POST',
        access: 'PUBLIC',
        pathOf: (index) => ['mediaIds', String(index)],
      }),
    );
    expect((await fetch(bare)).status).toBe(200);
    await world.services.database.transaction((tx) =>
      releaseMedia(tx, world.clock.now(), [innerId(id)]),
    );
    expect((await fetch(bare)).status).toBe(404);
    expect((await fetch(url)).status).toBe(404);
  });
});

test('M20 bytes of released pictures are gone from the storage', async () => {
  const id = await uploadPicture(world, ada, picture);
  const keys = async () => {
    const found: string[] = [];
    for await (const key of world.services.storage.list()) found.push(key);
    return found;
  };
  const before = await keys();
  const own = await world.services.database.rows<{ key: string }>(
    statement(
      'test.upload.keys',
      `select original_key as key from media where id = $1 union all select storage_key from renditions where media_id = $1`,
    ),
    [innerId(id)],
  );
  expect(before).toEqual(expect.arrayContaining(own.map(({ key }) => key)));
  await world.services.database.transaction((tx) =>
    releaseMedia(tx, world.clock.now(), [innerId(id)]),
  );
  await world.settle();
  const after = await keys();
  for (const { key } of own) expect(after).not.toContain(key);
});

test('M14 ranges: one is served, many are not, and what lies beyond the end is 416', async () => {
  const id = await uploadPicture(world, ada, picture);
  const url = world.reach((await show(ada, id))!.url!);
  const part = (range: string, headers: Record<string, string> = {}) =>
    fetch(url, { headers: { range, ...headers } });
  const ten = await part('bytes=10-19');
  expect([ten.status, (await ten.arrayBuffer()).byteLength]).toEqual([206, 10]);
  expect((await part('bytes=99999999-')).status).toBe(416);
  const many = await part(
    `bytes=${Array.from({ length: 1_000 }, (_, index) => `${index * 2}-${index * 2}`).join(',')}`,
  );
  expect(many.status).toBe(200);
  const stale = await part('bytes=0-1', { 'if-range': '"other"' });
  expect(stale.status).toBe(200);
  const fresh = await fetch(url);
  expect((await part('bytes=0-1', { 'if-range': fresh.headers.get('etag')! })).status).toBe(206);
  expect(await statusOf(url, { 'if-none-match': fresh.headers.get('etag')! })).toBe(304);
});

/** Without `fetch`, which adds `cache-control: no-cache` to conditional requests. */
function statusOf(url: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { headers }, (response) => resolve(response.resume().statusCode)).on('error', reject);
  });
}

test('the broom removes what ran out, and keeps what is in use', async () => {
  await using other = await startWorld();
  const dog = await other.local('dog');
  const { ticket } = await declareUpload(dog, picture);
  const kept = await uploadPicture(other, dog, picture);
  const loose = await uploadPicture(other, dog, picture);
  await other.services.database.transaction((tx) =>
    attachMedia(tx, other.clock.now(), {
      mediaIds: [innerId(kept)],
      ownerId: dog.actorId,
      purpose: 'POST',
      access: 'PRIVATE',
      pathOf: (index) => ['mediaIds', String(index)],
    }),
  );
  other.clock.advance(8 * 24 * 3600);
  const context = { ...other.services, jobId: 'test', attempt: 1 };
  await sweepMedia.run(context, {});
  await other.settle();
  await sweepMedia.run(context, {});
  const states = await other.services.database.rows<{ id: string; deleted: boolean }>(
    statement('test.deleted', 'select id, deleted_at is not null as deleted from media'),
  );
  const deleted = new Map(states.map((row) => [row.id, row.deleted]));
  expect([ticket!.media.id, kept, loose].map((id) => deleted.get(innerId(id)))).toEqual([
    true,
    false,
    true,
  ]);
  expect((await sendBytes(other, ticket!, picture)).status).toBe(410);
});

test('updateMedia changes only what is the viewer’s own', async () => {
  const id = await uploadPicture(world, ada, picture);
  const update = async (person: Person, input: Record<string, unknown>) =>
    (
      await person.graphql<{
        updateMedia: { media: unknown; userErrors: { code: string; path: string[] }[] };
      }>(
        `mutation ($input: UpdateMediaInput!) { updateMedia(input: $input) { media { altText ... on ImageMedia { focalX focalY } } userErrors { code path } } }`,
        { input: { mediaId: id, ...input } },
      )
    ).data.updateMedia;
  expect(await update(ada, { altText: 'a boat', focalX: 0.5 })).toEqual({
    media: { altText: 'a boat', focalX: 0.5, focalY: 0 },
    userErrors: [],
  });
  expect((await update(ada, { focalY: 1.5 })).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['focalY'] },
  ]);
  // Smaller than any number that is stored.
  expect(await update(ada, { focalX: 1e-320 })).toMatchObject({ media: { focalX: 0 } });
  expect((await update(await world.local('ben'), { altText: 'mine' })).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['mediaId'] },
  ]);
});
