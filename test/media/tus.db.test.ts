// Resumable uploads as clients do them: tus-js-client for the straight ways, bare requests and sockets for the crooked.
import { createHash, randomBytes } from 'node:crypto';
import { connect } from 'node:net';
import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { Upload } from 'tus-js-client';
import { attachMedia } from '../../src/media/attach-media.js';
import type { MediaId } from '../../src/media/media.entity.js';
import { mediaTopic } from '../../src/media/media.events.js';
import { digestTicket } from '../../src/media/ticket.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { declareUpload, type Ticket } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
/** A real photograph's size, so that it takes many parts. */
let picture: Buffer;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
  picture = await sharp(randomBytes(700 * 500 * 3), {
    raw: { width: 700, height: 500, channels: 3 },
  })
    .jpeg({ quality: 95 })
    .toBuffer();
});

afterAll(() => world[Symbol.asyncDispose]());

async function declare(input: Record<string, unknown> = {}): Promise<Ticket> {
  const { ticket } = await declareUpload(ada, picture, { preferredProtocol: 'TUS', ...input });
  if (!ticket) throw new Error('no ticket');
  return ticket;
}

function innerId(ticket: Ticket): MediaId {
  return parseGlobalId(ticket.media.id)!.id as MediaId;
}

async function row(ticket: Ticket): Promise<{ state: string; sha256: string | null }> {
  const found = await world.services.database.row<{ state: string; sha256: string | null }>(
    statement(
      'test.media',
      `select state, encode(sha256, 'hex') as sha256 from media where id = $1`,
    ),
    [innerId(ticket)],
  );
  return found!;
}

function send(
  ticket: Ticket,
  method: string,
  headers: Record<string, string> = {},
  body?: Buffer,
): Promise<Response> {
  return fetch(world.reach(ticket.uploadUrl), {
    method,
    headers: { 'tus-resumable': '1.0.0', ...headers },
    ...(body && { body: new Uint8Array(body) }),
  });
}

function patch(ticket: Ticket, offset: number, bytes: Buffer): Promise<Response> {
  const headers = {
    'upload-offset': String(offset),
    'content-type': 'application/offset+octet-stream',
  };
  return send(ticket, 'PATCH', headers, bytes);
}

async function offsetOf(ticket: Ticket): Promise<number> {
  const answer = await send(ticket, 'HEAD');
  expect([answer.status, answer.headers.get('upload-length')]).toEqual([
    200,
    String(picture.length),
  ]);
  return Number(answer.headers.get('upload-offset'));
}

/** Sends by the library; resolves with the sizes of the offsets it told on its way. */
function sendByClient(options: { uploadUrl?: string; endpoint?: string }): Promise<number[]> {
  return new Promise((resolve, reject) => {
    const offsets: number[] = [];
    new Upload(picture, {
      ...options,
      chunkSize: 100_000,
      retryDelays: null,
      onChunkComplete: (_size, accepted) => offsets.push(accepted),
      onError: reject,
      onSuccess: () => resolve(offsets),
    }).start();
  });
}

const digest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

async function expectReady(ticket: Ticket): Promise<void> {
  await world.settle();
  expect(await row(ticket)).toEqual({ state: 'READY', sha256: digest(picture) });
}

describe('a tus client', () => {
  test('sends a picture in parts to the address of its ticket', async () => {
    const ticket = await declare();
    expect(ticket).toMatchObject({
      protocol: 'TUS',
      method: 'PATCH',
      headers: [{ name: 'Tus-Resumable', value: '1.0.0' }],
    });
    const offsets = await sendByClient({ uploadUrl: world.reach(ticket.uploadUrl) });
    expect(offsets).toHaveLength(Math.ceil(picture.length / 100_000));
    expect(offsets.at(-1)).toBe(picture.length);
    await expectReady(ticket);
  });

  test('may create the upload at that address, and is told the same address', async () => {
    const ticket = await declare();
    const created = await send(ticket, 'POST', { 'upload-length': String(picture.length) });
    expect([created.status, created.headers.get('location')]).toEqual([201, ticket.uploadUrl]);
    expect((await patch(ticket, 0, picture)).status).toBe(204);
    await expectReady(ticket);
  });

  test('pauses for as long as the ticket lives, and goes on where it stopped', async () => {
    const ticket = await declare();
    expect(await offsetOf(ticket)).toBe(0);
    const answer = await patch(ticket, 0, picture.subarray(0, 123_456));
    expect([answer.status, answer.headers.get('upload-offset')]).toEqual([204, '123456']);
    expect(new Date(answer.headers.get('upload-expires')!).getTime()).toBeGreaterThan(Date.now());
    expect(await offsetOf(ticket)).toBe(123_456);
    const offsets = await sendByClient({ uploadUrl: world.reach(ticket.uploadUrl) });
    expect(offsets).toHaveLength(Math.ceil((picture.length - 123_456) / 100_000));
    await expectReady(ticket);
  });
});

