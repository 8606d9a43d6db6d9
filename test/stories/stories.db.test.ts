// Stories through the public API: who sees them for how long, who has seen them, and in what order.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import {
  block,
  comment,
  follow,
  innerId,
  mute,
  publish,
  react,
  readyPicture,
  unfollow,
} from '../support/posts.js';
import { runScheduled } from '../support/scheduled.js';
import { connectSocket, subscribed } from '../support/socket.js';
import { see, sendStory, startStoryWorld, tell } from '../support/stories.js';
import type { Person, World } from '../support/world.js';

const DAY = 86_400;

let world: World;
let ada: Person;
let ben: Person;
let carl: Person;
let mallory: Person;

beforeAll(async () => {
  ({ world, ada, ben, carl, mallory } = await startStoryWorld());
});

afterAll(() => world[Symbol.asyncDispose]());

const STORY = `id caption visibility isSeen publishedAt expiresAt viewerCount author { username }
  media { url } viewers(first: 10) { nodes { username } }`;

interface SeenStory {
  readonly id: string;
  readonly isSeen: boolean;
  readonly publishedAt: string;
  readonly expiresAt: string;
  readonly viewerCount: number | null;
  readonly viewers: { readonly nodes: readonly { readonly username: string }[] } | null;
  readonly media: { readonly url: string };
}

