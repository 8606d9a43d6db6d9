// Exports: what stands in them, who gets them, and when they are gone.
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { archiveOf, exportsOf, json, requestExport } from '../support/exports.js';
import { block, comment, follow, mute, publish, react, sendPost } from '../support/posts.js';
import { flatPng } from '../support/pictures.js';
import { runScheduled } from '../support/scheduled.js';
import { followHashtag } from '../support/timelines.js';
import { uploadPicture } from '../support/upload.js';
import { startWorld, WORLD_PASSWORD, type Person, type World } from '../support/world.js';

const DAYS = 86_400;

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

const set = (who: Person, mutation: string, fields: string) =>
  who.graphql(`mutation { ${mutation}(input: { ${fields} }) { userErrors { code } } }`);

test('an archive holds profile, posts with their files, comments, reposts, likes and bookmarks', async () => {
  const [ada, ben] = [await world.local('ada'), await world.local('ben')];
  const bytes = flatPng(640, 480);
  const picture = await uploadPicture(world, ada, bytes, {
    altText: 'A kite',
    mimeType: 'image/png',
    fileName: 'kite.png',
  });
  const first = await sendPost(ada, {
    mediaIds: [picture],
    common: { caption: 'Hello @ben #Kites', contentWarning: 'Wind', language: 'en' },
  });
  await publish(world, ada, { caption: 'Friends', visibility: 'FOLLOWERS' });
  const bens = await publish(world, ben, { caption: 'Mine' });
  const hidden = await publish(world, ben, { caption: 'Secret' });
  await comment(ada, bens, 'Nice');
  await react(ada, bens, '❤');
  await react(ada, first.post!.id, '👍');
  await react(ada, hidden, '❤');
  await set(ada, 'setRepost', `postId: "${bens}", reposted: true`);
  await set(ada, 'setBookmark', `postId: "${bens}", bookmarked: true`);
  await set(ada, 'setBookmark', `postId: "${hidden}", bookmarked: true`);
  await set(ben, 'deletePost', `postId: "${hidden}"`);

  const uriOf = async (id: string): Promise<string> =>
    (
      await ben.graphql<{ node: { uri: string } }>(
        'query ($id: ID!) { node(id: $id) { ... on PhotoPost { uri } } }',
        { id },
      )
    ).data.node.uri;
  const files = await archiveOf(world, ada, { format: 'ACTIVITYPUB_ARCHIVE' });
  const [mediaFile] = [...files.keys()].filter((name) => name.startsWith('media_attachments/'));
  expect(files.get(mediaFile!)?.equals(bytes)).toBe(true);
  expect(json(files, 'actor.json')).toMatchObject({
    id: expect.stringMatching(/^https:\/\/a\.example\/actors\//),
    type: 'Person',
    preferredUsername: 'ada',
    outbox: 'outbox.json',
    likes: 'likes.json',
    bookmarks: 'bookmarks.json',
  });
  const outbox = json(files, 'outbox.json');
  expect(outbox).toMatchObject({ type: 'OrderedCollection', id: 'outbox.json', totalItems: 4 });
  const items = outbox['orderedItems'] as {
    type: string;
    to: string[];
    object: Record<string, unknown>;
  }[];
  const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
  expect(items[0]).toMatchObject({
    type: 'Create',
    to: [PUBLIC],
    object: {
      type: 'Note',
      id: await uriOf(first.post!.id),
      summary: 'Wind',
      source: { content: 'Hello @ben #Kites', mediaType: 'text/markdown' },
      inReplyTo: null,
      attachment: [
        {
          type: 'Document',
          mediaType: 'image/png',
          url: mediaFile,
          name: 'A kite',
          width: 640,
          height: 480,
        },
      ],
      tag: [
        { type: 'Hashtag', name: '#Kites' },
        { type: 'Mention', name: '@ben@a.example' },
      ],
    },
  });
  expect(items[1]?.to).toEqual([expect.stringMatching(/\/followers$/)]);
  expect(items[2]?.object).toMatchObject({
    inReplyTo: await uriOf(bens),
    content: '<p>Nice</p>',
    attachment: [],
  });
  expect(items[3]).toMatchObject({ type: 'Announce', object: await uriOf(bens) });
  // What is not there for her any more is in no list.
  expect(json(files, 'likes.json')).toMatchObject({
    totalItems: 1,
    orderedItems: [await uriOf(bens)],
  });
  expect(json(files, 'bookmarks.json')).toMatchObject({
    totalItems: 1,
    orderedItems: [await uriOf(bens)],
  });
  expect(json(files, 'reactions.json')).toMatchObject({
    totalItems: 1,
    orderedItems: [{ type: 'EmojiReact', content: '👍' }],
  });
  expect(files.get('bookmarks.csv')?.toString()).toBe(`${await uriOf(bens)}\n`);
});

test('a comment for fewer people than see the post is addressed to those in an archive', async () => {
  const [ada, ben] = [await world.local('alma'), await world.local('bela')];
  const postId = await publish(world, ben);
  for (const visibility of ['FOLLOWERS', 'MENTIONED'])
    await set(ada, 'addComment', `postId: "${postId}", content: "Hm.", visibility: ${visibility}`);
  const files = await archiveOf(world, ada, { format: 'ACTIVITYPUB_ARCHIVE' });
  const items = json(files, 'outbox.json')['orderedItems'] as { to: string[]; cc: string[] }[];
  const uri = `https://a.example/actors/${ben.actorId}`;
  const followers = `https://a.example/actors/${ada.actorId}/followers`;
  expect(items.map(({ to, cc }) => [to, cc])).toEqual([
    [[followers], [uri]],
    [[uri], []],
  ]);
});

test('without media the archive holds no file of a picture', async () => {
  const cal = await world.local('cal');
  await sendPost(cal, {
    mediaIds: [await uploadPicture(world, cal, flatPng(64, 64), { mimeType: 'image/png' })],
  });
  const files = await archiveOf(world, cal, { format: 'ACTIVITYPUB_ARCHIVE', includeMedia: false });
  expect([...files.keys()]).toEqual([
    'outbox.json',
    'likes.json',
    'reactions.json',
    'bookmarks.json',
    'actor.json',
    'following_accounts.csv',
    'blocked_accounts.csv',
    'muted_accounts.csv',
    'blocked_domains.csv',
    'bookmarks.csv',
    'lists.csv',
    'followed_hashtags.csv',
    'extras/account.json',
    'extras/drafts.json',
    'extras/revisions.json',
    'extras/stories.json',
    'extras/highlights.json',
    'extras/story_deeds.json',
    'extras/messages.json',
    'extras/chat_devices.json',
    'extras/collections.json',
    'extras/lists.json',
    'extras/starter_packs.json',
    'extras/filters.json',
    'extras/close_friends.json',
    'extras/followers.json',
    'extras/bookmarks.json',
    'extras/playback_history.json',
    'extras/photo_tags.json',
    'extras/reports.json',
  ]);
  expect(json(files, 'outbox.json')).toMatchObject({ totalItems: 1 });
});

test('the lists are files as Mastodon writes them', async () => {
  const [dot, eve, fox] = [
    await world.local('dot'),
    await world.local('eve'),
    await world.local('fox'),
  ];
  const gus = await world.local('gus');
  await follow(world, dot, eve);
  await dot.graphql(
    'mutation ($id: ID!) { followActor(input: { actorId: $id, notify: true, showReposts: false }) { userErrors { code } } }',
    { id: gus.actorGlobalId },
  );
  await block(world, dot, fox);
  await mute(dot, gus);
  await dot.graphql(
    'mutation ($ids: [ID!]!) { saveList(input: { title: "A, \\"b\\"", addActorIds: $ids }) { userErrors { code } } }',
    { ids: [eve.actorGlobalId] },
  );
  await followHashtag(dot, 'Kites');
  await dot.graphql(
    'mutation { setDomainBlock(input: { domain: "bad.example", blocked: true }) { userErrors { code } } }',
  );
  const files = await archiveOf(world, dot, { format: 'CSV_LISTS' });
  expect(
    Object.fromEntries([...files].map(([name, content]) => [name, content.toString()])),
  ).toEqual({
    'following_accounts.csv':
      'Account address,Show boosts,Notify on new posts,Languages\ngus@a.example,false,true,\neve@a.example,true,false,\n',
    'blocked_accounts.csv': 'fox@a.example\n',
    'blocked_domains.csv': 'bad.example\n',
    'muted_accounts.csv': 'Account address,Hide notifications\ngus@a.example,true\n',
    'bookmarks.csv': '',
    'lists.csv': '"A, ""b""",eve@a.example\n',
    'followed_hashtags.csv': '#Kites\n',
  });
});

test('one export at a time, one of each format in a week, even when asked for many times at once', async () => {
  const hal = await world.local('hal');
  const answers = await Promise.all(
    Array.from({ length: 8 }, () => requestExport(hal, { format: 'CSV_LISTS' })),
  );
  expect(answers.filter(({ export: made }) => made !== null).length).toBe(1);
  expect(answers.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual(
    Array(7).fill('CONFLICT'),
  );
  await world.settle();
  expect((await requestExport(hal, { format: 'CSV_LISTS' })).userErrors).toMatchObject([
    { code: 'RATE_LIMITED' },
  ]);
  expect((await requestExport(hal, { format: 'ACTIVITYPUB_ARCHIVE' })).userErrors).toEqual([]);
  await world.settle();
  world.clock.advance(7 * DAYS + 1);
  expect((await requestExport(hal, { format: 'CSV_LISTS' })).userErrors).toEqual([]);
  await world.settle();
});

test('an archive is fetched by its owner’s link alone, within an hour, and is gone after its days', async () => {
  const [ivy, jon] = [await world.local('ivy'), await world.local('jon')];
  await requestExport(ivy, { format: 'CSV_LISTS' });
  expect(await exportsOf(ivy)).toMatchObject([
    { state: 'QUEUED', downloadUrl: null, expiresAt: null },
  ]);
  await world.settle();
  const [made] = await exportsOf(ivy);
  expect(
    (await jon.graphql('query ($id: ID!) { node(id: $id) { id } }', { id: made!.id })).data['node'],
  ).toBeNull();
  const fetchIt = async (url: string): Promise<number> => {
    const response = await fetch(world.reach(url));
    await text(response.body as never);
    return response.status;
  };
  const url = made!.downloadUrl!;
  expect(await fetchIt(url)).toBe(200);
  expect(await fetchIt(url.replace(/signature=.{4}/, 'signature=AAAA'))).toBe(404);
  expect(await fetchIt(url.split('?')[0]!)).toBe(404);
  world.clock.advance(3_700);
  expect(await fetchIt(url)).toBe(404);
  const fresh = (await exportsOf(ivy))[0]!.downloadUrl!;
  expect(await fetchIt(fresh)).toBe(200);
  world.clock.advance(7 * DAYS);
  await runScheduled(world, 'sweepExports');
  expect(await exportsOf(ivy)).toMatchObject([{ state: 'SUCCEEDED', downloadUrl: null }]);
  expect(await fetchIt(fresh)).toBe(404);
});

test('an export that was cut off is begun anew, and goes with the account', async () => {
  const kim = await world.local('kim');
  await requestExport(kim, { format: 'CSV_LISTS' });
  await world.services.database.rows({
    name: 'test.lose_jobs',
    text: `delete from graphile_worker._private_jobs`,
  });
  world.clock.advance(1_801);
  await runScheduled(world, 'sweepExports');
  await world.settle();
  expect(await exportsOf(kim)).toMatchObject([{ state: 'SUCCEEDED' }]);
  const before = await storedExports();
  await kim.graphql(
    'mutation ($password: String!) { deleteAccount(input: { password: $password }) { userErrors { code } } }',
    { password: WORLD_PASSWORD },
  );
  world.clock.advance(14 * DAYS);
  await runScheduled(world, 'eraseDueAccounts');
  await world.settle();
  expect((await storedExports()).length).toBe(before.length - 1);
});

async function storedExports(): Promise<string[]> {
  const keys: string[] = [];
  for await (const key of world.services.storage.list())
    if (key.startsWith('exports/')) keys.push(key);
  return keys;
}
