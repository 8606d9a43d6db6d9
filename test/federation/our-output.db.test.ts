// What we send and publish, against what each peer is known to refuse: Pixelfed, Loops, Mastodon, GoToSocial.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, noteBy } from '../support/activities.js';
import { makeEmoji } from '../support/emojis.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish, react } from '../support/posts.js';
import { publishVideo } from '../support/videos.js';
import type { Person, World } from '../support/world.js';

const ACTIVITY = { accept: 'application/activity+json' };
/** Pixelfed reads no deeper, and keeps addresses in columns of this length. */
const [MOST_LEVELS, LONGEST_ADDRESS] = [8, 255];
/** For somebody in particular: servers that sort a shared inbox by addressees lose them there. */
const PERSONAL = new Set(['Like', 'EmojiReact', 'Follow', 'Accept', 'Reject', 'QuoteRequest']);
const SENT = statement(
  'test.all_sent',
  `select s.body::jsonb as body, array_agg(d.inbox_url) as inboxes
   from sent_activities s join deliveries d on d.activity_id = s.id where s.body <> '{}' group by s.id order by s.position`,
);

interface SentRow {
  readonly body: Record<string, unknown>;
  readonly inboxes: string[];
}

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let bob: PeerActor;
let sent: SentRow[];
let postUri: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  bob = peer.actor('bob');
  await doEverything();
  sent = await world.services.database.rows<SentRow>(SENT);
});

afterAll(() => stack.disposeAsync().then(() => undefined));

async function hear(activity: object): Promise<void> {
  world.clock.advance(1);
  expect(await peer.send(world, bob, activity)).toBe(202);
  await world.settle();
}

async function mutate(name: string, inputType: string, input: object): Promise<void> {
  const answer = await ada.graphql<Record<string, { userErrors: unknown[] }>>(
    `mutation ($input: ${inputType}!) { ${name}(input: $input) { userErrors { code message } } }`,
    { input },
  );
  expect(answer.data[name]!.userErrors).toEqual([]);
}

/** One of everything that people can do towards another server, some of it taken back. */
async function doEverything(): Promise<void> {
  await makeEmoji(world, await world.moderator(), 'kite');
  const adaUri = `https://a.example/actors/${ada.actorId}`;
  await hear(activityBy(bob, 'Follow', adaUri));
  const note = noteBy(bob, { cc: [adaUri] });
  await hear(activityBy(bob, 'Create', note));
  const found = await ada.graphql<{
    fetchRemoteObject: { object: { id: string; author: { id: string } } };
  }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { ... on PhotoPost { id author { id } } } } }',
    { url: note.id },
  );
  const { id: theirs, author } = found.data.fetchRemoteObject.object;
  await mutate('followActor', 'FollowActorInput', { actorId: author.id });
  const common = {
    caption: 'Up :kite: #kites @bob@peer.test',
    license: 'CC-BY-4.0',
    language: 'en',
  };
  const id = await publish(world, ada, { ...common, quotedPostId: theirs });
  postUri = `https://a.example/posts/${innerId(id)}`;
  await publishVideo(world, ada, { caption: 'It moves #kites' }, { title: 'Kites' });
  await publish(world, ada, { visibility: 'UNLISTED' });
  await publish(world, ada, { visibility: 'FOLLOWERS' });
  await comment(ada, theirs, 'Fine :kite:');
  await world.settle();
  for (const content of ['❤', ':kite:', '🔥']) {
    expect(await react(ada, theirs, content)).toEqual([]);
    await world.settle();
  }
  await mutate('setRepost', 'SetRepostInput', { postId: theirs, reposted: true });
  await mutate('updateProfile', 'UpdateProfileInput', { displayName: 'Ada :kite:' });
  await world.settle();
  await hear(
    activityBy(bob, 'QuoteRequest', postUri, { instrument: noteBy(bob, { quote: postUri }) }),
  );
  await mutate('setRepost', 'SetRepostInput', { postId: theirs, reposted: false });
  const gone = await publish(world, ada);
  await world.settle();
  await mutate('deletePost', 'DeletePostInput', { postId: gone });
  await world.settle();
}

const isForAll = ({ to, cc }: Record<string, unknown>): boolean =>
  [to, cc].flat().some((uri) => String(uri).endsWith('#Public'));

function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map((one) => depthOf(one)));
}

/** Every address in a document with the name of its property. */
function* addressesIn(value: unknown, name = ''): Generator<readonly [string, string]> {
  if (typeof value === 'string' && /^https?:/.test(value)) yield [name, value];
  if (typeof value !== 'object' || value === null) return;
  for (const [key, one] of Object.entries(value))
    if (key !== '@context') yield* addressesIn(one, Array.isArray(value) ? name : key);
}