describe('M13 a resumable upload', () => {
  test('that is cut at half of its bytes goes on from there', async () => {
    const ticket = await declare();
    const half = Math.floor(picture.length / 2);
    const url = new URL(world.reach(ticket.uploadUrl));
    const socket = connect(Number(url.port), url.hostname);
    socket.write(
      `PATCH ${url.pathname} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n` +
        `Content-Type: application/offset+octet-stream\r\nContent-Length: ${picture.length}\r\n\r\n`,
    );
    socket.write(picture.subarray(0, half));
    while ((await sizeOnDisk(ticket)) < half) await delay(5);
    socket.destroy();
    expect(await offsetOf(ticket)).toBe(half);
    expect((await patch(ticket, half, picture.subarray(half))).status).toBe(204);
    await expectReady(ticket);
  });

  test('is taken over from a connection that hangs', async () => {
    const ticket = await declare();
    const url = new URL(world.reach(ticket.uploadUrl));
    const socket = connect(Number(url.port), url.hostname);
    socket.on('error', () => undefined);
    socket.write(
      `PATCH ${url.pathname} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n` +
        `Content-Type: application/offset+octet-stream\r\nContent-Length: ${picture.length}\r\n\r\n`,
    );
    socket.write(picture.subarray(0, 1_000));
    while ((await sizeOnDisk(ticket)) < 1_000) await delay(5);
    expect(await offsetOf(ticket)).toBe(1_000);
    expect((await patch(ticket, 1_000, picture.subarray(1_000))).status).toBe(204);
    socket.destroy();
    await expectReady(ticket);
  });

  test('that lies about offset, length or checksum is refused and can be set right', async () => {
    const ticket = await declare();
    expect((await send(ticket, 'POST', { 'upload-length': '1' })).status).toBe(400);
    expect((await patch(ticket, 5, picture)).status).toBe(409);
    expect((await patch(ticket, 0, Buffer.concat([picture, Buffer.from('x')]))).status).toBe(413);
    expect(
      (await send(ticket, 'PATCH', { 'upload-offset': '0', 'content-type': 'image/jpeg' }, picture))
        .status,
    ).toBe(400);
    const changed = Buffer.from(picture);
    changed[9_999] = changed[9_999]! ^ 1;
    const refused = await patch(ticket, 0, changed);
    expect([refused.status, await refused.json()]).toEqual([
      460,
      { errors: [expect.objectContaining({ message: expect.stringMatching(/offset 0/) })] },
    ]);
    expect(await offsetOf(ticket)).toBe(0);
    expect((await patch(ticket, 0, picture)).status).toBe(204);
    await expectReady(ticket);
  });

  test('whose chunked body is longer than declared is stopped at what was declared', async () => {
    const ticket = await declare();
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
    });
    await fetch(world.reach(ticket.uploadUrl), {
      method: 'PATCH',
      headers: {
        'tus-resumable': '1.0.0',
        'upload-offset': '0',
        'content-type': 'application/offset+octet-stream',
      },
      body: endless,
      duplex: 'half',
    } as RequestInit).catch(() => null);
    expect(await sizeOnDisk(ticket)).toBeLessThanOrEqual(picture.length);
    expect((await row(ticket)).state).toBe('AWAITING_UPLOAD');
  });

  test('whose last answer was lost is complete when asked, and takes nothing more', async () => {
    const ticket = await declare();
    expect((await patch(ticket, 0, picture)).status).toBe(204);
    expect(await offsetOf(ticket)).toBe(picture.length);
    expect((await patch(ticket, 0, picture)).status).toBe(409);
    expect(await sendByClient({ uploadUrl: world.reach(ticket.uploadUrl) })).toEqual([]);
    await expectReady(ticket);
  });

  test('with all bytes on disk but no transaction, as after a crash, is finished when asked', async () => {
    const ticket = await declare();
    await send(ticket, 'HEAD');
    await writeFile(fileOf(ticket), picture);
    expect((await row(ticket)).state).toBe('AWAITING_UPLOAD');
    const offsets = await Promise.all(Array.from({ length: 30 }, () => offsetOf(ticket)));
    expect(offsets).toEqual(Array(30).fill(picture.length));
    await expectReady(ticket);
    expect(await readdir(path.dirname(fileOf(ticket)))).not.toContain(
      path.basename(fileOf(ticket)),
    );
  });
});

test('a ticket is good for its protocol, its methods and its time', async () => {
  const ticket = await declare();
  const unknown = { ...ticket, uploadUrl: ticket.uploadUrl.slice(0, -1) };
  expect((await send(unknown, 'HEAD')).status).toBe(404);
  expect((await send(unknown, 'PATCH', { 'upload-offset': '0' }, picture)).status).toBe(404);
  const put = await declareUpload(ada, picture);
  const crossed = {
    ...put.ticket!,
    uploadUrl: put.ticket!.uploadUrl.replace('/uploads/', '/uploads/tus/'),
  };
  expect((await send(crossed, 'HEAD')).status).toBe(404);
  const asPut = await fetch(world.reach(ticket.uploadUrl.replace('/uploads/tus/', '/uploads/')), {
    method: 'PUT',
    body: 'x',
  });
  expect(asPut.status).toBe(404);
  expect((await send(ticket, 'GET')).status).toBe(405);
  expect((await fetch(world.reach(ticket.uploadUrl), { method: 'HEAD' })).status).toBe(412);
  world.clock.advance(25 * 3600);
  expect((await send(ticket, 'HEAD')).status).toBe(410);
  expect((await patch(ticket, 0, picture)).status).toBe(410);
});

