// Upload and processing of a picture, seen live by its owner.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { connectSocket, subscribe, subscribed } from '../support/socket.js';
import { declareUpload, sendBytes } from '../support/upload.js';
import { startWorld, type World } from '../support/world.js';

const PROGRESS = `subscription ($id: ID!) {
  jobProgress(id: $id) { cursor subjectId state stage progressPercent media { id state } }
}`;

interface Progress {
  subjectId: string;
  state: string;
  stage: string | null;
  progressPercent: number;
  media: { id: string; state: string };
}

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

test('the owner of an upload sees it arrive, being processed, and ready', async () => {
  const ada = await world.local('ada');
  const picture = await sharp({
    create: { width: 400, height: 300, channels: 3, background: '#336699' },
  })
    .jpeg()
    .toBuffer();
  const { ticket } = await declareUpload(ada, picture);
  const { id } = ticket!.media;
  await using socket = await connectSocket(world.origin, ada.token);
  await subscribed(socket, 'progress', PROGRESS, { id });
  expect((await sendBytes(world, ticket!, picture)).status).toBe(204);
  await world.settle();
  const seen: Progress[] = [];
  while (seen.at(-1)?.state !== 'SUCCEEDED') seen.push(progressOf(await socket.next()));
  expect(seen).toContainEqual({
    cursor: expect.any(String),
    subjectId: id,
    state: 'RUNNING',
    stage: 'PROCESSING',
    progressPercent: 0,
    media: { id, state: expect.any(String) },
  });
  expect(seen.at(-1)).toEqual({
    cursor: expect.any(String),
    subjectId: id,
    state: 'SUCCEEDED',
    stage: null,
    progressPercent: 100,
    media: { id, state: 'READY' },
  });
});

test("somebody else's upload looks like none", async () => {
  const { ticket } = await declareUpload(await world.local('ada'), Buffer.alloc(1000));
  await using socket = await connectSocket(world.origin, (await world.local('ben')).token);
  const missing = 'media_00000000000000000000000000';
  for (const id of [ticket!.media.id, missing]) {
    subscribe(socket, id, PROGRESS, { id });
    expect(await socket.next()).toEqual({
      id,
      type: 'error',
      payload: [
        expect.objectContaining({
          message: 'Not found.',
          extensions: {
            code: 'BAD_USER_INPUT',
            reason: 'NOT_FOUND',
            path: ['id'],
            requestId: expect.any(String),
            docsUrl: 'https://a.example/graphql/errors#BAD_USER_INPUT',
          },
        }),
      ],
    });
  }
});

function progressOf({ payload }: { payload?: unknown }): Progress {
  return (payload as { data: { jobProgress: Progress } }).data.jobProgress;
}
