// Duets, stitches and taken sounds through the public API, rendered by a real ffmpeg.
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { createRenderRemix } from '../../src/sounds/jobs/render-remix.job.js';
import { notificationsOf } from '../support/notifications.js';
import { block, follow, innerId, type Answered } from '../support/posts.js';
import { film, publishMade, publishVideo, readyClip, writeTune } from '../support/sounds.js';
import { sendVideo } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

const run = promisify(execFile);

let world: World;
let ada: Person;
let ben: Person;
let eva: Person;
let mallory: Person;
let directory: string;
let loud: string;
let quiet: string;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben, eva, mallory] = [
    await world.local('ada'),
    await world.local('ben'),
    await world.local('eva'),
    await world.local('mallory'),
  ];
  await follow(world, ben, ada);
  await block(world, ada, mallory);
  directory = await mkdtemp(path.join(tmpdir(), 'remixes-'));
  const tune = path.join(directory, 'tune.wav');
  await writeTune(tune, 5, 4);
  loud = await film(directory, 'loud', tune);
  quiet = await film(directory, 'quiet', null);
});

afterAll(async () => {
  await rm(directory, { recursive: true });
  await world[Symbol.asyncDispose]();
});

async function copy(file: string): Promise<string> {
  const copied = path.join(directory, 'copy.mp4');
  await copyFile(file, copied);
  return copied;
}

const original = async (who: Person, common: object = {}) =>
  publishVideo(world, who, await copy(loud), { ...common });
const clip = async (who: Person, file = quiet) => readyClip(world, who, await copy(file));

const REMIX = `mutation ($input: RemixVideoInput!) { remixVideo(input: $input) {
  media { id state } userErrors { code path ... on ValidationError { limit } } } }`;
const POLICIES = `mutation ($input: UpdatePostInput!) { updatePost(input: $input) {
  post { ... on VideoPost { remixPolicies { duet stitch sound } viewerRemixKinds } } userErrors { code path } } }`;
const VIDEO = `query ($id: ID!) { node(id: $id) { ... on VideoPost { remixKind remixOf { id } soundSource sound { id origin { id } }
  viewerRemixKinds remixes(first: 10) { nodes { id } } duets: remixes(first: 10, kind: DUET) { nodes { id } } } } }`;

async function remix(who: Person, clipId: string, choice: object) {
  const answer = await who.graphql<{
    remixVideo: Answered<{ media: { id: string; state: string } | null }>;
  }>(REMIX, { input: { clipId, remix: choice } });
  expect(answer.errors).toBeUndefined();
  return answer.data.remixVideo;
}

const refusal = async (who: Person, choice: object) =>
  (await remix(who, await clip(who), choice)).userErrors[0];

