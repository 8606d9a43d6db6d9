// Custom emoji between servers: in texts, profiles and reactions, from here and from there, honest and hostile.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { MAX_REMOTE_EMOJIS } from '../../src/emojis/keep-remote-emojis.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, noteBy } from '../support/activities.js';
import { makeEmoji } from '../support/emojis.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish, react } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const ACTIVITY = { accept: 'application/activity+json' };
const SENT = statement(
  'test.sent_reactions',
  `select body::jsonb as body from sent_activities where body::jsonb->>'type' = any($1::text[]) order by position`,
);
const PICTURES = statement(
  'test.emoji_pictures',
  `select e.shortcode, e.domain, m.state, e.picture_url as url from remote_emojis e join media m on m.id = e.media_id
   where e.domain = $1 order by e.shortcode`,
);
const REACTION = statement(
  'test.reaction',
  `select r.content from reactions r join actors a on a.id = r.actor_id where a.uri = $1`,
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let other: FakePeer;
let postId: string;
let postUri: string;
let picture: Buffer;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  peer = stack.use(await startFakePeer(network, 'misskey.test'));
  other = stack.use(await startFakePeer(network, 'sharkey.test'));
  const background = { r: 20, g: 160, b: 90, alpha: 1 };
  picture = await sharp({ create: { width: 48, height: 48, channels: 4, background } })
    .png()
    .toBuffer();
  for (const one of [peer, other]) one.serve('/e/blob.png', { type: 'image/png', body: picture });
  postId = await publish(world, ada);
  postUri = `https://a.example/posts/${innerId(postId)}`;
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

/** As Misskey writes it. */
function emojiTag(of: FakePeer, shortcode: string, url = `${of.origin}/e/blob.png`) {
  return {
    id: `${of.origin}/emojis/${shortcode}`,
    type: 'Emoji',
    name: `:${shortcode}:`,
    updated: '2026-05-01T00:00:00.000Z',
    icon: { type: 'Image', mediaType: 'image/png', url },
  };
}

async function hear(from: FakePeer, actor: PeerActor, activity: object): Promise<void> {
  world.clock.advance(1);
  expect(await from.send(world, actor, activity)).toBe(202);
  await world.settle();
}

interface Shown {
  readonly shortcode: string;
  readonly domain: string | null;
  readonly url: string;
}

const EMOJI = 'shortcode domain url staticUrl isListed isEnabled';

async function reactions(): Promise<{ content: string; count: number; emoji: Shown | null }[]> {
  const answer = await ada.graphql<{
    post: { reactions: { content: string; count: number; emoji: Shown | null }[] };
  }>(
    `query ($id: ID!) { post(by: { id: $id }) { reactions { content count emoji { ${EMOJI} } } } }`,
    {
      id: postId,
    },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.post.reactions;
}

async function reactionOf(actor: PeerActor): Promise<string | null> {
  return (
    (await world.services.database.row<{ content: string }>(REACTION, [actor.uri]))?.content ?? null
  );
}

const kept = (host: string) =>
  world.services.database.rows<{ shortcode: string; state: string; url: string }>(PICTURES, [host]);

test('one name on two servers is two emoji, each with a picture from here', async () => {
  const [mia, sam] = [peer.actor('mia'), other.actor('sam')];
  const like = { _misskey_reaction: ':blob:', content: ':blob:', tag: [emojiTag(peer, 'blob')] };
  await hear(peer, mia, activityBy(mia, 'Like', postUri, like));
  const react2 = { content: ':blob:', tag: [emojiTag(other, 'blob')] };
  await hear(other, sam, activityBy(sam, 'EmojiReact', postUri, react2));
  const shown = await reactions();
  expect(shown.map(({ content, count }) => [content, count])).toEqual([
    [':blob@misskey.test:', 1],
    [':blob@sharkey.test:', 1],
  ]);
  for (const { emoji } of shown) {
    expect(emoji).toMatchObject({ shortcode: 'blob', isListed: false, isEnabled: true });
    const answer = await fetch(world.reach(emoji!.url));
    expect([new URL(emoji!.url).host, answer.status]).toEqual(['a.example', 200]);
    expect(answer.headers.get('content-type')).toMatch(/^image\//);
  }
  expect(new Set(shown.map(({ emoji }) => emoji!.url)).size).toBe(2);
  for (const one of [peer, other])
    expect(one.requests.filter(({ path }) => path === '/e/blob.png')).toHaveLength(1);
});

test('each Undo takes back what it names, also when another reaction came in between', async () => {
  const una = peer.actor('una');
  const blob = activityBy(una, 'Like', postUri, {
    _misskey_reaction: ':blob@.:',
    tag: [emojiTag(peer, 'blob')],
  });
  await hear(peer, una, blob);
  expect(await reactionOf(una)).toBe(':blob@misskey.test:');
  const fire = activityBy(una, 'EmojiReact', postUri, { content: '🔥' });
  await hear(peer, una, fire);
  expect(await reactionOf(una)).toBe('🔥');
  await hear(peer, una, activityBy(una, 'Undo', blob));
  expect(await reactionOf(una)).toBe('🔥');
  await hear(peer, una, activityBy(una, 'Undo', fire));
  expect(await reactionOf(una)).toBeNull();
  const heart = activityBy(una, 'Like', postUri, { _misskey_reaction: '❤️', content: '❤️' });
  await hear(peer, una, heart);
  expect(await reactionOf(una)).toBe('❤');
  await hear(peer, una, activityBy(una, 'Undo', heart.id));
  expect(await reactionOf(una)).toBeNull();
  const bare = activityBy(una, 'Like', postUri, { content: ':unheard_of:' });
  await hear(peer, una, bare);
  expect(await reactionOf(una)).toBe('❤');
  await hear(peer, una, activityBy(una, 'Undo', bare));
  expect(await reactionOf(una)).toBeNull();
});

test('texts, warnings and profiles of others show the emoji of their own server', async () => {
  await makeEmoji(world, await world.moderator(), 'leaf');
  const tag = [emojiTag(peer, 'leaf'), emojiTag(peer, 'sun', `${peer.origin}/e/blob.png`)];
  const vic = peer.actor('vic', { name: 'Vic :sun:', tag });
  const to = [`https://a.example/actors/${ada.actorId}`];
  const note = noteBy(vic, { content: '<p>:leaf: and :sun:</p>', cc: to, tag });
  await hear(peer, vic, activityBy(vic, 'Create', note));
  await hear(
    peer,
    vic,
    activityBy(vic, 'Create', answerBy(vic, postUri, { content: ':sun:', tag })),
  );
  const answer = await ada.graphql<{
    post: { comments: { nodes: { emojis: Shown[]; author: { emojis: Shown[] } }[] } };
    byUrl: { object: { emojis: Shown[] } };
  }>(
    `mutation ($url: URL!) { byUrl: fetchRemoteObject(input: { url: $url }) { object { ... on PhotoPost { emojis { ${EMOJI} } } } } }`,
    { url: note.id },
  );
  expect(answer.data.byUrl.object.emojis).toMatchObject([
    { shortcode: 'leaf', domain: 'misskey.test' },
    { shortcode: 'sun', domain: 'misskey.test' },
  ]);
  const read = await ada.graphql<typeof answer.data>(
    `query ($id: ID!) { post(by: { id: $id }) { comments(first: 5) { nodes { emojis { ${EMOJI} } author { emojis { ${EMOJI} } } } } } }`,
    { id: postId },
  );
  expect(read.data.post.comments.nodes).toMatchObject([
    {
      emojis: [{ shortcode: 'sun', domain: 'misskey.test' }],
      author: { emojis: [{ shortcode: 'sun' }] },
    },
  ]);
});

test('hostile: scripts, huge and missing pictures are never shown, and names of others are not taken', async () => {
  const wes = peer.actor('wes');
  const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
  peer.serve('/e/bad.svg', { type: 'image/svg+xml', body: svg });
  peer.serve('/e/lying.png', { type: 'image/png', body: svg });
  peer.serve('/e/huge.png', { type: 'image/png', body: Buffer.alloc(600 * 1024) });
  const names = ['bad.svg', 'lying.png', 'huge.png', 'none.png'];
  for (const name of names) {
    const shortcode = name.replace(/\W.*/, '');
    const tag = [emojiTag(peer, shortcode, `${peer.origin}/e/${name}`)];
    await hear(
      peer,
      wes,
      activityBy(wes, 'EmojiReact', postUri, { content: `:${shortcode}:`, tag }),
    );
    world.clock.advance(3 * 3600);
    await world.settle();
    expect(await reactionOf(wes)).toBe(`:${shortcode}@misskey.test:`);
    expect(
      (await reactions()).find(({ content }) => content.startsWith(`:${shortcode}`)),
    ).toMatchObject({ emoji: null });
  }
  const states = (await kept('misskey.test')).map(({ shortcode, state }) => [shortcode, state]);
  expect(states).toEqual(
    expect.arrayContaining([
      ['bad', 'FAILED'],
      ['huge', 'FAILED'],
      ['lying', 'REJECTED'],
      ['none', 'FAILED'],
    ]),
  );
  for (const content of [':blob@sharkey.test:', ':blob@a.example:', ':leaf:', ':a b:', ':x:'])
    for (const tag of [
      [],
      [emojiTag(other, 'blob')],
      [{ type: 'Emoji', name: 7, icon: 'javascript:1' }],
    ]) {
      await hear(peer, wes, activityBy(wes, 'EmojiReact', postUri, { content, tag }));
      expect([content, await reactionOf(wes)]).toEqual([
        content,
        content === ':leaf:' ? ':leaf@misskey.test:' : '❤',
      ]);
    }
  expect(await react(ada, postId, ':blob@misskey.test:')).toMatchObject([
    { code: 'INVALID_INPUT' },
  ]);
});

test('hostile: a server cannot have more emoji kept than there is room for, nor a picture fetched without end', async () => {
  const flood = stack.use(await startFakePeer(network, 'flood.test'));
  flood.serve('/e/blob.png', { type: 'image/png', body: picture });
  const xan = flood.actor('xan');
  const many = Array.from({ length: 90 }, (_, index) => emojiTag(flood, `many_${index}`));
  await hear(flood, xan, activityBy(xan, 'Create', answerBy(xan, postUri, { tag: many })));
  expect(await kept('flood.test')).toHaveLength(30);
  for (let index = 0; index < 3; index++) {
    const tag = [emojiTag(flood, 'many_0', `${flood.origin}/e/other_${index}.png`)];
    await hear(flood, xan, activityBy(xan, 'Create', answerBy(xan, postUri, { tag })));
  }
  expect((await kept('flood.test'))[0]).toMatchObject({ url: `${flood.origin}/e/blob.png` });
  world.clock.advance(25 * 3600);
  flood.serve('/e/new.png', { type: 'image/png', body: picture });
  const tag = [emojiTag(flood, 'many_0', `${flood.origin}/e/new.png`)];
  await hear(flood, xan, activityBy(xan, 'Create', answerBy(xan, postUri, { tag })));
  expect((await kept('flood.test'))[0]).toMatchObject({
    url: `${flood.origin}/e/new.png`,
    state: 'READY',
  });
  await world.services.database.rows(
    statement(
      'test.fill_remote_emojis',
      `insert into remote_emojis (id, domain, site, shortcode, picture_url, media_id, created_at, updated_at)
       select gen_random_uuid(), domain, site, 'fill_' || n, picture_url, media_id, created_at, updated_at
       from (select * from remote_emojis where domain = 'flood.test' limit 1) one, generate_series(1, ${MAX_REMOTE_EMOJIS - 30}) n`,
    ),
  );
  const more = [emojiTag(flood, 'one_more')];
  await hear(flood, xan, activityBy(xan, 'Create', answerBy(xan, postUri, { tag: more })));
  expect((await kept('flood.test')).some(({ shortcode }) => shortcode === 'one_more')).toBe(false);
  const below = stack.use(await startFakePeer(network, 'x7.flood.test'));
  const yan = below.actor('yan');
  const theirs = [emojiTag(below, 'below')];
  await hear(below, yan, activityBy(yan, 'Create', answerBy(yan, postUri, { tag: theirs })));
  expect(await kept('x7.flood.test')).toEqual([]);
});

test('our own emoji are tagged in posts, comments, profiles and reactions, and stand at their id', async () => {
  const mod = await world.moderator();
  await makeEmoji(world, mod, 'kite');
  await makeEmoji(world, mod, 'old_kite', { isEnabled: false });
  await ada.graphql(
    'mutation { updateProfile(input: { displayName: "Ada :kite:" }) { userErrors { code } } }',
  );
  const id = await publish(world, ada, { caption: 'Up :kite: :old_kite: :nothing:' });
  const documentAt = async (path: string): Promise<{ tag: Record<string, unknown>[] }> => {
    const answer = await fetch(world.reach(`https://a.example${path}`), { headers: ACTIVITY });
    expect(answer.headers.get('content-type')).toBe('application/activity+json; charset=utf-8');
    return (await answer.json()) as { tag: Record<string, unknown>[] };
  };
  const { tag } = await documentAt(`/posts/${innerId(id)}`);
  expect(tag).toEqual([
    {
      id: expect.stringMatching(/^https:\/\/a\.example\/emojis\//),
      type: 'Emoji',
      name: ':kite:',
      updated: expect.any(String),
      icon: { type: 'Image', mediaType: 'image/jpeg', url: expect.stringMatching(/^https:/) },
    },
  ]);
  expect(await documentAt(new URL(String(tag[0]!['id'])).pathname)).toMatchObject(tag[0]!);
  expect((await documentAt(`/actors/${ada.actorId}`)).tag).toEqual(tag);
  const yva = peer.actor('yva');
  const note = noteBy(yva, { cc: [`https://a.example/actors/${ada.actorId}`] });
  await hear(peer, yva, activityBy(yva, 'Create', note));
  const found = await ada.graphql<{ fetchRemoteObject: { object: { id: string } } }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { id } } }',
    { url: note.id },
  );
  const there = found.data.fetchRemoteObject.object.id;
  expect(await react(ada, there, ':kite:')).toEqual([]);
  await comment(ada, there, 'Nice :kite:');
  await world.settle();
  expect(await react(ada, there, null)).toEqual([]);
  await world.settle();
  const sent = await world.services.database.rows<{ body: Record<string, unknown> }>(SENT, [
    ['EmojiReact', 'Undo'],
  ]);
  expect(sent.map(({ body }) => body)).toMatchObject([
    { type: 'EmojiReact', content: ':kite:', object: note.id, tag },
    { type: 'Undo', object: { type: 'EmojiReact', content: ':kite:', tag } },
  ]);
});

test('two servers of ours see each other’s emoji', async () => {
  const b = await network.join('b.example');
  b.clock.advance((world.clock.now().getTime() - b.clock.now().getTime()) / 1000);
  const ben = await b.local('ben');
  await makeEmoji(b, await b.moderator(), 'kite');
  await meet(ben, 'ada@a.example');
  const found = await ben.graphql<{ fetchRemoteObject: { object: { id: string } } }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { id } } }',
    { url: postUri },
  );
  expect(await react(ben, found.data.fetchRemoteObject.object.id, ':kite:')).toEqual([]);
  await network.settle();
  expect((await reactions()).map(({ content }) => content)).toContain(':kite@b.example:');
});
