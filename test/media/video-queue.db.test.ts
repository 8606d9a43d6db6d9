// What the owner of a video sees while it waits and while it is made.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { placeOfVideo } from '../../src/media/internal/video-queue.js';
import { processVideo } from '../../src/media/jobs/process-video.job.js';
import type { MediaId } from '../../src/media/media.entity.js';
import { newId, parseGlobalId } from '../../src/platform/ids.js';
import { enqueueAt } from '../../src/platform/jobs/enqueue.js';
import { clip } from '../support/clips.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { declareUpload, sendBytes } from '../support/upload.js';
import { startWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

test('the owner of a video sees its place in the queue, and how far each quality is', async () => {
  const ada = await world.local('ada');
  const film = await clip({ width: 720, height: 1280, seconds: 6, options: ['-b:v', '9M'] });
  const declared = { fileName: 'a.mp4', mimeType: 'video/mp4' };
  const { ticket } = await declareUpload(ada, film, declared);
  const { id } = ticket!.media;
  const mediaId = parseGlobalId(id)!.id as MediaId;
  const { database, clock } = world.services;
  const others = [newId<'media'>(clock.now()), newId<'media'>(clock.now())];
  // Far in the future: nobody begins them while this test looks.
  const later = new Date('2100-01-01');
  await database.transaction(async (tx) => {
    for (const other of others) await enqueueAt(tx, later, processVideo, { mediaId: other });
  });
  expect(await Promise.all(others.map((other) => placeOfVideo(database, other)))).toEqual([1, 2]);
  expect(await placeOfVideo(database, mediaId)).toBeNull();

  await using socket = await connectSocket(world.origin, ada.token);
  await subscribed(socket, 'film', FILM, { id });
  // One that waits while another one is begun.
  await database.transaction((tx) => enqueueAt(tx, later, processVideo, { mediaId }));
  expect((await sendBytes(world, ticket!, film)).status).toBe(204);
  await world.settle();
  const seen: Record<string, unknown>[] = [];
  while (seen.at(-1)?.['state'] !== 'SUCCEEDED') seen.push(progressOf(await socket.next()));
  const queued = seen.filter(({ state }) => state === 'QUEUED');
  expect(queued[0]).toMatchObject({ queuePosition: expect.any(Number), renditions: [] });
  const [running] = seen.filter(({ renditions }) => (renditions as unknown[]).length > 0);
  expect(running).toMatchObject({ state: 'RUNNING', queuePosition: null });
  expect(running!['renditions']).toContainEqual({
    name: 'video-720',
    percent: expect.any(Number),
  });
});

const FILM = `subscription ($id: ID!) {
  jobProgress(id: $id) { state progressPercent queuePosition renditions { name percent } }
}`;

function progressOf({ payload }: { payload?: unknown }): Record<string, unknown> {
  return (payload as { data: { jobProgress: Record<string, unknown> } }).data.jobProgress;
}
