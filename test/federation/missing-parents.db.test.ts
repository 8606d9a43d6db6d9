// What is answered before it is known: asked for up the chain, from where it stands, within bounds.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, freshId, noteBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const STORED = statement(
  'test.missing_parents.stored',
  `select p.uri, p.kind, parent.uri as parent, root.uri as root from posts p left join posts parent on parent.id = p.parent_id
     left join posts root on root.id = p.root_id where p.uri = any($1::text[]) order by p.uri`,
);
const NOTIFIED = statement(
  'test.missing_parents.notified',
  `select n.kind, p.uri from notifications n left join posts p on p.id = n.post_id where n.recipient_id = $1 order by n.kind, p.uri`,
);
const WAITING = statement(
  'test.missing_parents.waiting',
  'select count(*)::int as count from waiting_notes',
);

interface Stored {
  readonly uri: string;
  readonly kind: string;
  readonly parent: string | null;
  readonly root: string | null;
}

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let far: FakePeer;
let ada: Person;
/** Somebody who is followed here. */
let bob: PeerActor;
/** Somebody of another server whom nobody knows. */
let zoe: PeerActor;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  far = stack.use(await startFakePeer(network, 'far.test'));
  ada = await world.local('ada');
  [bob, zoe] = [peer.actor('bob'), far.actor('zoe')];
  await ada.graphql(
    'mutation ($id: ID!) { followActor(input: { actorId: $id }) { actor { id } } }',
    {
      id: await meet(ada, 'bob@peer.test'),
    },
  );
  await world.settle();
  await hear(activityBy(bob, 'Accept', { type: 'Follow', actor: uriOf(ada), object: bob.uri }));
});

