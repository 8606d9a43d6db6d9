// Captions of own videos through the public doors: who may bring them, who gets them, and who hears of a change.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { releaseMedia } from '../../src/media/attach-media.js';
import type { MediaId } from '../../src/media/media.entity.js';
import { statement } from '../../src/platform/db/database.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { follow, innerId, readyPicture } from '../support/posts.js';
import { publishVideo, saveCaptions, webVtt, type SeenTrack } from '../support/videos.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  world = await startWorld();
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
});

afterAll(() => world[Symbol.asyncDispose]());

async function tracksOf(who: Person | null, postId: string): Promise<SeenTrack[] | null> {
  const document = `query ($id: ID!) { node(id: $id) { ... on VideoPost { video {
    captions { kind language label isAutomatic url } } } } }`;
  interface Found {
    node: { video: { captions: SeenTrack[] } } | null;
  }
  const answer = await (who === null
    ? world.graphql<Found>(document, { id: postId })
    : who.graphql<Found>(document, { id: postId }));
  return answer.data.node?.video.captions ?? null;
}

async function remove(who: Person, input: object): Promise<unknown> {
  const answer = await who.graphql(
    `mutation ($input: DeleteCaptionTrackInput!) { deleteCaptionTrack(input: $input) {
      media { captions { language } } userErrors { code path } } }`,
    { input },
  );
  return answer.data['deleteCaptionTrack'];
}

const FILES = statement(
  'test.caption_files',
  `select storage_key as key from renditions where media_id = $1 and mime_type = 'text/vtt'`,
);
const BYTES = statement(
  'test.caption_bytes',
  `select stored_bytes::int as bytes, (select count(*)::int from caption_tracks where media_id = $1) as tracks from media where id = $1`,
);

test('M19 captions are served as clean WebVTT to whoever sees the video', async () => {
  const { postId, mediaId } = await publishVideo(world, ada);
  const { media } = await saveCaptions(ada, mediaId, webVtt('<script>Hi</script> <i>all'), {
    label: ' English\n ',
  });
  const [track] = media!.captions;
  expect(track).toEqual({
    kind: 'CAPTIONS',
    language: 'en',
    label: 'English',
    isAutomatic: false,
    url: expect.stringMatching(/\/media\/media_[0-9a-z]+\/track-[0-9a-f]{24}\.vtt$/),
  });
  expect(await tracksOf(null, postId)).toEqual([track]);
  const served = await fetch(world.reach(track!.url));
  expect([served.status, served.headers.get('content-type')]).toEqual([200, 'text/vtt']);
  expect(served.headers.get('access-control-allow-origin')).toBe('*');
  expect(await served.text()).toBe('WEBVTT\n\n00:00:00.100 --> 00:00:00.900\nHi <i>all</i>\n');
});

test('those of a video for followers have signed addresses, and nobody else gets them', async () => {
  const fay = await world.local('fay');
  await follow(world, fay, ada);
  const { postId, mediaId } = await publishVideo(world, ada, { visibility: 'FOLLOWERS' });
  await saveCaptions(ada, mediaId, webVtt('Among us.'));
  const [track] = (await tracksOf(fay, postId))!;
  expect((await fetch(world.reach(track!.url))).status).toBe(200);
  expect((await fetch(world.reach(track!.url.split('?')[0]!))).status).toBe(404);
  expect(await tracksOf(ben, postId)).toBeNull();
  expect(await tracksOf(null, postId)).toBeNull();
});

test('a new text has a new address, and the bytes of the old one go and are counted no more', async () => {
  const { postId, mediaId } = await publishVideo(world, ada);
  const before = await world.services.database.row<{ bytes: number }>(BYTES, [innerId(mediaId)]);
  await saveCaptions(ada, mediaId, webVtt('First.'));
  const [first] = (await tracksOf(ada, postId))!;
  const [file] = await world.services.database.rows<{ key: string }>(FILES, [innerId(mediaId)]);
  await saveCaptions(ada, mediaId, webVtt('Second.'), { kind: 'SUBTITLES' });
  await saveCaptions(ada, mediaId, webVtt('Other.'));
  const tracks = (await tracksOf(ada, postId))!;
  expect(tracks.map(({ kind }) => kind)).toEqual(['CAPTIONS', 'SUBTITLES']);
  expect(tracks[0]!.url).not.toBe(first!.url);
  expect((await fetch(world.reach(first!.url))).status).toBe(404);
  expect(await world.services.storage.stat(file!.key)).toBeNull();
  expect((await fetch(world.reach(tracks[0]!.url))).status).toBe(200);
  for (const kind of ['CAPTIONS', 'SUBTITLES'])
    expect(await remove(ada, { mediaId, kind, language: 'en' })).toMatchObject({ userErrors: [] });
  expect(await tracksOf(ada, postId)).toEqual([]);
  expect(await world.services.database.row(BYTES, [innerId(mediaId)])).toEqual({
    ...before,
    tracks: 0,
  });
});

