// What people on other servers write without pictures, as it is shown, found and answered here.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, noteBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, react } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let bob: PeerActor;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  ada = await world.local('ada');
  bob = peer.actor('bob');
  const actorId = await meet(ada, 'bob@peer.test');
  await done('followActor', { actorId });
  await world.settle();
  const follow = { type: 'Follow', actor: uriOf(ada), object: bob.uri };
  await hear(activityBy(bob, 'Accept', follow));
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;

async function hear(activity: object): Promise<void> {
  expect(await peer.send(world, bob, activity)).toBe(202);
  await world.settle();
}

async function done(mutation: string, input: Record<string, unknown>): Promise<void> {
  const type = mutation[0]!.toUpperCase() + mutation.slice(1);
  const answer = await ada.graphql<Record<string, { userErrors: unknown[] }>>(
    `mutation ($input: ${type}Input!) { ${mutation}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  expect(answer.errors).toBeUndefined();
  expect(answer.data[mutation]!.userErrors).toEqual([]);
}

interface SeenText {
  readonly __typename: string;
  readonly id: string;
  readonly uri: string;
  readonly caption: string;
  readonly title: string | null;
  readonly contentWarning: string | null;
  readonly url: string;
  readonly media: object[];
}

const TEXT = `__typename ... on Post { id uri url caption contentWarning media { id } } ... on TextPost { title }`;

async function ask<Data>(document: string, variables: Record<string, unknown> = {}): Promise<Data> {
  const answer = await ada.graphql<Data>(document, variables);
  expect(answer.errors).toBeUndefined();
  return answer.data;
}

async function home(kinds: string): Promise<SeenText[]> {
  const data = await ask<{ viewer: { homeTimeline: { nodes: SeenText[] } } }>(
    `{ viewer { homeTimeline(first: 50, filter: { kinds: [${kinds}] }) { nodes { ${TEXT} } } } }`,
  );
  return data.viewer.homeTimeline.nodes;
}

/** Has somebody who is followed publish it, and finds it in the timeline. */
async function published(document: { id: string }): Promise<SeenText | undefined> {
  await hear(activityBy(bob, 'Create', document));
  return (await home('PHOTO, TEXT')).find(({ uri }) => uri === document.id);
}

const text = (more: object = {}) => noteBy(bob, { attachment: [], ...more });

test('a note without pictures of somebody who is followed is a text post everywhere', async () => {
  const note = text({
    content: '<p>Merely words, #harbour</p>',
    tag: [{ type: 'Hashtag', name: '#harbour', href: `${peer.origin}/tags/harbour` }],
  });
  const seen = await published(note);
  expect(seen).toMatchObject({ __typename: 'TextPost', title: null, media: [], url: note.id });
  const { id } = seen!;
  const found = await ask<Record<string, { nodes: { id: string }[] }>>(
    `{ public: publicTimeline(first: 5, filter: { kinds: [TEXT] }) { nodes { id } }
       photos: publicTimeline(first: 5, filter: { kinds: [PHOTO] }) { nodes { id } } }`,
  );
  expect(found['public']!.nodes).toEqual([{ id }]);
  expect(found['photos']!.nodes).toEqual([]);
  expect((await home('PHOTO')).map((one) => one.id)).not.toContain(id);
  const tagged = await ask<{ hashtag: { posts: { nodes: object[] } } }>(
    `{ hashtag(name: "harbour") { posts(first: 5) { nodes { __typename id } } } }`,
  );
  expect(tagged.hashtag.posts.nodes).toEqual([{ __typename: 'TextPost', id }]);
});

test('text posts are answered, liked, reposted, bookmarked and quoted like any', async () => {
  const { id } = (await published(text()))!;
  await comment(ada, id, 'Well said.');
  expect(await react(ada, id, '❤')).toEqual([]);
  await done('setRepost', { postId: id, reposted: true });
  await done('setBookmark', { postId: id, bookmarked: true });
  await world.settle();
  const data = await ask<{ node: object; viewer: object }>(
    `query ($id: ID!) { node(id: $id) { ... on TextPost { counts { likes comments reposts }
       viewerState { isLiked isReposted isBookmarked } viewerPermissions { canQuote canEdit canDelete }
       comments(first: 2) { nodes { content } } } } }`,
    { id },
  );
  expect(data.node).toEqual({
    counts: { likes: 1, comments: 1, reposts: 1 },
    viewerState: { isLiked: true, isReposted: true, isBookmarked: true },
    viewerPermissions: { canQuote: true, canEdit: false, canDelete: false },
    comments: { nodes: [{ content: '<p>Well said.</p>' }] },
  });
  const activities = peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => (JSON.parse(body) as { type: string }).type);
  expect(activities).toEqual(expect.arrayContaining(['Create', 'Like', 'Announce']));
});

test('a text that names somebody here comes from whoever wrote it, and is notified of', async () => {
  const stranger = peer.actor('stranger');
  const note = noteBy(stranger, {
    attachment: [],
    cc: [uriOf(ada)],
    tag: [{ type: 'Mention', href: uriOf(ada), name: '@ada@a.example' }],
  });
  const unwanted = noteBy(stranger, { attachment: [] });
  for (const document of [note, unwanted])
    expect(await peer.send(world, stranger, activityBy(stranger, 'Create', document))).toBe(202);
  await world.settle();
  const data = await ask<{
    viewer: { notifications: { nodes: { kind: string; subject: object }[] } };
  }>(`{ viewer { notifications(first: 10) { nodes { kind subject { ${TEXT} } } } } }`);
  expect(data.viewer.notifications.nodes.filter(({ kind }) => kind === 'MENTION')).toMatchObject([
    { subject: { __typename: 'TextPost', uri: note.id } },
  ]);
  const kept = statement('test.text_posts.kept', 'select from posts where uri = $1');
  expect(await world.services.database.row(kept, [unwanted.id])).toBeNull();
});

test('who is named by the address of their page is named, if the page is of this server', async () => {
  const eve = peer.actor('eve');
  await world.local('pia');
  const named = async (href: string): Promise<boolean> => {
    const note = noteBy(eve, { attachment: [], tag: { type: 'Mention', href, name: '@x' } });
    world.clock.advance(1);
    expect(await peer.send(world, eve, activityBy(eve, 'Create', note))).toBe(202);
    await world.settle();
    const text = 'select from posts where uri = $1';
    const kept = await world.services.database.rows(statement('test.kept_and_named', text), [
      note.id,
    ]);
    return kept.length === 1;
  };
  expect(await named('https://a.example/@Pia')).toBe(true);
  expect(await named('https://a.example/@nobody')).toBe(false);
  expect(await named('https://peer.test/@pia')).toBe(false);
});

test('a text is found by its address, and by what it says', async () => {
  const carl = peer.actor('carl', { indexable: true });
  const note = noteBy(carl, { attachment: [], content: '<p>Unmistakable zephyrs</p>' });
  peer.serve(new URL(note.id).pathname, { body: note });
  const looked = await ask<{ fetchRemoteObject: { object: SeenText } }>(
    `mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { ${TEXT} } } }`,
    { url: note.id },
  );
  expect(looked.fetchRemoteObject.object).toMatchObject({ __typename: 'TextPost', uri: note.id });
  await world.settle();
  const data = await ask<{ search: { posts: { nodes: object[] } } }>(
    `{ search(query: "zephyrs") { posts(first: 5) { nodes { ${TEXT} } } } }`,
  );
  expect(data.search.posts.nodes).toMatchObject([{ __typename: 'TextPost', uri: note.id }]);
});

test('articles, pages and polls are texts with a title and a link to where they stand', async () => {
  const page = `${peer.origin}/pages/1`;
  const article = text({
    type: 'Article',
    name: 'On <b>fog</b>',
    summary: 'What it is.',
    content: '<h2>Fog</h2><p>Water.</p><script>alert(1)</script>',
    url: page,
  });
  expect(await published(article)).toMatchObject({
    __typename: 'TextPost',
    title: 'On fog',
    contentWarning: null,
    url: page,
    caption: `<p><strong>On fog</strong></p><p>Fog</p><p>Water.</p><p><a href="${page}" rel="nofollow noopener ugc">${page}</a></p>`,
  });
  const abstract = text({
    type: 'Page',
    summary: '<p>In short</p>',
    content: undefined,
    url: page,
  });
  expect((await published(abstract))?.caption).toMatch(/^<p>In short<\/p><p><a href/);
  const poll = text({
    type: 'Question',
    content: '<p>Which?</p>',
    oneOf: [
      { type: 'Note', name: 'This', replies: { type: 'Collection', totalItems: 3 } },
      { type: 'Note', name: 'That <img src=x>' },
      'nonsense',
    ],
    url: page,
  });
  expect((await published(poll))?.caption).toMatch(
    /^<p>Which\?<\/p><ul><li>This<\/li><li>That<\/li><\/ul><p><a href/,
  );
});

test('a text that gets a picture is a photo post, and the other way round', async () => {
  const note = text();
  await published(note);
  const { attachment } = noteBy(bob);
  world.clock.advance(10);
  const updated = (): string => world.clock.now().toISOString();
  await hear(activityBy(bob, 'Update', { ...note, attachment, updated: updated() }));
  expect((await home('PHOTO')).map(({ uri }) => uri)).toContain(note.id);
  world.clock.advance(10);
  await hear(activityBy(bob, 'Update', { ...note, updated: updated() }));
  expect((await home('TEXT')).map(({ uri }) => uri)).toContain(note.id);
});

test('what says nothing is not kept, and a deleted text says nothing any more', async () => {
  for (const content of ['', '  ', '<p></p><br>', undefined])
    expect(await published(text({ content, name: 'This' }))).toBeUndefined();
  const article = text({ type: 'Article', name: 'Gone' });
  expect(await published(article)).toBeDefined();
  await hear(activityBy(bob, 'Delete', article.id));
  const left = statement(
    'test.left_of_text',
    'select title, content_html as html from posts where uri = $1',
  );
  expect(await world.services.database.row(left, [article.id])).toEqual({ title: null, html: '' });
});