beforeEach(() => {
  far.requests.length = 0;
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const pathOf = (uri: string): string => {
  const { pathname, search } = new URL(uri);
  return pathname + search;
};

async function hear(activity: object, from = bob, by = peer): Promise<void> {
  expect(await by.send(world, from, activity)).toBe(202);
  await world.settle();
}

/** Lets the far server have something at its place. */
function stands<Document extends Written>(document: Document): Document {
  far.serve(pathOf(document.id), { body: document });
  return document;
}

async function stored(...uris: string[]): Promise<Record<string, Stored>> {
  const rows = await world.services.database.rows<Stored>(STORED, [uris]);
  return Object.fromEntries(rows.map((row) => [row.uri, row]));
}

const waiting = async (): Promise<number> =>
  (await world.services.database.row<{ count: number }>(WAITING))!.count;
const notified = () =>
  world.services.database.rows<{ kind: string; uri: string }>(NOTIFIED, [ada.actorId]);
const askedFor = (uri: string): number =>
  far.requests.filter(({ path }) => path === pathOf(uri)).length;

async function lookUp(url: string): Promise<{ __typename: string; uri: string } | null> {
  const answer = await ada.graphql<{
    fetchRemoteObject: { object: { __typename: string; uri: string } | null };
  }>(
    `mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) {
       object { __typename ... on Federated { uri } } userErrors { code } } }`,
    { url },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.fetchRemoteObject.object;
}

test('the post and the comments above an answer are fetched from where they stand', async () => {
  const post = stands(noteBy(zoe, { published: '2024-02-03T04:05:06Z' }));
  const first = stands(answerBy(zoe, post.id, { tag: [mentionOf(ada)], cc: [uriOf(ada)] }));
  const answer = answerBy(bob, first.id);
  await hear(activityBy(bob, 'Create', answer));
  expect(await stored(post.id, first.id, answer.id)).toMatchObject({
    [post.id]: { kind: 'photo', root: null },
    [first.id]: { kind: 'comment', root: post.id, parent: null },
    [answer.id]: { kind: 'comment', root: post.id, parent: first.id },
  });
  expect(await waiting()).toBe(0);
  expect((await notified()).map(({ uri }) => uri)).not.toContain(first.id);
});

const mentionOf = (who: Person): object => ({
  type: 'Mention',
  href: uriOf(who),
  name: `@${who.username}@a.example`,
});

test('an answer that names somebody here is told of once what it answers is known', async () => {
  const post = stands(noteBy(zoe));
  const answer = answerBy(zoe, post.id, { tag: [mentionOf(ada)], cc: [uriOf(ada)] });
  await hear(activityBy(zoe, 'Create', answer), zoe, far);
  expect(await stored(answer.id)).toMatchObject({ [answer.id]: { root: post.id } });
  expect(await notified()).toContainEqual({ kind: 'MENTION', uri: answer.id });
});

test('several answers that wait for the same post ask for it once', async () => {
  const post = stands(noteBy(zoe));
  const answers = Array.from({ length: 5 }, () => answerBy(bob, post.id));
  for (const answer of answers)
    expect(await peer.send(world, bob, activityBy(bob, 'Create', answer))).toBe(202);
  await world.settle();
  const ids = answers.map(({ id }) => id);
  expect(Object.values(await stored(...ids)).map(({ root }) => root)).toEqual(
    ids.map(() => post.id),
  );
  expect(askedFor(post.id)).toBe(1);
});

test('an answer whose post is not to be had is a post of its own where its author is followed', async () => {
  const gone = `${far.origin}/things/gone`;
  const [answer, picture] = [answerBy(bob, gone), noteBy(bob, { inReplyTo: gone })];
  const stranger = answerBy(zoe, gone);
  await hear(activityBy(bob, 'Create', answer));
  await hear(activityBy(bob, 'Create', picture));
  await hear(activityBy(zoe, 'Create', stranger), zoe, far);
  const found = await stored(answer.id, picture.id, stranger.id);
  expect(found).toMatchObject({ [answer.id]: { kind: 'text' }, [picture.id]: { kind: 'photo' } });
  expect(found[stranger.id]).toBeUndefined();
  expect(await waiting()).toBe(0);
});

test('an answer to something of ours that is not there is left, and asks nobody', async () => {
  const answer = answerBy(bob, 'https://a.example/posts/00000000-0000-7000-8000-000000000000');
  await hear(activityBy(bob, 'Create', answer));
  expect([await stored(answer.id), await waiting()]).toEqual([{}, 0]);
});

test('what its author deletes while it waits is not kept', async () => {
  const post = noteBy(zoe);
  far.serve(pathOf(post.id), { status: 503, body: {} });
  const answer = answerBy(bob, post.id);
  await hear(activityBy(bob, 'Create', answer));
  expect(await waiting()).toBe(1);
  await hear(activityBy(bob, 'Delete', answer.id));
  stands(post);
  await hear(activityBy(bob, 'Create', answerBy(bob, post.id)));
  expect(await stored(answer.id)).toEqual({});
});

test('a chain without an end, and one that bites its tail, are left after some steps', async () => {
  const chain = Array.from({ length: 60 }, () => freshId(zoe));
  chain.forEach((id, index) =>
    stands(answerBy(zoe, chain[index + 1] ?? `${far.origin}/things/never`, { id })),
  );
  const answer = answerBy(bob, chain[0]!);
  await hear(activityBy(bob, 'Create', answer));
  expect(far.requests.filter(({ path }) => path.startsWith('/things/')).length).toBeLessThan(25);
  expect(await stored(...chain)).toEqual({});
  expect(await stored(answer.id)).toMatchObject({ [answer.id]: { kind: 'text' } });

  const [left, right] = [freshId(zoe), freshId(zoe)];
  stands(answerBy(zoe, right, { id: left }));
  stands(answerBy(zoe, left, { id: right }));
  const dizzy = answerBy(bob, left);
  await hear(activityBy(bob, 'Create', dizzy));
  expect([askedFor(left), askedFor(right)]).toEqual([1, 1]);
  expect(await stored(left, right)).toEqual({});

  const self = freshId(bob);
  await hear(activityBy(bob, 'Create', answerBy(bob, self, { id: self })));
  expect(await stored(self)).toMatchObject({ [self]: { kind: 'text', parent: null } });
});

test.each([
  ['', 'link'],
  [' whatever their addresses look like', 'handle'],
])(
  'F60 a chain of ever new people makes us ask for twenty documents, and no more,%s',
  async (_, name) => {
    const people = Array.from({ length: 30 }, (__, index) => far.actor(`${name}${index}`));
    const chain = people.map((person) =>
      name === 'link'
        ? freshId(person)
        : `${far.origin}/.well-known/webfinger?of=${pathOf(person.uri)}`,
    );
    people.forEach((person, index) =>
      stands(
        answerBy(person, chain[index + 1] ?? `${far.origin}/things/never`, { id: chain[index] }),
      ),
    );
    const answer = answerBy(bob, chain[0]!);
    await hear(activityBy(bob, 'Create', answer));
    const documents = far.requests.filter(
      ({ path }) => !path.startsWith('/.well-known/webfinger?resource='),
    );
    expect(documents).toHaveLength(20);
    expect(await stored(answer.id)).toMatchObject({ [answer.id]: { kind: 'text' } });
  },
);

test('F11 nothing is believed of a server that says it for another one', async () => {
  const evil = stack.use(await startFakePeer(network, 'evil.test'));
  const mallory = evil.actor('mallory');
  const [attributed, elsewhere] = [freshId(mallory), freshId(mallory)];
  evil.serve(pathOf(attributed), { body: { ...noteBy(bob), id: attributed } });
  evil.serve(pathOf(elsewhere), { body: noteBy(bob, { content: 'Never said' }) });
  for (const parent of [attributed, elsewhere]) {
    const answer = answerBy(bob, parent);
    await hear(activityBy(bob, 'Create', answer));
    expect(await stored(parent)).toEqual({});
    expect(await stored(answer.id)).toMatchObject({ [answer.id]: { kind: 'text' } });
  }
});

test('one author does not have us ask for more than so much at a time', async () => {
  const asked: string[] = [];
  for (let index = 0; index < 60; index++) {
    const parent = `${far.origin}/things/flood-${index}`;
    asked.push(pathOf(parent));
    far.serve(pathOf(parent), { status: 503, body: {} });
    await peer.send(world, bob, activityBy(bob, 'Create', answerBy(bob, parent)));
  }
  await world.settle();
  const reached = new Set(
    far.requests.map(({ path }) => path).filter((path) => asked.includes(path)),
  );
  expect(reached.size).toBeLessThanOrEqual(50);
});

test('a comment is found by its address, with the post that it stands under', async () => {
  const post = stands(noteBy(zoe));
  const [first, second] = [stands(answerBy(zoe, post.id)), freshId(zoe)];
  stands(answerBy(zoe, first.id, { id: second }));
  expect(await lookUp(second)).toEqual({ __typename: 'Comment', uri: second });
  expect(await stored(second)).toMatchObject({ [second]: { root: post.id, parent: first.id } });
  const alone = stands(answerBy(zoe, `${far.origin}/things/never`));
  expect(await lookUp(alone.id)).toEqual({ __typename: 'TextPost', uri: alone.id });
});

test('what somebody reposts who is followed here is fetched; what others repost is not', async () => {
  const [wanted, unwanted] = [stands(noteBy(zoe)), stands(noteBy(zoe))];
  await hear(activityBy(bob, 'Announce', wanted.id));
  await hear(activityBy(zoe, 'Announce', unwanted.id), zoe, far);
  expect(await stored(wanted.id, unwanted.id)).toEqual({
    [wanted.id]: { uri: wanted.id, kind: 'photo', parent: null, root: null },
  });
});

test('between two servers, an answer below an answer is fetched with everything above it', async () => {
  const there = await network.join('b.example');
  const ben = await there.local('ben');
  const post = await publish(there, ben);
  const first = await comment(ben, post, 'First.');
  const second = await comment(ben, post, 'Second.', first);
  await there.settle();
  const data = await ben.graphql<{ node: { uri: string } }>(
    'query ($id: ID!) { node(id: $id) { ... on Comment { uri } } }',
    { id: second },
  );
  const found = await lookUp(data.data.node.uri);
  expect(found).toEqual({ __typename: 'Comment', uri: data.data.node.uri });
  const [row] = Object.values(await stored(data.data.node.uri));
  expect(row).toMatchObject({ root: expect.stringContaining('https://b.example/posts/') });
  expect(row?.parent).toContain('https://b.example/comments/');
});