const documentsIn = (body: Record<string, unknown>): Record<string, unknown>[] => {
  const { object } = body;
  return typeof object === 'object' && object !== null
    ? [body, object as Record<string, unknown>]
    : [body];
};

test('everything was sent', () => {
  const types = new Set(sent.map(({ body }) => body['type']));
  const expected = [
    'Accept',
    'Follow',
    'Create',
    'Like',
    'EmojiReact',
    'Undo',
    'Announce',
    'Update',
    'QuoteRequest',
    'Delete',
  ];
  expect([...types]).toEqual(expect.arrayContaining(expected));
});

test('no document is deeper, and no address longer, than Pixelfed reads; no address for everybody has a query', () => {
  for (const { body } of sent) {
    expect([body['id'], depthOf(body)]).toEqual([body['id'], expect.any(Number)]);
    expect(depthOf(body)).toBeLessThanOrEqual(MOST_LEVELS);
    for (const [name, address] of addressesIn(body)) {
      expect([name, address, address.length <= LONGEST_ADDRESS]).toEqual([name, address, true]);
      // Pictures that are not for everybody are behind links that are secrets.
      if (isForAll(body) && address.startsWith('https://a.example/'))
        expect([name, new URL(address).search]).toEqual([name, '']);
    }
  }
});

test('each activity has a context, an id, an actor and addressees as lists; its object the same ones', () => {
  for (const { body } of sent) {
    expect(body).toMatchObject({
      '@context': expect.any(Array),
      id: expect.stringMatching(/^https:\/\/a\.example\//),
      type: expect.any(String),
      actor: expect.stringMatching(/^https:\/\/a\.example\//),
      to: expect.any(Array),
      cc: expect.any(Array),
    });
    for (const { to, cc } of documentsIn(body) as { to?: string[]; cc?: string[] }[])
      if (to && cc) {
        expect([body['id'], to.length + cc.length > 0]).toEqual([body['id'], true]);
        expect([...to, ...cc].filter((uri) => uri.endsWith('#Public')).length).toBeLessThanOrEqual(
          1,
        );
      }
  }
});

test('what is for somebody in particular names them and goes to their own inbox', () => {
  for (const { body, inboxes } of sent) {
    const undone = body['type'] === 'Undo' ? (body['object'] as { type: string }).type : null;
    if (!PERSONAL.has(String(undone ?? body['type']))) continue;
    expect([body['type'], body['to'], inboxes]).toEqual([
      body['type'],
      [bob.uri],
      [`${bob.uri}/inbox`],
    ]);
  }
});

test('notes have what Mastodon, Pixelfed and Loops ask of them', () => {
  for (const { body } of sent.filter(({ body: one }) => one['type'] === 'Create')) {
    const note = body['object'] as Record<string, unknown>;
    expect(note).toMatchObject({
      type: 'Note',
      url: expect.any(String),
      attributedTo: body['actor'],
      published: expect.stringMatching(/Z$/),
      content: expect.any(String),
      sensitive: expect.any(Boolean),
      to: body['to'],
      cc: body['cc'],
      attachment: expect.any(Array),
      tag: expect.any(Array),
    });
    for (const one of note['attachment'] as object[])
      expect(one).toMatchObject({
        type: 'Document',
        mediaType: expect.stringMatching(/^(?:image\/jpeg|video\/mp4)$/),
        url: expect.any(String),
      });
  }
});

test('documents are served as the exact type that all of them take, without a redirect', async () => {
  const type = 'application/activity+json; charset=utf-8';
  const actorUri = `https://a.example/actors/${ada.actorId}`;
  const post = (await (await fetch(world.reach(postUri), { headers: ACTIVITY })).json()) as {
    tag: { type: string; id: string }[];
  };
  const emoji = post.tag.find((tag) => tag.type === 'Emoji')!.id;
  for (const uri of [
    postUri,
    actorUri,
    `${actorUri}/followers`,
    `${actorUri}/outbox`,
    emoji,
    'https://a.example/actor',
  ])
    for (const query of ['', '?cb=1']) {
      const answer = await fetch(world.reach(uri) + query, {
        headers: ACTIVITY,
        redirect: 'manual',
      });
      expect([uri, answer.status, answer.headers.get('content-type')]).toEqual([uri, 200, type]);
      expect(depthOf(await answer.json())).toBeLessThanOrEqual(MOST_LEVELS);
    }
  for (const { headers, method } of peer.requests)
    if (method === 'POST') expect(headers['content-type']).toBe('application/activity+json');
});
