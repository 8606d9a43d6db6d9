// Comments of servers that show them to nobody before we have said that they may stand, as GoToSocial's.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { activityBy, answerBy, noteBy, PUBLIC } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork } from '../support/federation.js';
import { run } from '../support/moves.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const ACTIVITY = { accept: 'application/activity+json' };

interface Answer {
  readonly type: string;
  readonly actor: string;
  readonly object: string | Record<string, unknown>;
  readonly target?: string;
  readonly result?: string;
  readonly to: string[];
}

let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
/** Follows Ada. */
let fay: PeerActor;
let stranger: PeerActor;
let postId: string;
let postUri: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  peer = stack.use(await startFakePeer(network, 'gts.test'));
  [fay, stranger] = [peer.actor('fay'), peer.actor('stranger')];
  await hear(fay, activityBy(fay, 'Follow', adaUri()));
});

afterAll(() => stack.disposeAsync());

beforeEach(() => post('FOLLOWERS'));

const adaUri = (): string => `https://a.example/actors/${ada.actorId}`;

async function post(commentPolicy: string): Promise<void> {
  postId = await publish(world, ada, { commentPolicy });
  postUri = `https://a.example/posts/${innerId(postId)}`;
  await world.settle();
  peer.requests.length = 0;
}

async function hear(actor: PeerActor, activity: object): Promise<void> {
  world.clock.advance(1);
  expect(await peer.send(world, actor, activity)).toBe(202);
  await world.settle();
}

const answers = (): Answer[] =>
  peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as Answer)
    .filter(({ type }) => type === 'Accept' || type === 'Reject');

async function stampAt(uri: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(world.reach(uri), { headers: ACTIVITY });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

interface SeenComment {
  readonly id: string;
  readonly content: string;
}

async function comments(): Promise<readonly SeenComment[]> {
  const { data, errors } = await ada.graphql<{ node: { comments: { nodes: SeenComment[] } } }>(
    'query ($id: ID!) { node(id: $id) { ... on Post { comments(first: 5) { nodes { id content } } } } }',
    { id: postId },
  );
  expect(errors).toBeUndefined();
  return data.node.comments.nodes;
}

test('a follower’s comment where only followers may is approved, once, with a stamp that stands', async () => {
  const said = answerBy(fay, postUri);
  await hear(fay, activityBy(fay, 'Create', said));
  const [accept, ...more] = answers();
  expect(more).toEqual([]);
  expect(accept).toMatchObject({
    type: 'Accept',
    actor: adaUri(),
    object: said.id,
    target: postUri,
    to: [fay.uri],
  });
  expect(await stampAt(accept!.result!)).toMatchObject({
    status: 200,
    body: {
      id: accept!.result,
      type: 'ReplyAuthorization',
      attributedTo: adaUri(),
      interactingObject: said.id,
      interactionTarget: postUri,
    },
  });
  await hear(fay, activityBy(fay, 'Create', said));
  await hear(fay, activityBy(fay, 'Update', { ...said, content: 'Changed' }));
  expect(answers()).toHaveLength(1);
  await hear(fay, activityBy(fay, 'Delete', said.id));
  expect((await stampAt(accept!.result!)).status).toBe(404);
});

test('where everybody may comment nobody waits, and nobody is told; nor whom we do not let', async () => {
  await hear(stranger, activityBy(stranger, 'Create', answerBy(stranger, postUri)));
  await post('EVERYONE');
  await hear(fay, activityBy(fay, 'Create', answerBy(fay, postUri)));
  expect(answers()).toEqual([]);
});

test('a comment that asks is taken and approved; asked again it gets the same answer', async () => {
  const said = answerBy(fay, postUri, { content: '<p>May I?</p>' });
  const request = activityBy(fay, 'ReplyRequest', postUri, { instrument: said });
  await hear(fay, request);
  const asked = answers().filter(({ object }) => typeof object === 'object');
  expect(asked).toMatchObject([
    {
      type: 'Accept',
      actor: adaUri(),
      object: {
        id: request.id,
        type: 'ReplyRequest',
        actor: fay.uri,
        object: postUri,
        instrument: said.id,
      },
      to: [fay.uri],
    },
  ]);
  expect((await stampAt(asked[0]!.result!)).body['interactingObject']).toBe(said.id);
  expect(await comments()).toMatchObject([{ content: '<p>May I?</p>' }]);
  await hear(fay, activityBy(fay, 'Create', said));
  expect(await comments()).toHaveLength(1);
});

test('a hidden comment has no stamp any more', async () => {
  const said = answerBy(fay, postUri);
  await hear(fay, activityBy(fay, 'ReplyRequest', postUri, { instrument: said }));
  const { result } = answers().at(-1)!;
  const [hidden] = await comments();
  const commentId = hidden!.id;
  expect(await run(ada, 'setCommentHidden', { commentId, hidden: true })).toEqual([]);
  expect((await stampAt(result!)).status).toBe(404);
});

test('whoever may not comment is told so; of what they may not see they are told nothing', async () => {
  const ask = async (author: PeerActor, about = postUri, more: object = {}): Promise<void> => {
    const instrument = { ...answerBy(author, postUri), ...more };
    await hear(stranger, activityBy(stranger, 'ReplyRequest', about, { instrument }));
  };
  await ask(stranger);
  expect(answers()).toMatchObject([
    { type: 'Reject', actor: adaUri(), object: { type: 'ReplyRequest', object: postUri } },
  ]);
  await ask(fay);
  await ask(stranger, postUri, { inReplyTo: 'https://a.example/posts/other' });
  await ask(stranger, `${adaUri()}/posts/none`);
  const closed = await publish(world, ada, { visibility: 'FOLLOWERS' });
  const closedUri = `https://a.example/posts/${innerId(closed)}`;
  await ask(stranger, closedUri, { inReplyTo: closedUri });
  await hear(
    stranger,
    activityBy(stranger, 'ReplyRequest', postUri, {
      instrument: noteBy(stranger, { to: [PUBLIC] }),
    }),
  );
  expect(answers()).toHaveLength(1);
  expect(await comments()).toEqual([]);
});
