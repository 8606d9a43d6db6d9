// Video posts through the public API: what they have beside what every post has, and that the shared code takes them.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { VIDEO_CATEGORIES } from '../../src/posts/video-categories.js';
import {
  comment,
  follow,
  innerId,
  publish,
  react,
  readyPicture,
  sendPost,
  type Answered,
  type Refusal,
} from '../support/posts.js';
import { publishVideo, readyVideo, sendVideo } from '../support/videos.js';
import { runScheduled } from '../support/scheduled.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let ben: Person;
let eve: Person;

beforeAll(async () => {
  world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '1000000' });
  ada = await world.local('ada');
  ben = await world.local('ben');
  eve = await world.local('eve');
  await follow(world, ben, ada);
});

afterAll(() => world[Symbol.asyncDispose]());

async function send<Fields>(who: Person, name: string, input: object, fields: string) {
  const type = name[0]!.toUpperCase() + name.slice(1);
  const answer = await who.graphql<Record<string, Answered<Fields>>>(
    `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${fields} userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data[name]!;
}

async function done(who: Person, name: string, input: object): Promise<void> {
  expect((await send(who, name, input, '__typename')).userErrors).toEqual([]);
}

const refused = (code: string, ...path: string[]): Refusal[] => [{ code, path }];
const refusals = async (who: Person, name: string, input: object): Promise<Refusal[]> =>
  (await send(who, name, input, '__typename')).userErrors;

async function seen<Fields>(who: Person | null, postId: string, fields: string) {
  const answer = await (who ?? world).graphql<{ node: Fields | null }>(
    `query ($id: ID!) { node(id: $id) { ... on VideoPost { ${fields} } } }`,
    { id: postId },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

const RELEASED = statement(
  'test.released',
  'select deleted_at is not null as gone from media where id = $1',
);
const isGone = async (mediaId: string): Promise<boolean> =>
  (await world.services.database.row<{ gone: boolean }>(RELEASED, [innerId(mediaId)]))!.gone;

const SET_STATE = statement('test.media_state', 'update media set state = $2 where id = $1');

test('a video is published with title, category and caption, and is a post of its format', async () => {
  const { postId, mediaId } = await publishVideo(
    world,
    ada,
    { caption: 'By night, with @ben #rain', aiDisclosure: 'ASSISTED' },
    { title: '  The <wet>\n street ', category: 'Films', allowsDownload: false },
  );
  await world.settle();
  const post = await seen(
    ben,
    postId,
    `__typename title category caption captionSource allowsDownload downloadUrl aiDisclosure
     hashtags { name } mentions { handle } video { id state url } media { id __typename } `,
  );
  expect(post).toEqual({
    __typename: 'VideoPost',
    title: 'The <wet> street',
    category: 'Films',
    caption: expect.stringMatching(
      /^<p><strong>The &lt;wet&gt; street<\/strong><\/p>\n<p>By night/,
    ),
    captionSource: null,
    allowsDownload: false,
    downloadUrl: null,
    aiDisclosure: 'ASSISTED',
    hashtags: [{ name: 'rain' }],
    mentions: [{ handle: expect.stringContaining('ben') }],
    video: { id: mediaId, state: 'READY', url: expect.stringMatching(/full\.jpg$/) },
    media: [{ id: mediaId, __typename: 'VideoMedia' }],
  });
  expect(await seen(ada, postId, 'captionSource')).toEqual({
    captionSource: 'By night, with @ben #rain',
  });
  const lists = await ben.graphql<Record<string, Record<string, { nodes: { id: string }[] }>>>(
    `{ viewer { home: homeTimeline(filter: { kinds: [VIDEO] }) { nodes { id } }
         photos: homeTimeline(filter: { kinds: [PHOTO] }) { nodes { id } } }
       hashtag(name: "rain") { posts { nodes { id } } } }`,
  );
  expect(lists.data).toMatchObject({
    viewer: { home: { nodes: [{ id: postId }] }, photos: { nodes: [] } },
    hashtag: { posts: { nodes: [{ id: postId }] } },
  });
});

test('the categories are published data, and no other one is taken', async () => {
  const answer = await world.graphql<{ instance: { videoCategories: string[] } }>(
    '{ instance { videoCategories limits { titleLength } } }',
  );
  expect(answer.data.instance).toEqual({
    videoCategories: [...VIDEO_CATEGORIES.keys()],
    limits: { titleLength: 100 },
  });
  const mediaId = await readyVideo(world, ada);
  const publishes = (video: object) => sendVideo(ada, { mediaId, video });
  expect((await publishes({ category: 'Nonsense' })).userErrors).toEqual(
    refused('INVALID_INPUT', 'video', 'category'),
  );
  const known = await ada.graphql<{ publishVideoPost: { userErrors: { limit: string }[] } }>(
    `mutation ($input: PublishVideoPostInput!) { publishVideoPost(input: $input) {
      userErrors { ... on ValidationError { limit } } } }`,
    { input: { mediaId, common: {}, video: { category: 'Nonsense' } } },
  );
  expect(known.data.publishVideoPost.userErrors[0]!.limit).toMatch(/^Music, .*, Food$/);
  expect((await publishes({ title: 'x'.repeat(101) })).userErrors).toEqual(
    refused('INVALID_INPUT', 'video', 'title'),
  );
});

test('each format takes its own media, once, and says where the wrong one stands', async () => {
  const picture = await readyPicture(world, ada);
  const video = await readyVideo(world, ada);
  expect((await sendVideo(ada, { mediaId: picture })).userErrors).toEqual(
    refused('INVALID_INPUT', 'mediaId'),
  );
  expect((await sendPost(ada, { mediaIds: [picture, video] })).userErrors).toEqual(
    refused('INVALID_INPUT', 'mediaIds', '1'),
  );
  expect((await sendVideo(ada, { mediaId: video })).userErrors).toEqual([]);
  expect((await sendVideo(ada, { mediaId: video })).userErrors).toEqual(
    refused('ALREADY_EXISTS', 'mediaId'),
  );
  const early = await readyVideo(world, ada, { state: 'PROCESSING' });
  expect((await sendVideo(ada, { mediaId: early })).userErrors).toEqual(
    refused('MEDIA_NOT_READY', 'mediaId'),
  );
  expect((await sendVideo(eve, { mediaId: await readyVideo(world, ada) })).userErrors).toEqual(
    refused('NOT_FOUND', 'mediaId'),
  );
});

test('whoever asks to be held to descriptions is held to that of a video', async () => {
  const zoe = await world.local('zoe');
  await done(zoe, 'updateSettings', { requireAltText: true });
  const publishes = async (altText: string | null) =>
    sendVideo(zoe, { mediaId: await readyVideo(world, zoe, { altText }) });
  expect((await publishes(null)).userErrors).toEqual(refused('INVALID_INPUT', 'mediaId'));
  expect((await publishes('Rain on a street.')).userErrors).toEqual([]);
});

test('editing keeps the earlier version, the title too, and settings leave no trace', async () => {
  const { postId, mediaId } = await publishVideo(
    world,
    ada,
    { caption: 'One' },
    { title: 'First', category: 'Music' },
  );
  const edit = (change: object) => done(ada, 'updatePost', { postId, ...change });
  const FIELDS = 'title category allowsDownload caption editedAt revisions { nodes { caption } }';
  await edit({ video: { category: 'Food', allowsDownload: true } });
  expect(await seen(ben, postId, FIELDS)).toMatchObject({
    title: 'First',
    category: 'Food',
    allowsDownload: true,
    editedAt: null,
    revisions: { nodes: [] },
  });
  await edit({ video: { title: 'Second' } });
  expect(await seen(ben, postId, FIELDS)).toMatchObject({
    title: 'Second',
    category: 'Food',
    allowsDownload: true,
    caption: expect.stringMatching(/<strong>Second<\/strong>.*\n<p>One/),
    editedAt: expect.any(String),
    revisions: { nodes: [{ caption: expect.stringContaining('<strong>First</strong>') }] },
  });
  await edit({ caption: 'Two', video: { title: null } });
  expect(await seen(ben, postId, FIELDS)).toMatchObject({ title: null, caption: '<p>Two</p>' });
  // Another video takes the place of the first one, and no picture does.
  const [other, picture] = [await readyVideo(world, ada), await readyPicture(world, ada)];
  expect(await refusals(ada, 'updatePost', { postId, mediaIds: [picture] })).toEqual(
    refused('INVALID_INPUT', 'mediaIds', '0'),
  );
  expect(await refusals(ada, 'updatePost', { postId, mediaIds: [mediaId, other] })).toEqual(
    refused('INVALID_INPUT', 'mediaIds'),
  );
  await edit({ mediaIds: [other] });
  expect(await seen(ben, postId, 'video { id }')).toEqual({ video: { id: other } });
  expect(await isGone(mediaId)).toBe(true);
  const photo = await publish(world, ada);
  expect(await refusals(ada, 'updatePost', { postId: photo, video: { title: 'x' } })).toEqual(
    refused('INVALID_INPUT', 'video'),
  );
});

test('who may keep a copy gets an address that saves it, and who may not gets none that does', async () => {
  const open = await publishVideo(world, ada, {}, { allowsDownload: true });
  const closed = await publishVideo(world, ada);
  const fields = 'downloadUrl video { id }';
  const addressFor = async (who: Person | null, { postId }: { postId: string }) =>
    (await seen<{ downloadUrl: string | null }>(who, postId, fields))!.downloadUrl;
  expect(await addressFor(null, closed)).toBeNull();
  expect(await addressFor(ben, closed)).toBeNull();
  const [forAll, own] = [await addressFor(null, open), await addressFor(ada, closed)];
  for (const [address, { mediaId }] of [
    [forAll, open],
    [own, closed],
  ] as const)
    expect(address).toMatch(
      new RegExp(`/media/${mediaId}/mp4\\.mp4\\?expires=\\d+&signature=.+&download=true`),
    );
});

test('what people do with posts they do with videos', async () => {
  const { postId, mediaId } = await publishVideo(world, ada, { visibility: 'PUBLIC' });
  await comment(ben, postId, 'How?');
  expect(await react(ben, postId, '❤')).toEqual([]);
  await done(ben, 'setRepost', { postId, reposted: true });
  await done(ben, 'setBookmark', { postId, bookmarked: true });
  await done(ada, 'setPostPinned', { postId, pinned: true });
  const quoting = await sendVideo(ben, {
    mediaId: await readyVideo(world, ben),
    common: { quotedPostId: postId },
  });
  expect(quoting.userErrors).toEqual([]);
  await done(ada, 'saveCollection', { title: 'Moving', postIds: [postId] });
  await done(ben, 'report', { actorId: ada.actorGlobalId, subjectIds: [postId], category: 'SPAM' });
  await world.settle();
  const state = await seen(
    ben,
    postId,
    `isPinned counts { comments likes reposts quotes } viewerState { isLiked isReposted isBookmarked }`,
  );
  expect(state).toEqual({
    isPinned: true,
    counts: { comments: 1, likes: 1, reposts: 1, quotes: 1 },
    viewerState: { isLiked: true, isReposted: true, isBookmarked: true },
  });
  const told = await ada.graphql<{ viewer: { notifications: { nodes: { kind: string }[] } } }>(
    '{ viewer { notifications { nodes { kind subject { ... on VideoPost { id } } } } } }',
  );
  expect(told.data.viewer.notifications.nodes.map(({ kind }) => kind)).toEqual(
    expect.arrayContaining(['LIKE', 'COMMENT', 'REPOST', 'QUOTE']),
  );
  await done(ada, 'setPostArchived', { postId, archived: true });
  expect(await seen(ben, postId, 'title')).toBeNull();
  await done(ada, 'setPostArchived', { postId, archived: false });
  await done(ada, 'deletePost', { postId });
  expect(await seen(ada, postId, 'title')).toBeNull();
  expect(await isGone(mediaId)).toBe(true);
});

test('people are tagged in a video, and agree to it', async () => {
  const mediaId = await readyVideo(world, ada);
  const tags = [{ mediaId, actorId: ben.actorGlobalId, x: 0.2, y: 0.8 }];
  const { post } = await sendVideo(ada, { mediaId, tags });
  const FIELDS = 'taggedActors { id x isConfirmed actor { id } }';
  const tagged = await seen<{ taggedActors: { id: string }[] }>(ben, post!.id, FIELDS);
  expect(tagged!.taggedActors).toMatchObject([{ x: 0.2, actor: { id: ben.actorGlobalId } }]);
  await done(ben, 'respondToTag', { tagId: tagged!.taggedActors[0]!.id, approved: true });
  expect(await seen(eve, post!.id, FIELDS)).toMatchObject({
    taggedActors: [{ isConfirmed: true }],
  });
});

interface Draft {
  readonly id: string;
  readonly scheduledFor: string | null;
  readonly failure: { code: string } | null;
}
const DRAFT = `id kind title category allowsDownload scheduledFor failure { code } media { id }`;

async function draftOf(id: string): Promise<Draft | null> {
  const answer = await ada.graphql<{ node: Draft | null }>(
    `query ($id: ID!) { node(id: $id) { ... on Draft { ${DRAFT} } } }`,
    { id },
  );
  return answer.data.node;
}

async function save(input: object): Promise<Draft> {
  const saved = await send<{ draft: Draft }>(ada, 'saveDraft', input, `draft { ${DRAFT} }`);
  expect(saved.userErrors).toEqual([]);
  return saved.draft;
}

const inSeconds = (seconds: number): string =>
  new Date(world.clock.now().getTime() + seconds * 1000).toISOString();
const tick = (): Promise<void> => runScheduled(world, 'publishDueDrafts');

test('a draft keeps what is said of a video and becomes that post', async () => {
  const mediaId = await readyVideo(world, ada, { state: 'PROCESSING' });
  const video = { title: 'Later', category: 'Art', allowsDownload: true };
  const draft = await save({ kind: 'VIDEO', mediaIds: [mediaId], video });
  const expected = {
    id: draft.id,
    kind: 'VIDEO',
    title: 'Later',
    category: 'Art',
    allowsDownload: true,
    media: [{ id: mediaId }],
  };
  expect(draft).toMatchObject(expected);
  expect(
    await save({ draftId: draft.id, common: { caption: 'x', visibility: 'PUBLIC' } }),
  ).toMatchObject(expected);
  expect(await refusals(ada, 'publishDraft', { draftId: draft.id })).toEqual(
    refused('MEDIA_NOT_READY', 'mediaIds', '0'),
  );
  await world.services.database.rows(SET_STATE, [innerId(mediaId), 'READY']);
  const { post } = await send<{ post: { id: string } }>(
    ada,
    'publishDraft',
    { draftId: draft.id },
    'post { id }',
  );
  expect(await seen(ben, post.id, 'title category allowsDownload caption video { id }')).toEqual({
    title: 'Later',
    category: 'Art',
    allowsDownload: true,
    caption: '<p><strong>Later</strong></p>\n<p>x</p>',
    video: { id: mediaId },
  });
  const picture = await readyPicture(world, ada);
  expect(await refusals(ada, 'saveDraft', { kind: 'VIDEO', mediaIds: [picture] })).toEqual(
    refused('INVALID_INPUT', 'mediaIds', '0'),
  );
  expect(await refusals(ada, 'saveDraft', { kind: 'TEXT' })).toEqual(
    refused('INVALID_INPUT', 'kind'),
  );
});

test('a draft whose time has come waits for its video, for a day at most', async () => {
  const common = { visibility: 'PUBLIC' };
  const schedule = async (mediaId: string) =>
    save({ kind: 'VIDEO', mediaIds: [mediaId], common, scheduledFor: inSeconds(120) });
  const [slow, stuck, broken] = [
    await readyVideo(world, ada, { state: 'PROCESSING' }),
    await readyVideo(world, ada, { state: 'PROCESSING' }),
    await readyVideo(world, ada, { state: 'PROCESSING' }),
  ];
  const [first, second, third] = [
    await schedule(slow),
    await schedule(stuck),
    await schedule(broken),
  ];
  world.clock.advance(3_600);
  await tick();
  for (const { id } of [first, second, third])
    expect(await draftOf(id)).toMatchObject({ scheduledFor: expect.any(String), failure: null });
  await world.services.database.rows(SET_STATE, [innerId(slow), 'READY']);
  await world.services.database.rows(SET_STATE, [innerId(broken), 'REJECTED']);
  await tick();
  expect(await draftOf(first.id)).toBeNull();
  expect(await draftOf(third.id)).toMatchObject({ failure: { code: 'MEDIA_REJECTED' } });
  world.clock.advance(24 * 3_600);
  await tick();
  expect(await draftOf(second.id)).toMatchObject({
    scheduledFor: null,
    failure: { code: 'MEDIA_NOT_READY' },
  });
});
