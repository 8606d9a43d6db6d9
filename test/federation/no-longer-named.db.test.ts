// After an edit, a post or comment for few is taken from the servers of those who do not see it any more.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { deliverDue } from '../../src/federation/jobs/deliver-due.job.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const BY_URI = statement(
  'test.named_by_uri',
  'select id, deleted_at is null as "isThere" from posts where uri = $1',
);

interface Sent {
  readonly id: string;
  readonly type: string;
  readonly to: string[];
  readonly object: { readonly id: string; readonly type: string };
}

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let other: World;
let peer: FakePeer;
let away: FakePeer;
let ada: Person;
let bob: PeerActor;
let rounds = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  other = await network.join('b.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  away = stack.use(await startFakePeer(network, 'away.test'));
});

beforeEach(async () => {
  rounds += 1;
  ada = await world.local(`ada${rounds}`);
  bob = peer.actor(`bob${rounds}`);
  peer.actor(`bea${rounds}`);
  away.actor(`fred${rounds}`);
  for (const one of [peer, away]) one.requests.length = 0;
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const NAMES = { bob: 'peer.test', bea: 'peer.test', fred: 'away.test' };
const naming = (...names: (keyof typeof NAMES)[]): string =>
  `For ${names.map((name) => `@${name}${rounds}@${NAMES[name]}`).join(' and ')}`;

async function edit(name: 'updatePost' | 'updateComment', input: object): Promise<void> {
  world.clock.advance(1);
  const type = `${name[0]!.toUpperCase()}${name.slice(1)}Input`;
  const answer = await ada.graphql<Record<string, { userErrors: unknown[] }>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { userErrors { code path } } }`,
    { input },
  );
  expect(answer.data[name]!.userErrors).toEqual([]);
  await network.settle();
}

/** What reached a server, in its order. */
const reached = (one: FakePeer): Sent[] =>
  one.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as Sent);
const types = (one: FakePeer): string[] => reached(one).map(({ type }) => type);

const uriOf = (postId: string): string => `https://a.example/posts/${innerId(postId)}`;

test('whose server has nobody else who sees a post loses it, once, and the others are told the change', async () => {
  const caption = naming('bob', 'fred');
  const postId = await publish(world, ada, { visibility: 'MENTIONED', caption });
  await network.settle();
  expect([types(peer), types(away)]).toEqual([['Create'], ['Create']]);
  await edit('updatePost', { postId, caption: naming('bob') });
  expect([types(peer), types(away)]).toEqual([
    ['Create', 'Update'],
    ['Create', 'Delete'],
  ]);
  const [, gone] = reached(away);
  expect(gone!.object).toEqual({ id: uriOf(postId), type: 'Tombstone' });
  // Who else is named is nothing to them.
  expect(JSON.stringify(gone)).not.toContain(bob.uri);
  await edit('updatePost', { postId, caption: `${naming('bob')}!` });
  expect([types(peer), types(away)]).toEqual([
    ['Create', 'Update', 'Update'],
    ['Create', 'Delete'],
  ]);
  await edit('updatePost', { postId, caption: naming('fred') });
  expect([types(peer).at(-1), types(away).at(-1)]).toEqual(['Delete', 'Update']);
  await edit('updatePost', { postId, caption: naming('bob') });
  expect([types(peer).at(-1), types(away).at(-1)]).toEqual(['Update', 'Delete']);
  expect(new Set(reached(away).map(({ id }) => id)).size).toBe(reached(away).length);
});

test('a server with somebody else who sees it keeps the changed one', async () => {
  const caption = naming('bob', 'bea');
  const postId = await publish(world, ada, { visibility: 'MENTIONED', caption });
  await network.settle();
  await edit('updatePost', { postId, caption: naming('bob') });
  expect(types(peer).filter((type) => type === 'Delete')).toEqual([]);
  expect(reached(peer).at(-1)).toMatchObject({ type: 'Update', to: [bob.uri] });
});

test('the same of a post for followers, whose follower is still there or has left', async () => {
  const caption = naming('fred');
  const follow = activityBy(bob, 'Follow', `https://a.example/actors/${ada.actorId}`);
  expect(await peer.send(world, bob, follow)).toBe(202);
  await network.settle();
  const postId = await publish(world, ada, { visibility: 'FOLLOWERS', caption });
  await network.settle();
  await edit('updatePost', { postId, caption: 'For no one in particular' });
  expect([types(peer).at(-1), types(away).at(-1)]).toEqual(['Update', 'Delete']);
  expect(await peer.send(world, bob, activityBy(bob, 'Undo', follow))).toBe(202);
  await network.settle();
  await edit('updatePost', { postId, caption: 'For even fewer' });
  expect(types(peer).at(-1)).toBe('Delete');
  expect(types(away).filter((type) => type === 'Delete')).toHaveLength(1);
});

test('what everybody sees is changed wherever it was told', async () => {
  const postId = await publish(world, ada, { caption: naming('fred') });
  await network.settle();
  await edit('updatePost', { postId, caption: 'For everybody' });
  expect(types(away)).toEqual(['Create', 'Update']);
});

test('what did not arrive before it was taken away is not delivered', async () => {
  let isDown = true;
  away.answer(({ method }) => (isDown && method === 'POST' ? { status: 503, body: '' } : null));
  const caption = naming('bob', 'fred');
  const postId = await publish(world, ada, { visibility: 'MENTIONED', caption });
  await network.settle();
  away.requests.length = 0;
  await edit('updatePost', { postId, caption: naming('bob') });
  isDown = false;
  away.requests.length = 0;
  for (const one of [world, other]) one.clock.advance(24 * 3600);
  await deliverDue.run({ ...world.services, jobId: '0', attempt: 1 }, {});
  await network.settle();
  expect(types(away)).toEqual(['Delete']);
  away.answer(() => null);
});

test('between two servers, a comment that names somebody no longer is not there for them', async () => {
  await other.local(`ben${rounds}`);
  await meet(ada, `ben${rounds}@b.example`);
  const postId = await publish(world, ada);
  await network.settle();
  const add = await ada.graphql<{ addComment: { comment: { id: string } } }>(
    'mutation ($input: AddCommentInput!) { addComment(input: $input) { comment { id } } }',
    { input: { postId, visibility: 'MENTIONED', content: `@ben${rounds}@b.example, between us` } },
  );
  await network.settle();
  const { id: commentId } = add.data.addComment.comment;
  const uri = `https://a.example/comments/${innerId(commentId)}`;
  const there = () => other.services.database.row<{ isThere: boolean }>(BY_URI, [uri]);
  expect(await there()).toMatchObject({ isThere: true });
  await edit('updateComment', { commentId, content: 'Between me and myself' });
  expect((await there())?.isThere ?? false).toBe(false);
});
