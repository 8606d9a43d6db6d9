// What the owner of an upload hears of it: of short parts, too, and that it was given up.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectSocket, subscribed, type TestSocket } from '../support/socket.js';
import { declareUpload, type Ticket } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
});

afterAll(() => world[Symbol.asyncDispose]());

const PROGRESS = `subscription ($id: ID!) { jobProgress(id: $id) { state stage progressPercent media { id } } }`;
const CANCEL = `mutation ($id: ID!) { cancelUpload(input: { mediaId: $id }) { cancelledMediaId } }`;
const PART_BYTES = 1000;

async function listening(ticket: Ticket): Promise<TestSocket> {
  const socket = await connectSocket(world.origin, ada.token);
  await subscribed(socket, 'upload', PROGRESS, { id: ticket.media.id });
  return socket;
}

function progressOf({ payload }: { payload?: unknown }): Record<string, unknown> {
  return (payload as { data: { jobProgress: Record<string, unknown> } }).data.jobProgress;
}

async function sendPart(ticket: Ticket, bytes: Buffer, offset: number): Promise<void> {
  const answer = await fetch(world.reach(ticket.uploadUrl), {
    method: 'PATCH',
    headers: {
      'tus-resumable': '1.0.0',
      'content-type': 'application/offset+octet-stream',
      'upload-offset': String(offset),
    },
    body: new Uint8Array(bytes.subarray(offset, offset + PART_BYTES)),
  });
  expect(answer.status).toBe(204);
}

test('an upload in parts that take no time is told of all the same', async () => {
  const film = randomBytes(2000 * PART_BYTES);
  const declared = { fileName: 'a.mp4', mimeType: 'video/mp4', preferredProtocol: 'TUS' };
  const { ticket } = await declareUpload(ada, film, declared);
  await using socket = await listening(ticket!);
  for (let offset = 0; socket.waiting() === 0 && offset < film.length; offset += PART_BYTES)
    await sendPart(ticket!, film, offset);
  expect(socket.waiting()).toBeGreaterThan(0);
  expect(progressOf(await socket.next())).toMatchObject({ state: 'RUNNING', stage: 'UPLOAD' });
  const cancelled = await ada.graphql(CANCEL, { id: ticket!.media.id });
  expect(cancelled.errors).toBeUndefined();
});

test('an upload that is given up ends in a state of its own', async () => {
  const { ticket } = await declareUpload(ada, randomBytes(100));
  await using socket = await listening(ticket!);
  await ada.graphql(CANCEL, { id: ticket!.media.id });
  expect(progressOf(await socket.next())).toEqual({
    state: 'CANCELLED',
    stage: null,
    progressPercent: 0,
    media: null,
  });
});
