// How far a post has come on other servers, live, for its author and nobody else.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy } from '../support/activities.js';
import { startFakePeer, type FakePeer } from '../support/fake-peer.js';
import { openNetwork } from '../support/federation.js';
import { comment, publish } from '../support/posts.js';
import { connectSocket, subscribed, type TestSocket } from '../support/socket.js';
import type { Person, World } from '../support/world.js';

const OPEN_POST = `subscription ($id: ID!) { postChanged(postId: $id) {
  change post { federation { delivered pending } } comment { content } } }`;

const RUN_NOW = statement(
  'test.delivery_live.run_now',
  `update graphile_worker._private_jobs set run_at = now() where run_at > now() and attempts = 0`,
);

let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let ada: Person;
let ben: Person;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
  const nell = peer.actor('nell');
  const follow = activityBy(nell, 'Follow', `https://a.example/actors/${ada.actorId}`);
  expect(await peer.send(world, nell, follow)).toBe(202);
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

async function watch(who: Person, id: string): Promise<TestSocket> {
  const socket = stack.use(await connectSocket(world.origin, who.token));
  await subscribed(socket, 'watch', OPEN_POST, { id });
  return socket;
}

const next = async (socket: TestSocket): Promise<unknown> =>
  ((await socket.next()).payload as { data: { postChanged: unknown } }).data.postChanged;

/** Lets time pass, and what waits for its time be tried. */
async function tryAgain(): Promise<void> {
  world.clock.advance(600);
  await world.services.database.rows(RUN_NOW);
  await world.settle();
}

test('an author hears what becomes of a post on its way to other servers; nobody else does', async () => {
  peer.serve('/inbox', { status: 503, body: {} });
  const postId = await publish(world, ada);
  await world.settle();
  const [own, other] = [await watch(ada, postId), await watch(ben, postId)];
  await tryAgain();
  const told = { change: 'UPDATED', comment: null };
  expect(await next(own)).toEqual({ ...told, post: { federation: { delivered: 0, pending: 1 } } });
  peer.serve('/inbox', { status: 202, body: '' });
  await tryAgain();
  expect(await next(own)).toEqual({ ...told, post: { federation: { delivered: 1, pending: 0 } } });
  await comment(ben, postId, 'Seen');
  // The first that somebody else hears of.
  expect(await next(other)).toMatchObject({ comment: { content: '<p>Seen</p>' } });
});