test('progress of an upload is told to its live topic', async () => {
  const ticket = await declare();
  const half = Math.floor(picture.length / 2);
  const url = new URL(world.reach(ticket.uploadUrl));
  const socket = connect(Number(url.port), url.hostname);
  socket.write(
    `PATCH ${url.pathname} HTTP/1.1\r\nHost: x\r\nTus-Resumable: 1.0.0\r\nUpload-Offset: 0\r\n` +
      `Content-Type: application/offset+octet-stream\r\nContent-Length: ${picture.length}\r\n\r\n`,
  );
  socket.write(picture.subarray(0, half));
  const events = () =>
    world.services.database.rows<{ name: string; payload: Record<string, unknown> }>(
      statement(
        'test.tus.events',
        'select name, payload from events where topics @> array[$1] order by seq',
      ),
      [mediaTopic(innerId(ticket))],
    );
  while ((await events()).length === 0) await delay(20);
  expect(await events()).toEqual([
    {
      name: 'mediaProgressed',
      payload: {
        mediaId: innerId(ticket),
        stage: 'UPLOAD',
        percent: Math.floor((half / picture.length) * 100),
      },
    },
  ]);
  socket.write(picture.subarray(half));
  while ((await row(ticket)).state === 'AWAITING_UPLOAD') await delay(5);
  socket.destroy();
  await expectReady(ticket);
  const names = (await events()).map(({ name }) => name);
  expect(names.filter((name) => name !== 'mediaProgressed')).toEqual([
    'uploadReceived',
    'mediaReady',
  ]);
});

describe('cancelUpload', () => {
  const CANCEL = `mutation ($id: ID!) { cancelUpload(input: { mediaId: $id }) { cancelledMediaId userErrors { code path } } }`;

  async function cancel(person: Person, ticket: Ticket) {
    const { data } = await person.graphql<{ cancelUpload: unknown }>(CANCEL, {
      id: ticket.media.id,
    });
    return data.cancelUpload;
  }

  test('ends the ticket, removes the bytes and frees the quota', async () => {
    const ticket = await declare();
    await patch(ticket, 0, picture.subarray(0, 1_000));
    expect(await cancel(await world.local('ben'), ticket)).toEqual({
      cancelledMediaId: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['mediaId'] }],
    });
    expect(await cancel(ada, ticket)).toEqual({
      cancelledMediaId: ticket.media.id,
      userErrors: [],
    });
    expect((await patch(ticket, 1_000, picture.subarray(1_000))).status).toBe(410);
    await world.settle();
    expect(await readdir(path.dirname(fileOf(ticket)))).not.toContain(
      path.basename(fileOf(ticket)),
    );
    expect(await cancel(ada, ticket)).toMatchObject({ userErrors: [{ code: 'NOT_FOUND' }] });
  });

  test('is what a tus client does that terminates', async () => {
    const ticket = await declare();
    await patch(ticket, 0, picture.subarray(0, 1_000));
    expect((await send(ticket, 'DELETE')).status).toBe(204);
    expect((await send(ticket, 'HEAD')).status).toBe(410);
    expect((await send(ticket, 'DELETE')).status).toBe(410);
    const open = await world.services.database.row<{ state: string }>(
      statement('test.upload', 'select state from uploads where media_id = $1'),
      [innerId(ticket)],
    );
    expect(open).toEqual({ state: 'CANCELLED' });
  });

  test('drops a picture that nothing uses, and none that is in use', async () => {
    const loose = await declare();
    await patch(loose, 0, picture);
    const used = await declare();
    await patch(used, 0, picture);
    await world.settle();
    await world.services.database.transaction((tx) =>
      attachMedia(tx, world.clock.now(), {
        mediaIds: [innerId(used)],
        ownerId: ada.actorId,
        purpose: 'POST',
        access: 'PRIVATE',
        pathOf: (index) => ['mediaIds', String(index)],
      }),
    );
    expect(await cancel(ada, loose)).toMatchObject({ userErrors: [] });
    expect(await cancel(ada, used)).toEqual({
      cancelledMediaId: null,
      userErrors: [{ code: 'CONFLICT', path: ['mediaId'] }],
    });
    expect((await row(used)).state).toBe('READY');
  });
});

function fileOf(ticket: Ticket): string {
  const token = ticket.uploadUrl.split('/').at(-1)!;
  return path.join(
    world.services.config.dataDirectory,
    'uploads',
    'tus',
    digestTicket(token).toString('hex'),
  );
}

async function sizeOnDisk(ticket: Ticket): Promise<number> {
  return (await stat(fileOf(ticket)).catch(() => ({ size: 0 }))).size;
}
