// What strangers send to little effect: how long it is remembered, how often it is heard, and what is left of who is gone.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { STRANGER_MESSAGES, STRANGERS_MESSAGES } from '../../src/chat/receive-chat-message.js';
import { setActorLimited } from '../../src/actors/set-actor-status.js';
import { pruneFederation } from '../../src/federation/jobs/prune-federation.job.js';
import { fetchActor, findRemoteActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { activityBy, freshId, noteBy } from '../support/activities.js';
import { arrange, chatOf, write } from '../support/chat.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { block, innerId, publish } from '../support/posts.js';
import { ask, signedBy } from '../support/signed-fetch.js';
import type { Person, World } from '../support/world.js';

const DAY = 24 * 3600;
const KEPT = statement(
  'test.kept_activities',
  'select activity_uri as uri from received_activities where actor_uri = $1 order by received_at, id',
);
const FOLLOWS = statement(
  'test.little_effect.follows_of',
  'select count(*)::int as count from follows f join actors a on a.id = f.follower_id where a.uri = $1',
);
const LEFT = statement(
  'test.left_of',
  `select (select count(*)::int from quote_authorizations where quoted_author_id = $1) as stamps,
     (select count(*)::int from waiting_notes where actor_id = $1) as waiting,
     (select count(*)::int from conversation_members where actor_id = $1) as conversations`,
);
const STAMP = statement(
  'test.add_stamp',
  `insert into quote_authorizations (id, uri, quoting_uri, quoted_uri, quoted_author_id, created_at)
   values (gen_random_uuid(), $1, $2, $3, $4, now())`,
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let adaUri: string;
let adaPost: string;
let peer: FakePeer;
let people = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  adaUri = `https://a.example/actors/${ada.actorId}`;
  adaPost = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  peer = stack.use(await startFakePeer(network, 'peer.test'));
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const somebody = (): PeerActor => peer.actor(`nell${(people += 1)}`);

async function hear(actor: PeerActor, activity: object, from = peer): Promise<void> {
  world.clock.advance(1);
  expect(await from.send(world, actor, activity)).toBe(202);
  await world.settle();
}

async function keptOf({ uri }: PeerActor): Promise<string[]> {
  return (await world.services.database.rows<{ uri: string }>(KEPT, [uri])).map((row) => row.uri);
}

async function followsOf({ uri }: PeerActor): Promise<number> {
  return (await world.services.database.row<{ count: number }>(FOLLOWS, [uri]))!.count;
}

function messageBy(author: PeerActor, to = [adaUri]) {
  const tag = to.map((href) => ({ type: 'Mention', href }));
  return activityBy(author, 'Create', noteBy(author, { to, cc: [], tag, attachment: [] }), { to });
}

test('F62 what had no effect is remembered for two days, the rest for thirty', async () => {
  const nell = somebody();
  const like = activityBy(nell, 'Like', adaPost);
  await hear(nell, like);
  const elsewhere = freshId(nell);
  await hear(nell, activityBy(nell, 'Create', noteBy(nell)));
  await hear(nell, activityBy(nell, 'Like', elsewhere));
  await hear(nell, activityBy(nell, 'Announce', elsewhere));
  expect(await keptOf(nell)).toHaveLength(4);
  const prune = () => pruneFederation.run({ ...world.services, jobId: '0', attempt: 1 }, {});
  await prune();
  expect(await keptOf(nell)).toHaveLength(4);
  world.clock.advance(2 * DAY + 60);
  await prune();
  expect(await keptOf(nell)).toEqual([like.id]);
  world.clock.advance(29 * DAY);
  await prune();
  expect(await keptOf(nell)).toEqual([]);
});

test('an Undo that comes before its Follow ends it, and only that one', async () => {
  const nell = somebody();
  const follow = activityBy(nell, 'Follow', adaUri);
  const undo = () => activityBy(nell, 'Undo', follow);
  await hear(nell, undo());
  await hear(nell, follow);
  expect(await followsOf(nell)).toBe(0);
  await hear(nell, follow);
  expect(await followsOf(nell)).toBe(1);
  await hear(nell, undo());
  expect(await followsOf(nell)).toBe(0);
  await hear(nell, follow);
  expect(await followsOf(nell)).toBe(1);
});

test('the Undo of a Follow that never came is forgotten after three days', async () => {
  const nell = somebody();
  const follow = activityBy(nell, 'Follow', adaUri);
  await hear(nell, activityBy(nell, 'Undo', follow));
  world.clock.advance(3 * DAY);
  await hear(nell, follow);
  expect(await followsOf(nell)).toBe(1);
});

test('C2 a stranger is heard so often in a day, and so are all strangers of one domain', async () => {
  const { rateLimiter } = world.services;
  const nell = somebody();
  const requests = async () => (await chatOf(ada)).messageRequests.nodes.length;
  await hear(nell, messageBy(nell));
  expect(await requests()).toBe(1);
  const { actorId } = (await findRemoteActor(world.services.database, nell.uri))!;
  await rateLimiter.charge(STRANGER_MESSAGES, actorId, STRANGER_MESSAGES.points);
  const ben = await world.local('ben');
  await hear(nell, messageBy(nell, [`https://a.example/actors/${ben.actorId}`]));
  expect((await chatOf(ben)).messageRequests.nodes).toEqual([]);
  await rateLimiter.charge(STRANGERS_MESSAGES, 'peer.test', STRANGERS_MESSAGES.points);
  const below = stack.use(await startFakePeer(network, 'below.peer.test'));
  const dora = below.actor('dora');
  await hear(dora, messageBy(dora), below);
  expect(await requests()).toBe(1);
  const [request] = (await chatOf(ada)).messageRequests.nodes;
  await arrange(ada, request!.id, { acceptRequest: true });
  await hear(nell, messageBy(nell));
  const [accepted] = (await chatOf(ada)).conversations.nodes;
  expect(accepted!.messages.nodes).toHaveLength(2);
  await rateLimiter.reset(STRANGERS_MESSAGES, 'peer.test');
});

test('C2 requests of whoever the staff limited are not listed', async () => {
  const nell = somebody();
  const { actorId } = await fetchActor(world.services, nell.uri);
  const limit = (isLimited: boolean) =>
    world.services.database.transaction((tx) =>
      setActorLimited(tx, actorId, isLimited, world.clock.now()),
    );
  const before = (await chatOf(ada)).messageRequests.nodes.length;
  await limit(true);
  await hear(nell, messageBy(nell));
  expect((await chatOf(ada)).messageRequests.nodes).toHaveLength(before);
  await limit(false);
  expect((await chatOf(ada)).messageRequests.nodes).toHaveLength(before + 1);
});

test('who is gone leaves no stamp, nothing that waits and no place in a conversation', async () => {
  const { database } = world.services;
  const nell = somebody();
  await hear(nell, messageBy(nell));
  const { actorId } = (await findRemoteActor(database, nell.uri))!;
  const request = (await chatOf(ada)).messageRequests.nodes[0]!;
  await arrange(ada, request.id, { acceptRequest: true });
  await write(ada, request.id, 'Hello Nell');
  await database.transaction((tx) =>
    tx.rows(STAMP, [freshId(nell), freshId(nell), freshId(nell), actorId]),
  );
  expect(await database.row(LEFT, [actorId])).toEqual({ stamps: 1, waiting: 0, conversations: 1 });
  const { pathname } = new URL(nell.uri);
  peer.serve(pathname, { status: 410, body: {} });
  await hear(nell, activityBy(nell, 'Delete', nell.uri));
  expect(await database.row(LEFT, [actorId])).toEqual({ stamps: 0, waiting: 0, conversations: 0 });
  const mine = (await chatOf(ada)).conversations.nodes.find(({ id }) => id === request.id);
  expect(mine!.members.map(({ actor }) => actor.username)).toEqual(['ada']);
});

test('whoever is blocked is not told which of theirs follow', async () => {
  const nell = somebody();
  await hear(nell, activityBy(nell, 'Follow', adaUri));
  const path = `/actors/${ada.actorId}/followers-synchronization`;
  const listed = () => ask(world, path, signedBy(world, nell, path));
  expect((await listed()).status).toBe(200);
  const { actorId } = (await findRemoteActor(world.services.database, nell.uri))!;
  await block(world, ada, { actorGlobalId: toGlobalId('actor', actorId) });
  expect((await listed()).status).toBe(404);
});
