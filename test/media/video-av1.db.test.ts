// AV1 beside H.264, where the operator wants it.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openVideos } from '../../src/app/open-videos.js';
import { av1Codec, extendMaster, masterPlaylist } from '../../src/media/internal/video/playlist.js';
import type { VideoProcessor } from '../../src/media/internal/video/video-processor.js';
import { createAddAv1 } from '../../src/media/jobs/add-av1.job.js';
import { processVideo } from '../../src/media/jobs/process-video.job.js';
import type { MediaId } from '../../src/media/media.entity.js';
import { statement } from '../../src/platform/db/database.js';
import { newId, parseGlobalId } from '../../src/platform/ids.js';
import { enqueueAt } from '../../src/platform/jobs/enqueue.js';
import { clip } from '../support/clips.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { uploadVideo } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let film: Buffer;
let videos: VideoProcessor;

beforeAll(async () => {
  world = await startWorld({ VIDEO_AV1: 'true' });
  ada = await world.local('ada');
  film = await clip({ options: ['-b:v', '4M', '-minrate', '4M', '-bufsize', '4M'] });
  videos = openVideos(world.services);
});

afterAll(async () => {
  await videos[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

const VIDEO = `query ($id: ID!) { node(id: $id) { ... on VideoMedia { state isGrowing failureCode sizeBytes sources { url mimeType } } } }`;
const NAMES = statement('test.rendition_names', 'select name from renditions where media_id = $1');
const DROP = statement(
  'test.drop_av1',
  `delete from renditions where media_id = $1 and name like '%-av1'`,
);
const WAITING = statement(
  'test.waiting_av1',
  `select j.run_at as at from graphile_worker._private_jobs j join graphile_worker._private_tasks t on t.id = j.task_id
   where t.identifier = 'addAv1'`,
);

const PROGRESS = `subscription ($id: ID!) { jobProgress(id: $id) { state renditions { name } media { state } } }`;
const SHRINK = statement(
  'test.shrink_h264',
  `update renditions set size_bytes = 1 where media_id = $1 and name like 'video-%'`,
);

interface Progress {
  readonly state: string;
  readonly renditions: readonly { name: string }[];
}

interface Video {
  readonly state: string;
  readonly sources: readonly { url: string; mimeType: string }[];
}

const show = async (id: string): Promise<Video> =>
  (await ada.graphql<{ node: Video }>(VIDEO, { id })).data.node;

async function namesOf(id: string): Promise<string[]> {
  const rows = await world.services.database.rows<{ name: string }>(NAMES, [parseGlobalId(id)!.id]);
  return rows.map(({ name }) => name);
}

async function dropAv1(id: string): Promise<void> {
  await world.services.database.rows(DROP, [parseGlobalId(id)!.id]);
}

test('a video has both in one playlist, H.264 first, and its one file stays as it is', async () => {
  const id = await uploadVideo(world, ada, film);
  const { state, sources } = await show(id);
  expect(state).toBe('READY');
  const [hls, mp4] = sources;
  const master = await (await fetch(world.reach(hls!.url))).text();
  expect([...master.matchAll(/CODECS="(\w+)\./g)].map(([, codec]) => codec)).toEqual([
    'avc1',
    'av01',
  ]);
  expect(master).toMatch(
    /RESOLUTION=320x568,.*CODECS="av01\.0\.\d\dM\.08,mp4a\.40\.2",AUDIO="audio"/,
  );
  const playlistUrl = new URL(master.trimEnd().split('\n').at(-1)!, hls!.url).href;
  const playlist = await (await fetch(world.reach(playlistUrl))).text();
  const [, size, start] = /BYTERANGE:(\d+)@(\d+)/.exec(playlist)!;
  const file = new URL(/URI="([^"]+)"/.exec(playlist)![1]!, playlistUrl).href;
  const range = `bytes=${start}-${Number(start) + Number(size) - 1}`;
  const part = await fetch(world.reach(file), { headers: { range } });
  expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, Number(size)]);
  expect(av1Codec(Buffer.from(await (await fetch(world.reach(file))).arrayBuffer()))).toMatch(
    /^av01/,
  );
  const whole = Buffer.from(await (await fetch(world.reach(mp4!.url))).arrayBuffer());
  expect([whole.includes('avcC'), whole.includes('av1C')]).toEqual([true, false]);
});

test('it stands back while other videos wait, and is not made twice', async () => {
  const { database, clock } = world.services;
  const other = newId<'media'>(clock.now());
  const id = await uploadVideo(world, ada, film);
  const before = await namesOf(id);
  await dropAv1(id);
  const run = (): Promise<void> =>
    createAddAv1(videos).run(
      { ...world.services, jobId: '0', attempt: 1 },
      { mediaId: parseGlobalId(id)!.id as MediaId },
    );
  await database.transaction((tx) =>
    enqueueAt(tx, new Date('2100-01-01'), processVideo, { mediaId: other }),
  );
  await run();
  expect((await namesOf(id)).filter((name) => name.endsWith('-av1'))).toEqual([]);
  expect(await database.rows(WAITING, [])).toHaveLength(1);
  await database.rows(
    statement(
      'test.drop_jobs',
      `select graphile_worker.complete_jobs(array_agg(id)) from graphile_worker.jobs`,
    ),
    [],
  );
  await run();
  expect((await namesOf(id)).toSorted()).toEqual(before.toSorted());
  await run();
  expect((await show(id)).state).toBe('READY');
});

test('what is not smaller than in H.264 is left out, and progress is told to its end', async () => {
  const id = await uploadVideo(world, ada, film);
  await dropAv1(id);
  await world.services.database.rows(SHRINK, [parseGlobalId(id)!.id]);
  const before = await namesOf(id);
  await using socket = await connectSocket(world.origin, ada.token);
  await subscribed(socket, 'video', PROGRESS, { id });
  await createAddAv1(videos).run(
    { ...world.services, jobId: '0', attempt: 1 },
    { mediaId: parseGlobalId(id)!.id as MediaId },
  );
  expect((await namesOf(id)).toSorted()).toEqual(before.toSorted());
  let told: Progress;
  do {
    told = ((await socket.next()).payload as { data: { jobProgress: Progress } }).data.jobProgress;
    for (const { name } of told.renditions) expect(name).toMatch(/^video-\d+-av1$/);
  } while (told.state === 'RUNNING');
  expect(told).toMatchObject({ state: 'SUCCEEDED', media: { state: 'READY' } });
});

test('nothing of it is made unless it is wanted', async () => {
  const { config } = world.services;
  const context = { ...world.services, jobId: '0', attempt: 1 };
  const off = { ...config, video: { ...config.video, av1: false } };
  const never = { addAv1: () => Promise.reject(new Error('made')) } as unknown as VideoProcessor;
  const id = await uploadVideo(world, ada, film);
  await dropAv1(id);
  const mediaId = parseGlobalId(id)!.id as MediaId;
  await createAddAv1(never).run({ ...context, config: off }, { mediaId });
  await expect(createAddAv1(never).run(context, { mediaId })).rejects.toThrow('made');
});

test('what not all players can play stands after all that they can', () => {
  const usual = { width: 100, frameRate: 30, peakBitRate: 1, averageBitRate: 1, soundBitRate: 0 };
  const variant = (fileName: string, height: number, codec: string) => ({
    ...usual,
    fileName,
    height,
    codec,
  });
  const avc = [1080, 720, 480].map((height) =>
    variant(`hls-${height}.m3u8`, height, 'avc1.64001f'),
  );
  const av1 = [1080, 720].map((height) =>
    variant(`hls-${height}-av1.m3u8`, height, 'av01.0.04M.08'),
  );
  const master = extendMaster(masterPlaylist(avc, null), av1);
  expect(master.match(/^hls.*$/gm)).toEqual([
    'hls-720.m3u8',
    'hls-1080.m3u8',
    'hls-480.m3u8',
    'hls-1080-av1.m3u8',
    'hls-720-av1.m3u8',
  ]);
});

test.each([
  ['8104 0c00', 'av01.0.04M.08'],
  ['810d 4c00', 'av01.0.13M.10'],
  ['8110 8c00', 'av01.0.16H.08'],
])('the name of the codec is that of its description: %s', (hex, name) => {
  const box = Buffer.concat([Buffer.from('xxxxav1C'), Buffer.from(hex.replace(' ', ''), 'hex')]);
  expect(av1Codec(box)).toBe(name);
  expect(av1Codec(Buffer.from('av1C'))).toBeNull();
});