async function see(who: Person | null, id: string) {
  const answer = await (who ?? world).graphql<{ node: Record<string, never> | null }>(VIDEO, {
    id,
  });
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function change(who: Person, name: string, type: string, input: object): Promise<void> {
  const document = `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code } } }`;
  const answer = await who.graphql<Record<string, Answered<object>>>(document, { input });
  expect(answer.data[name]!.userErrors).toEqual([]);
}

const MADE = statement(
  'test.made',
  'select state, failure, failure_code as code, original_key as key, stored_bytes as bytes from media where id = $1',
);

/** The state of what was made, and what its file is like. */
async function made(mediaId: string) {
  const row = await world.services.database.row<{
    state: string;
    failure: string | null;
    code: string | null;
    key: string | null;
    bytes: string;
  }>(MADE, [innerId(mediaId)]);
  return row!;
}

async function shapeOf(mediaId: string) {
  const file = path.join(directory, 'made.mp4');
  await rm(file, { force: true });
  await world.services.storage.fetchToFile((await made(mediaId)).key!, file);
  const shown = ['-show_entries', 'stream=codec_type,width,height:format=duration', '-of', 'json'];
  const { stdout } = await run('ffprobe', ['-v', 'error', ...shown, file]);
  const { streams, format } = JSON.parse(stdout) as {
    streams: { codec_type: string; width: number; height: number }[];
    format: { duration: string };
  };
  const picture = streams.find(({ codec_type: type }) => type === 'video')!;
  return {
    size: [picture.width, picture.height],
    seconds: Math.round(Number(format.duration)),
    hasSound: streams.some(({ codec_type: type }) => type === 'audio'),
  };
}

const RUNG = statement(
  'test.rung',
  `select storage_key as key from renditions where media_id = $1 and name = 'video-720'`,
);

/** What the pictures of an object are, as they are packed. */
async function packetsOf(key: string): Promise<string> {
  const file = path.join(directory, 'packets.mp4');
  await rm(file, { force: true });
  await world.services.storage.fetchToFile(key, file);
  const copied = ['-map', '0:v:0', '-c', 'copy', '-f', 'streamhash', '-'];
  return (await run('ffmpeg', ['-v', 'error', '-i', file, ...copied])).stdout;
}

async function peakOf(mediaId: string): Promise<number> {
  const file = path.join(directory, 'made.mp4');
  await rm(file, { force: true });
  await world.services.storage.fetchToFile((await made(mediaId)).key!, file);
  const { stderr } = await run('ffmpeg', ['-i', file, '-af', 'volumedetect', '-f', 'null', '-']);
  return Number(/max_volume: (-?[\d.]+) dB/.exec(stderr)?.[1]);
}

test('a duet shows both, is attributed, and told', async () => {
  const postId = await original(ada);
  const { media } = await remix(ben, await clip(ben), { duet: { postId } });
  expect(media!.state).toBe('PROCESSING');
  await world.settle();
  expect(await shapeOf(media!.id)).toEqual({ size: [1080, 960], seconds: 3, hasSound: true });
  const duet = await publishMade(world, ben, media!.id);
  const seen = await see(null, duet);
  expect(seen).toMatchObject({
    remixKind: 'DUET',
    remixOf: { id: postId },
    soundSource: 'REUSED',
    sound: { origin: { id: postId } },
  });
  expect(await see(null, postId)).toMatchObject({
    remixKind: null,
    remixOf: null,
    remixes: { nodes: [{ id: duet }] },
    duets: { nodes: [{ id: duet }] },
  });
  const note = await fetch(
    world.reach(`${world.services.config.publicUrl.origin}/posts/${innerId(duet)}`),
    {
      headers: { accept: 'application/activity+json' },
    },
  );
  expect(((await note.json()) as { tag: object[] }).tag).toContainEqual({
    type: 'Link',
    mediaType: 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
    href: `${world.services.config.publicUrl.origin}/posts/${innerId(postId)}`,
    name: `Duet with @ada@${world.services.config.publicUrl.host}`,
  });
  const { nodes } = await notificationsOf(ada);
  expect(nodes.filter(({ kind }) => kind === 'REMIX')).toHaveLength(1);
});

test('a duet stands as wanted', async () => {
  const duet = { postId: await original(ada), layout: 'TOP_AND_BOTTOM', originalVolume: 0 };
  const { media } = await remix(ben, await clip(ben), { duet });
  await world.settle();
  expect(await shapeOf(media!.id)).toMatchObject({ size: [720, 1280] });
  expect(await peakOf(media!.id)).toBeLessThan(-80);
  const rung = await world.services.database.row<{ key: string }>(RUNG, [innerId(media!.id)]);
  expect(await packetsOf(rung!.key)).toBe(await packetsOf((await made(media!.id)).key!));
});

test('a post whose video is swapped for a remix is one, and is none of what it does not show any more', async () => {
  const [one, other] = [await original(ada), await original(ada)];
  const postId = await publishVideo(world, ben, await copy(loud), {});
  const [{ media: first }, { media: second }] = [
    await remix(ben, await clip(ben), { duet: { postId: one } }),
    await remix(ben, await clip(ben), { duet: { postId: other } }),
  ];
  await world.settle();
  for (const [media, shown, hidden] of [
    [first, one, other],
    [second, other, one],
  ] as const) {
    await change(ben, 'updatePost', 'UpdatePostInput', { postId, mediaIds: [media!.id] });
    await world.settle();
    expect(await see(null, postId)).toMatchObject({
      remixKind: 'DUET',
      remixOf: { id: shown },
      soundSource: 'REUSED',
      sound: { origin: { id: shown } },
    });
    expect(await see(null, shown)).toMatchObject({ remixes: { nodes: [{ id: postId }] } });
    expect(await see(null, hidden)).toMatchObject({ remixes: { nodes: [] } });
  }
});

test('a post that shows no remix any more has the sound of what it shows', async () => {
  const one = await original(ada);
  const { media } = await remix(ben, await clip(ben), { duet: { postId: one } });
  await world.settle();
  const postId = await publishMade(world, ben, media!.id);
  expect(await see(null, postId)).toMatchObject({
    soundSource: 'REUSED',
    sound: { origin: { id: one } },
  });
  const swap = async (mediaId: string): Promise<void> => {
    await change(ben, 'updatePost', 'UpdatePostInput', { postId, mediaIds: [mediaId] });
    await world.settle();
  };
  const other = path.join(directory, 'other.wav');
  await writeTune(other, 77, 6);
  await swap(await clip(ben, await film(directory, 'other', other)));
  expect(await see(null, postId)).toMatchObject({
    remixKind: null,
    soundSource: 'OWN',
    sound: { origin: { id: postId } },
  });
  await swap(await clip(ben));
  expect(await see(null, postId)).toMatchObject({
    remixKind: null,
    soundSource: null,
    sound: null,
  });
});

test('a stitch begins with the first seconds of the other one', async () => {
  const postId = await original(ada);
  const { media } = await remix(ben, await clip(ben), { stitch: { postId, seconds: 2 } });
  await world.settle();
  expect(await shapeOf(media!.id)).toEqual({ size: [64, 96], seconds: 5, hasSound: true });
  const stitch = await publishMade(world, ben, media!.id);
  expect(await see(null, stitch)).toMatchObject({ remixKind: 'STITCH', remixOf: { id: postId } });
  expect(await see(null, postId)).toMatchObject({
    remixes: { nodes: [{ id: stitch }] },
    duets: { nodes: [] },
  });
});

test('a sound takes the place of what is heard in a clip', async () => {
  const postId = await original(ada);
  const soundId = (await see(ben, postId))!['sound']!['id'];
  const { media } = await remix(ben, await clip(ben), { sound: { soundId } });
  await world.settle();
  expect(await shapeOf(media!.id)).toEqual({ size: [64, 96], seconds: 3, hasSound: true });
  expect(await peakOf(media!.id)).toBeGreaterThan(-40);
  const used = await publishMade(world, ben, media!.id);
  expect(await see(null, used)).toMatchObject({
    remixKind: 'SOUND',
    soundSource: 'REUSED',
    sound: { id: soundId, origin: { id: postId } },
  });
});

test('the author decides who may, for each video and in general', async () => {
  const postId = await original(ada);
  const answer = await ada.graphql(POLICIES, {
    input: { postId, video: { remixPolicies: { duet: 'FOLLOWERS', stitch: 'NOBODY' } } },
  });
  expect(answer.data['updatePost']).toEqual({
    post: {
      remixPolicies: { duet: 'FOLLOWERS', stitch: 'NOBODY', sound: 'EVERYONE' },
      viewerRemixKinds: ['DUET', 'STITCH', 'SOUND'],
    },
    userErrors: [],
  });
  expect(await see(ben, postId)).toMatchObject({ viewerRemixKinds: ['DUET', 'SOUND'] });
  expect(await see(eva, postId)).toMatchObject({ viewerRemixKinds: ['SOUND'] });
  expect(await see(null, postId)).toMatchObject({ viewerRemixKinds: [] });
  const path = ['remix', 'stitch', 'postId'];
  expect(await refusal(ben, { stitch: { postId } })).toMatchObject({ code: 'FORBIDDEN', path });
  expect(await refusal(eva, { duet: { postId } })).toMatchObject({ code: 'FORBIDDEN' });
  expect((await remix(ben, await clip(ben), { duet: { postId } })).userErrors).toEqual([]);
  await change(ada, 'updateSettings', 'UpdateSettingsInput', { defaultSoundPolicy: 'NOBODY' });
  expect(await see(eva, postId)).toMatchObject({ viewerRemixKinds: [] });
  await change(ada, 'updateSettings', 'UpdateSettingsInput', { defaultSoundPolicy: null });
});

test('what not everybody may see is used by nobody, and what one may not see is not there', async () => {
  const close = await original(ada, { visibility: 'FOLLOWERS' });
  expect(await refusal(ben, { duet: { postId: close } })).toMatchObject({ code: 'FORBIDDEN' });
  const soundId = (await see(ben, close))!['sound']!['id'];
  expect(await refusal(ben, { sound: { soundId } })).toMatchObject({ code: 'FORBIDDEN' });
  expect(await refusal(eva, { duet: { postId: close } })).toMatchObject({ code: 'NOT_FOUND' });
  expect(await refusal(eva, { sound: { soundId } })).toMatchObject({ code: 'NOT_FOUND' });
  const open = await original(ada);
  expect(await refusal(mallory, { duet: { postId: open } })).toMatchObject({ code: 'NOT_FOUND' });
});

test('limits are named', async () => {
  const postId = await original(ada);
  expect(await refusal(ben, { stitch: { postId, seconds: 6 } })).toEqual({
    code: 'INVALID_INPUT',
    path: ['remix', 'stitch', 'seconds'],
    limit: '1..5',
  });
  expect(await refusal(ben, { duet: { postId, clipVolume: 101 } })).toEqual({
    code: 'INVALID_INPUT',
    path: ['remix', 'duet', 'clipVolume'],
    limit: '0..100',
  });
  const { userErrors } = await remix(ben, await clip(eva), { duet: { postId } });
  expect(userErrors).toMatchObject([{ code: 'NOT_FOUND', path: ['clipId'] }]);
});

test.each([
  [
    'closed',
    (postId: string) =>
      change(ada, 'updatePost', 'UpdatePostInput', {
        postId,
        video: { remixPolicies: { duet: 'NOBODY' } },
      }),
  ],
  ['deleted', (postId: string) => change(ada, 'deletePost', 'DeletePostInput', { postId })],
  [
    'archived',
    (postId: string) =>
      change(ada, 'setPostArchived', 'SetPostArchivedInput', { postId, archived: true }),
  ],
])(
  'a remix that waits to be published is refused when its original is %s',
  async (_how, withdraw) => {
    const postId = await original(ada);
    const { media } = await remix(ben, await clip(ben), { duet: { postId } });
    await withdraw(postId);
    await world.settle();
    expect(await made(media!.id)).toMatchObject({
      state: 'REJECTED',
      code: 'ORIGINAL_GONE',
      failure: 'The original video may not be used any more.',
      key: null,
      bytes: '0',
    });
  },
);

test('a published remix stays when its original goes, and says that it is one', async () => {
  const postId = await original(ada);
  const { media } = await remix(ben, await clip(ben), { duet: { postId } });
  await world.settle();
  const duet = await publishMade(world, ben, media!.id);
  await change(ada, 'deletePost', 'DeletePostInput', { postId });
  await world.settle();
  expect(await see(null, duet)).toMatchObject({ remixKind: 'DUET', remixOf: null });
});

test('a block parts originals and remixes for good', async () => {
  const postId = await original(ada);
  const { media } = await remix(eva, await clip(eva), { duet: { postId } });
  await world.settle();
  const duet = await publishMade(world, eva, media!.id);
  const waiting = await remix(eva, await clip(eva), { duet: { postId } });
  await block(world, ada, eva);
  expect(await made(waiting.media!.id)).toMatchObject({ state: 'REJECTED' });
  await block(world, ada, eva, false);
  expect(await see(null, duet)).toMatchObject({ remixKind: 'DUET', remixOf: null });
  expect(await see(null, postId)).toMatchObject({ remixes: { nodes: [] } });
});

const unfollow = (who: Person, whom: Person) =>
  change(who, 'unfollowActor', 'UnfollowActorInput', { actorId: whom.actorGlobalId });

test('what nobody has told the server is asked again when a remix is published', async () => {
  const [gus, ida] = [await world.local('gus'), await world.local('ida')];
  await follow(world, gus, ida);
  const { post } = await sendVideo(ida, {
    mediaId: await readyClip(world, ida, await copy(loud)),
    common: {},
    video: { remixPolicies: { duet: 'FOLLOWERS' } },
  });
  await world.settle();
  expect(await see(ida, post!.id)).toMatchObject({ viewerRemixKinds: ['DUET', 'STITCH', 'SOUND'] });
  const duet = { duet: { postId: post!.id } };
  const { media } = await remix(gus, await clip(gus), duet);
  await world.settle();
  await unfollow(gus, ida);
  const { userErrors } = await sendVideo(gus, { mediaId: media!.id, common: {} });
  expect(userErrors).toMatchObject([{ code: 'FORBIDDEN', path: ['mediaId'] }]);
  await follow(world, gus, ida);
  expect((await sendVideo(gus, { mediaId: media!.id, common: {} })).userErrors).toEqual([]);
});

test('who may make what is kept with a draft', async () => {
  const answer = await ada.graphql<{ saveDraft: { draft: { id: string } } }>(
    `mutation ($input: SaveDraftInput!) { saveDraft(input: $input) {
      draft { id remixPolicies { duet stitch sound } } userErrors { code path } } }`,
    {
      input: {
        kind: 'VIDEO',
        mediaIds: [await readyClip(world, ada, await copy(loud))],
        video: { remixPolicies: { stitch: 'NOBODY' } },
      },
    },
  );
  expect(answer.data.saveDraft).toMatchObject({
    draft: { remixPolicies: { duet: null, stitch: 'NOBODY', sound: null } },
  });
  const published = await ada.graphql<{ publishDraft: { post: { id: string } } }>(
    `mutation ($id: ID!) { publishDraft(input: { draftId: $id }) { post { id } } }`,
    { id: answer.data.saveDraft.draft.id },
  );
  const { id } = published.data.publishDraft.post;
  expect(await see(ben, id)).toMatchObject({ viewerRemixKinds: ['DUET', 'SOUND'] });
});

test.each([
  ['original is deleted', (postId: string) => ['deletePost', 'DeletePostInput', { postId }]],
  [
    'asset is given up',
    (_postId: string, mediaId: string) => ['cancelUpload', 'CancelUploadInput', { mediaId }],
  ],
] as const)('a remix that is being made stops when the %s', async (_what, call) => {
  const postId = await original(ada);
  const clipId = await clip(ada);
  const begun = Promise.withResolvers<void>();
  const combining = {
    combine: (_mixing: object, _files: object, signal: AbortSignal) =>
      new Promise<void>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error));
        begun.resolve();
      }),
  };
  const { media } = await remix(ada, clipId, { duet: { postId } });
  const context = { ...world.services, jobId: '0', attempt: 1 };
  const job = createRenderRemix(combining).run(context, { mediaId: innerId(media!.id) as never });
  await begun.promise;
  const [name, type, input] = call(postId, media!.id) as [string, string, object];
  await change(ada, name, type, input);
  const settled = world.settle();
  await job;
  await settled;
  expect(await made(media!.id)).toMatchObject({ key: null, bytes: '0' });
});