async function look(who: Person | null, id: string): Promise<SeenStory | null> {
  const answer = await (who ?? world).graphql<{ node: SeenStory | null }>(
    `query ($id: ID!) { node(id: $id) { ... on Story { ${STORY} } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function storiesOf(who: Person | null, author: Person): Promise<string[]> {
  const answer = await (who ?? world).graphql<{
    node: { stories: { id: string }[]; storyTray: { stories: { id: string }[] } | null };
  }>(
    'query ($id: ID!) { node(id: $id) { ... on Actor { stories { id } storyTray { stories { id } } } } }',
    { id: author.actorGlobalId },
  );
  expect(answer.errors).toBeUndefined();
  const { stories, storyTray } = answer.data.node;
  // Two ways to the same stories.
  expect(storyTray?.stories ?? []).toEqual(stories);
  return stories.map(({ id }) => id);
}

interface Tray {
  readonly hasUnseen: boolean;
  readonly actor: { readonly username: string };
}

async function trayOf(who: Person, page = 'first: 50'): Promise<[string, boolean][]> {
  const answer = await who.graphql<{ viewer: { storyTray: { nodes: Tray[] } } }>(
    `{ viewer { storyTray(${page}) { nodes { hasUnseen actor { username } } } } }`,
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.storyTray.nodes.map(({ actor, hasUnseen }) => [
    actor.username,
    hasUnseen,
  ]);
}

test('a story is published for a day, and shown with its picture to its followers', async () => {
  const mediaId = await readyPicture(world, ada, { purpose: 'STORY' });
  const { story } = await sendStory(ada, { mediaId, caption: 'At the *lake*' });
  const seen = await look(ben, story!.id);
  expect(seen).toMatchObject({
    caption: '<p>At the <em>lake</em></p>',
    visibility: 'FOLLOWERS',
    isSeen: false,
    author: { username: 'ada' },
  });
  expect(Date.parse(seen!.expiresAt) - Date.parse(seen!.publishedAt)).toBe(DAY * 1000);
  // Signed, even for a public one: the address must end with the story.
  expect(new URL(seen!.media.url).search).not.toBe('');
  const open = await look(null, await tell(world, ada, { visibility: 'PUBLIC' }));
  expect(new URL(open!.media.url).search).not.toBe('');
});

test.each([
  ['PUBLIC', { ada: true, ben: true, carl: true, nobody: true, mallory: false }],
  ['FOLLOWERS', { ada: true, ben: true, carl: false, nobody: false, mallory: false }],
])('a story that is %s is seen by those for whom it is', async (visibility, people) => {
  const id = await tell(world, ada, { visibility });
  for (const [name, maySee] of Object.entries(people)) {
    const who = name === 'nobody' ? null : await world.local(name);
    expect([name, (await look(who, id)) !== null]).toEqual([name, maySee]);
    expect([name, (await storiesOf(who, ada)).includes(id)]).toEqual([name, maySee]);
  }
});

test('a former follower sees no story any more', async () => {
  const [eva, fay] = [await world.local('eva'), await world.local('fay')];
  await follow(world, fay, eva);
  const id = await tell(world, eva);
  expect(await look(fay, id)).not.toBeNull();
  await unfollow(world, fay, eva);
  expect(await look(fay, id)).toBeNull();
  expect(await trayOf(fay)).toEqual([]);
});

test('what was seen is remembered, and only the author sees by whom', async () => {
  const id = await tell(world, ada);
  await see(ben, id);
  await see(ben, id, id);
  await see(ada, id);
  // For those who may not see it there is nothing to mark.
  await see(carl, id);
  await see(mallory, id);
  expect(await look(ben, id)).toMatchObject({ isSeen: true, viewers: null, viewerCount: null });
  expect(await look(ada, id)).toMatchObject({
    isSeen: true,
    viewerCount: 1,
    viewers: { nodes: [{ username: 'ben' }] },
  });
});

test('markStoriesSeen answers what is seen now, with its tray', async () => {
  const gil = await world.local('gil');
  await follow(world, ben, gil);
  const [one, two] = [await tell(world, gil), await tell(world, gil)];
  const hidden = await tell(world, await world.local('hal'));
  const mark = async (...ids: string[]) =>
    (
      await ben.graphql(
        `mutation ($ids: [ID!]!) { markStoriesSeen(input: { storyIds: $ids }) {
          stories { id isSeen } trays { hasUnseen actor { username } } userErrors { code } } }`,
        { ids },
      )
    ).data['markStoriesSeen'];
  expect(await mark(one, hidden)).toEqual({
    stories: [{ id: one, isSeen: true }],
    trays: [{ hasUnseen: true, actor: { username: 'gil' } }],
    userErrors: [],
  });
  expect(await mark(two)).toMatchObject({ trays: [{ hasUnseen: false }] });
});

test('whoever is blocked afterwards leaves the list of viewers', async () => {
  const [ida, jon] = [await world.local('ida'), await world.local('jon')];
  const id = await tell(world, ida, { visibility: 'PUBLIC' });
  await see(jon, id);
  expect(await look(ida, id)).toMatchObject({ viewerCount: 1 });
  await block(world, jon, ida);
  expect(await look(ida, id)).toMatchObject({ viewerCount: 0, viewers: { nodes: [] } });
  expect(await look(jon, id)).toBeNull();
});

test('ten people who see a story five times at once are ten viewers', async () => {
  const kim = await world.local('kim');
  const id = await tell(world, kim, { visibility: 'PUBLIC' });
  const crowd = await Promise.all(
    Array.from({ length: 10 }, (_, index) => world.local(`fan${index}`)),
  );
  await Promise.all(crowd.flatMap((fan) => Array.from({ length: 5 }, () => see(fan, id))));
  expect(await look(kim, id)).toMatchObject({ viewerCount: 10 });
});

const MEDIA_OF = statement(
  'test.media_of_story',
  `select m.id, m.deleted_at is not null as "isReleased", (select count(*)::int from renditions where media_id = m.id) as renditions
   from media m where m.id = $1`,
);

test('at its end a story is gone for everybody but its author, and the clock removes it with its picture, once', async () => {
  const lea = await world.local('lea');
  await follow(world, ben, lea);
  const mediaId = await readyPicture(world, lea, { purpose: 'STORY' });
  const { story } = await sendStory(lea, {
    mediaId,
    durationSeconds: 3600,
    visibility: 'PUBLIC',
    keepInArchive: false,
  });
  const { id } = story!;
  await see(ben, id);
  const later = await tell(world, lea, { visibility: 'PUBLIC' });
  world.clock.advance(3600);
  expect(await look(ben, id)).toBeNull();
  expect(await look(null, id)).toBeNull();
  expect(await look(lea, id)).not.toBeNull();
  expect(await storiesOf(lea, lea)).toEqual([later]);
  await runScheduled(world, 'removeExpiredStories');
  await runScheduled(world, 'removeExpiredStories');
  await world.settle();
  expect(await look(lea, id)).toBeNull();
  expect(await look(ben, later)).not.toBeNull();
  expect(await world.services.database.row(MEDIA_OF, [innerId(mediaId)])).toEqual({
    id: innerId(mediaId),
    isReleased: true,
    renditions: 0,
  });
});

test('the addresses of its picture end with a story for everybody but its author', async () => {
  const id = await tell(world, ada, { durationSeconds: 3600 });
  world.clock.advance(3000);
  interface Picture {
    readonly id: string;
    readonly url: string;
    readonly variants: readonly { readonly url: string }[];
  }
  const PICTURE = '... on ImageMedia { id url variants { url } }';
  const ends = async (who: Person): Promise<{ story: number; links: Set<number> }> => {
    const { data } = await who.graphql<{ node: { expiresAt: string; media: Picture } }>(
      `query ($id: ID!) { node(id: $id) { ... on Story { expiresAt media { ${PICTURE} } } } }`,
      { id },
    );
    const { media, expiresAt } = data.node;
    const again = await who.graphql<{ node: Picture }>(
      `query ($id: ID!) { node(id: $id) { ${PICTURE} } }`,
      { id: media.id },
    );
    const urls = [media, again.data.node].flatMap(({ url, variants }) => [
      url,
      ...variants.map((one) => one.url),
    ]);
    const links = urls.map((url) => Number(new URL(url).searchParams.get('expires')) * 1000);
    return { story: Date.parse(expiresAt), links: new Set(links) };
  };
  const seen = await ends(ben);
  expect(seen.links.size).toBe(1);
  const [end] = seen.links;
  expect(end).toBeLessThanOrEqual(seen.story);
  expect(end).toBeGreaterThan(seen.story - 1000);
  for (const link of (await ends(ada)).links) expect(link).toBeGreaterThan(seen.story);
});

test('a deleted story is gone at once, with its picture', async () => {
  const mediaId = await readyPicture(world, ada, { purpose: 'STORY' });
  const { story } = await sendStory(ada, { mediaId, visibility: 'PUBLIC' });
  const remove = async (who: Person) =>
    (
      await who.graphql(
        'mutation ($id: ID!) { deleteStory(input: { storyId: $id }) { deletedStoryId userErrors { code path } } }',
        { id: story!.id },
      )
    ).data['deleteStory'];
  const refused = { deletedStoryId: null, userErrors: [{ code: 'NOT_FOUND', path: ['storyId'] }] };
  expect(await remove(ben)).toEqual(refused);
  expect(await remove(ada)).toEqual({ deletedStoryId: story!.id, userErrors: [] });
  expect(await remove(ada)).toEqual(refused);
  expect(await look(ada, story!.id)).toBeNull();
  await world.settle();
  expect(await world.services.database.row(MEDIA_OF, [innerId(mediaId)])).toMatchObject({
    isReleased: true,
  });
});

test('the tray has own stories first, then unseen ones, then the closest, by the published points', async () => {
  const mia = await world.local('mia');
  const [near, far, fresh, seen, muted, stranger] = await Promise.all(
    ['near', 'far', 'fresh', 'seen', 'muted', 'stranger'].map((name) => world.local(name)),
  );
  for (const author of [near!, far!, fresh!, seen!, muted!]) await follow(world, mia, author);
  await mute(mia, muted!);
  // Ten points for following back, one for each deed: near 10, seen 2.
  await follow(world, near!, mia);
  const postId = await publish(world, seen!);
  await react(mia, postId, '❤');
  await comment(mia, postId, 'Fine.');
  await tell(world, near!);
  await tell(world, far!);
  await tell(world, fresh!);
  await tell(world, muted!);
  await tell(world, stranger!, { visibility: 'PUBLIC' });
  const last = await tell(world, seen!);
  await tell(world, mia);
  expect(await trayOf(mia)).toEqual([
    ['mia', false],
    ['near', true],
    ['seen', true],
    ['fresh', true],
    ['far', true],
  ]);
  await see(mia, last);
  const order = await trayOf(mia);
  expect(order).toEqual([
    ['mia', false],
    ['near', true],
    ['fresh', true],
    ['far', true],
    ['seen', false],
  ]);
  const paged: [string, boolean][] = [];
  let after: string | null = null;
  do {
    const answer: { data: TrayPage } = await mia.graphql<TrayPage>(
      `query ($after: String) { viewer { storyTray(first: 2, after: $after) {
        nodes { hasUnseen actor { username } } pageInfo { endCursor hasNextPage } } } }`,
      { after },
    );
    const { nodes, pageInfo } = answer.data.viewer.storyTray;
    paged.push(
      ...nodes.map(({ actor, hasUnseen }): [string, boolean] => [actor.username, hasUnseen]),
    );
    after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
  } while (after !== null);
  expect(paged).toEqual(order);
});

interface TrayPage {
  viewer: {
    storyTray: { nodes: Tray[]; pageInfo: { endCursor: string; hasNextPage: boolean } };
  };
}

test('what is wrong is refused with its place, and the picture stays free', async () => {
  const mediaId = await readyPicture(world, ada, { purpose: 'STORY' });
  const refusal = async (input: Record<string, unknown>) =>
    (await sendStory(ada, { mediaId, ...input })).userErrors;
  const invalid = (field: string) => [{ code: 'INVALID_INPUT', path: [field] }];
  expect(await refusal({ caption: 'x'.repeat(501) })).toEqual(invalid('caption'));
  expect(await refusal({ durationSeconds: 3599 })).toEqual(invalid('durationSeconds'));
  expect(await refusal({ durationSeconds: 7 * DAY + 1 })).toEqual(invalid('durationSeconds'));
  const forPost = await readyPicture(world, ada);
  expect(await refusal({ mediaId: forPost })).toEqual([{ code: 'NOT_FOUND', path: ['mediaId'] }]);
  const { story } = await sendStory(ada, { mediaId });
  expect(story).not.toBeNull();
  expect(await refusal({})).toEqual([{ code: 'ALREADY_EXISTS', path: ['mediaId'] }]);
});

test('whoever asks to be held to alternative texts is held to them in stories, too', async () => {
  const nia = await world.local('nia');
  await nia.graphql(
    'mutation { updateSettings(input: { requireAltText: true }) { userErrors { code } } }',
  );
  const bare = await readyPicture(world, nia, { purpose: 'STORY' });
  expect((await sendStory(nia, { mediaId: bare })).userErrors).toEqual([
    { code: 'INVALID_INPUT', path: ['mediaId'] },
  ]);
  const mediaId = await readyPicture(world, nia, { purpose: 'STORY', altText: 'A kite' });
  expect((await sendStory(nia, { mediaId })).userErrors).toEqual([]);
});

test('twenty stories at once, and each is there', async () => {
  const oda = await world.local('oda');
  const ids = await Promise.all(Array.from({ length: 20 }, () => tell(world, oda)));
  expect((await storiesOf(oda, oda)).sort()).toEqual(ids.sort());
});

const LIVE = `subscription { viewerEvents(topics: [STORIES]) { ... on StoryEvent {
  change story { id author { username } } removedStoryId } } }`;

test('a story comes live to followers and goes live, and nobody else hears of it', async () => {
  const [pia, quin] = [await world.local('pia'), await world.local('quin')];
  const [friend, silent] = [await world.local('friend'), await world.local('silent')];
  for (const follower of [friend, silent]) await follow(world, follower, pia);
  await mute(silent, pia);
  await follow(world, quin, friend);
  const watch = async (who: Person) => {
    const socket = await connectSocket(world.origin, who.token);
    await subscribed(socket, 'own', LIVE);
    return socket;
  };
  await using own = await watch(pia);
  await using follower = await watch(friend);
  await using muting = await watch(silent);
  await using stranger = await watch(quin);
  const id = await tell(world, pia, { visibility: 'PUBLIC' });
  await pia.graphql(
    'mutation ($id: ID!) { deleteStory(input: { storyId: $id }) { userErrors { code } } }',
    { id },
  );
  const mark = await tell(world, friend);
  const next = async (socket: typeof own) =>
    ((await socket.next()).payload as { data: { viewerEvents: object } }).data.viewerEvents;
  const gone = { change: 'REMOVED', story: null, removedStoryId: id };
  for (const socket of [own, follower]) {
    // The story may be gone before its coming is told.
    expect(await next(socket)).toMatchObject({ change: 'ADDED' });
    expect(await next(socket)).toEqual(gone);
  }
  // Quin follows only friend, and friend's story is the first of which quin hears.
  const marked = { change: 'ADDED', story: { id: mark, author: { username: 'friend' } } };
  expect(await next(stranger)).toMatchObject(marked);
  expect(await next(follower)).toMatchObject(marked);
  const last = await tell(world, silent);
  expect(await next(muting)).toMatchObject({ story: { id: last } });
});