test('a mistake is refused with its line, and leaves no trace', async () => {
  const { postId, mediaId } = await publishVideo(world, ada);
  const wrong = `${webVtt('Fine.')}\n00:00:00.500 --> 00:00:00.400\nBackwards.`;
  const { media, userErrors } = await saveCaptions(ada, mediaId, wrong);
  expect({ media, userErrors }).toMatchObject({
    media: null,
    userErrors: [{ code: 'INVALID_INPUT', path: ['content'], limit: '6' }],
  });
  expect(await tracksOf(ada, postId)).toEqual([]);
  for (const content of [
    webVtt('x').padEnd(128 * 1024 + 1, 'x'),
    webVtt('x') + '\u{1F600}'.repeat(35_000),
  ])
    expect((await saveCaptions(ada, mediaId, content)).userErrors).toMatchObject([
      { code: 'INVALID_INPUT', path: ['content'] },
    ]);
});

test('only its owner brings captions to a video, and to nothing else', async () => {
  const { mediaId } = await publishVideo(world, ada);
  const missing = [{ code: 'NOT_FOUND', path: ['mediaId'] }];
  expect((await saveCaptions(ben, mediaId, webVtt('x'))).userErrors).toMatchObject(missing);
  const picture = await readyPicture(world, ada);
  expect((await saveCaptions(ada, picture, webVtt('x'))).userErrors).toMatchObject(missing);
  await saveCaptions(ada, mediaId, webVtt('Mine.'));
  const key = { mediaId, kind: 'CAPTIONS', language: 'en' };
  expect(await remove(ben, key)).toMatchObject({ userErrors: missing });
  expect(await remove(ada, { ...key, language: 'fr' })).toMatchObject({
    userErrors: [{ code: 'NOT_FOUND', path: ['language'] }],
  });
});

test('of ten saved at once one is left, with its file', async () => {
  const { postId, mediaId } = await publishVideo(world, ada);
  const texts = Array.from({ length: 10 }, (_, index) => `Version ${index}.`);
  await Promise.all(texts.map((text) => saveCaptions(ada, mediaId, webVtt(text))));
  const tracks = (await tracksOf(ada, postId))!;
  expect(tracks).toHaveLength(1);
  const served = await (await fetch(world.reach(tracks[0]!.url))).text();
  expect(texts.map((text) => webVtt(text))).toContain(served);
  expect(await world.services.database.rows(FILES, [innerId(mediaId)])).toHaveLength(1);
});

test('who has the post open sees new captions come', async () => {
  const { postId, mediaId } = await publishVideo(world, ada);
  await using socket = await connectSocket(world.origin, null);
  const document = `subscription ($id: ID!) { postChanged(postId: $id) { change post { ... on VideoPost { video { captions { language } } } } } }`;
  await subscribed(socket, 'open', document, { id: postId });
  await saveCaptions(ada, mediaId, webVtt('Salut.'), { language: 'fr-ca' });
  await world.settle();
  expect(await socket.next()).toMatchObject({
    payload: {
      data: {
        postChanged: { change: 'UPDATED', post: { video: { captions: [{ language: 'fr-CA' }] } } },
      },
    },
  });
});

test('what goes takes its captions along', async () => {
  const { mediaId } = await publishVideo(world, ada);
  await saveCaptions(ada, mediaId, webVtt('Gone.'));
  const id = innerId(mediaId) as MediaId;
  const [file] = await world.services.database.rows<{ key: string }>(FILES, [id]);
  await world.services.database.transaction((tx) => releaseMedia(tx, world.clock.now(), [id]));
  await world.settle();
  expect(await world.services.storage.stat(file!.key)).toBeNull();
  expect(await world.services.database.row(BYTES, [id])).toEqual({ bytes: 0, tracks: 0 });
});
