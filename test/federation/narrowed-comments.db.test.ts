// Comments for fewer people than see the post, between servers: kept for whom they are for, and told to nobody else.
import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { withProof } from '../../src/federation/internal/integrity-proof.js';
import { toMultikey } from '../../src/federation/internal/multibase.js';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { activityBy, answerBy, PUBLIC, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish, type Answered } from '../support/posts.js';
import { ask, signedBy } from '../support/signed-fetch.js';
import type { Person, World } from '../support/world.js';

const BY_URI = statement(
  'test.narrowed_by_uri',
  `select id, content_html as html, narrowed_to as "narrowedTo" from posts where uri = $1 and deleted_at is null`,
);

const PICTURE = {
  type: 'Document',
  mediaType: 'image/jpeg',
  url: 'https://peer.test/p.jpg',
} as const;

interface Stored {
  readonly id: string;
  readonly html: string;
  readonly narrowedTo: string | null;
}

interface Sent {
  readonly type: string;
  readonly to: string[];
  readonly cc: string[];
  readonly object: { id: string; to?: string[]; cc?: string[]; tag?: { href: string }[] };
}

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let a: World;
let b: World;
let peer: FakePeer;
let away: FakePeer;
/** Writes on `a`. */
let ada: Person;
/** Follows Bob from `a`. */
let cleo: Person;
/** Follows nobody. */
let dan: Person;
/** Answers from a server like Mastodon. */
let bob: PeerActor;
let postId: string;
let postUri: string;
let rounds = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  a = await network.join('a.example');
  b = await network.join('b.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  away = stack.use(await startFakePeer(network, 'away.test'));
});

beforeEach(async () => {
  rounds += 1;
  [ada, cleo, dan] = (await Promise.all(
    ['ada', 'cleo', 'dan'].map((name) => a.local(`${name}${rounds}`)),
  )) as [Person, Person, Person];
  bob = peer.actor(`bob${rounds}`);
  await followFrom(cleo, `bob${rounds}@peer.test`);
  await hear(
    bob,
    activityBy(bob, 'Accept', { type: 'Follow', actor: uriOf(cleo), object: bob.uri }),
  );
  postId = await publish(a, ada);
  postUri = `https://a.example/posts/${innerId(postId)}`;
  await network.settle();
  peer.requests.length = 0;
  away.requests.length = 0;
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person, host = 'a.example'): string => `https://${host}/actors/${who.actorId}`;

async function followFrom(who: Person, handle: string): Promise<void> {
  const actorId = await meet(who, handle);
  await who.graphql(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId } },
  );
  await network.settle();
}

async function hear(actor: PeerActor, activity: object, from: FakePeer = peer): Promise<void> {
  expect(await from.send(a, actor, activity)).toBe(202);
  await a.settle();
}

/** As Mastodon addresses what is for followers, in answer to somebody. */
const forFollowers = () => ({ to: [`${bob.uri}/followers`], cc: [uriOf(ada)] });

async function hearAnswer(more: object, inReplyTo = postUri): Promise<Written> {
  const said = answerBy(bob, inReplyTo, more);
  await hear(bob, activityBy(bob, 'Create', said, more));
  return said;
}

const stored = (world: World, uri: string): Promise<Stored | null> =>
  world.services.database.row<Stored>(BY_URI, [uri]);

async function isSeenBy(who: Person | null, uri: string, world = a): Promise<boolean> {
  const found = await stored(world, uri);
  if (!found) return false;
  const answer = await (who ?? world).graphql<{ node: { id: string } | null }>(
    'query ($id: ID!) { node(id: $id) { id } }',
    { id: toGlobalId('comment', found.id) },
  );
  return answer.data.node !== null;
}

async function add(who: Person, input: object): Promise<string> {
  const answer = await who.graphql<{ addComment: Answered<{ comment: { id: string } | null }> }>(
    `mutation ($input: AddCommentInput!) { addComment(input: $input) {
       comment { id } userErrors { code path } } }`,
    { input: { content: 'Hm.', ...input } },
  );
  expect(answer.data.addComment.userErrors).toEqual([]);
  await network.settle();
  return answer.data.addComment.comment!.id;
}

/** What somebody is notified of. */
async function told(who: Person): Promise<string[]> {
  const answer = await who.graphql<{ viewer: { notifications: { nodes: { kind: string }[] } } }>(
    '{ viewer { notifications(first: 10, filter: { kinds: [COMMENT, REPLY, MENTION] }) { nodes { kind } } } }',
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.viewer.notifications.nodes.map(({ kind }) => kind);
}

const sentTo = (one: FakePeer, type: string): Sent[] =>
  one.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as Sent)
    .filter((sent) => sent.type === type);

test('F46 an answer for followers is kept for them and for those whom it names', async () => {
  const said = await hearAnswer(forFollowers());
  expect(await stored(a, said.id)).toMatchObject({ narrowedTo: 'FOLLOWERS' });
  for (const who of [ada, cleo]) expect(await isSeenBy(who, said.id)).toBe(true);
  for (const who of [dan, null]) expect(await isSeenBy(who, said.id)).toBe(false);
  expect([await told(ada), await told(cleo), await told(dan)]).toEqual([['COMMENT'], [], []]);
  const replies = await ask(a, `/posts/${innerId(postId)}/replies`);
  expect([replies.status, replies.body['totalItems']]).toEqual([200, 0]);
  const page = await ask(a, `/posts/${innerId(postId)}`, { accept: 'text/html' });
  expect(page.status).toBe(200);

  const toAda = await hearAnswer({ to: [uriOf(ada)], cc: [] });
  expect(await stored(a, toAda.id)).toMatchObject({ narrowedTo: 'MENTIONED' });
  expect(await isSeenBy(ada, toAda.id)).toBe(true);
  expect(await isSeenBy(cleo, toAda.id)).toBe(false);
});

test('what is for nobody here is not kept, and what its author said only there is for nobody here', async () => {
  const far = peer.actor(`far${rounds}`);
  const elsewhere = { to: [`${far.uri}/followers`], cc: [] };
  const said = answerBy(far, postUri, elsewhere);
  await hear(far, activityBy(far, 'Create', said, elsewhere));
  expect(await stored(a, said.id)).toBeNull();
});

test('F46 an author who answers below an own post for followers names those alone whom it is for', async () => {
  const mine = { ...answerBy(bob, ''), inReplyTo: null, to: [`${bob.uri}/followers`], cc: [] };
  const post = { ...mine, content: '<p>Mine</p>' };
  await hear(bob, activityBy(bob, 'Create', post, { to: post.to }));
  await followFrom(dan, `bob${rounds}@peer.test`);
  await hear(
    bob,
    activityBy(bob, 'Accept', { type: 'Follow', actor: uriOf(dan), object: bob.uri }),
  );
  const said = await hearAnswer({ to: [uriOf(cleo)], cc: [] }, post.id);
  expect(await isSeenBy(cleo, said.id)).toBe(true);
  expect(await isSeenBy(dan, said.id)).toBe(false);
  const toAll = await hearAnswer({ to: [`${bob.uri}/followers`], cc: [] }, post.id);
  expect(await stored(a, toAll.id)).toMatchObject({ narrowedTo: null });
  expect(await isSeenBy(dan, toAll.id)).toBe(true);
});

test('a change is for no more people than the comment was, and one for fewer is not shown to all', async () => {
  const later = (seconds: number) =>
    new Date(a.clock.now().getTime() + seconds * 1000).toISOString();
  const few = await hearAnswer(forFollowers());
  const open = { to: [PUBLIC], cc: [uriOf(ada)] };
  const wider = { ...few, ...open, content: '<p>For all</p>', updated: later(1) };
  await hear(bob, activityBy(bob, 'Update', wider, open));
  expect(await stored(a, few.id)).toMatchObject({
    html: '<p>For all</p>',
    narrowedTo: 'FOLLOWERS',
  });
  expect(await isSeenBy(dan, few.id)).toBe(false);
  const toAda = { to: [uriOf(ada)], cc: [] };
  await hear(bob, activityBy(bob, 'Update', { ...wider, ...toAda, updated: later(2) }, toAda));
  expect(await isSeenBy(ada, few.id)).toBe(true);
  expect(await isSeenBy(cleo, few.id)).toBe(false);

  const said = await hearAnswer(open);
  const secret = { ...said, ...toAda, content: '<p>Secret</p>', updated: later(3) };
  await hear(bob, activityBy(bob, 'Update', secret, toAda));
  expect(await stored(a, said.id)).toMatchObject({ html: '<p>Hello</p>', narrowedTo: null });
});

test('what is below an answer for few is for no more people than that is', async () => {
  const few = await hearAnswer(forFollowers());
  const open = await hearAnswer({ to: [PUBLIC], cc: [] }, few.id);
  expect(await isSeenBy(cleo, open.id)).toBe(true);
  for (const who of [dan, null]) expect(await isSeenBy(who, open.id)).toBe(false);
  // Who follows Bob is for other servers to know, and whom he names is known here.
  const fred = away.actor(`fred${rounds}`);
  const [toFew, toAda] = [few.id, (await hearAnswer({ to: [uriOf(ada)], cc: [] })).id];
  const [friendly, intruding] = [answerBy(fred, toFew), answerBy(fred, toAda)];
  for (const note of [friendly, intruding])
    await hear(fred, activityBy(fred, 'Create', note), away);
  expect(await isSeenBy(cleo, friendly.id)).toBe(true);
  expect(await isSeenBy(dan, friendly.id)).toBe(false);
  expect(await stored(a, intruding.id)).toBeNull();
  const mine = await add(cleo, { postId, visibility: 'FOLLOWERS' });
  const below = answerBy(fred, `https://a.example/comments/${innerId(mine)}`);
  await hear(fred, activityBy(fred, 'Create', below), away);
  expect(await stored(a, below.id)).toBeNull();
});

test('what looks gone to us as it is not for everybody is taken away by its author alone', async () => {
  const few = await hearAnswer(forFollowers());
  const below = await hearAnswer({ to: [PUBLIC], cc: [] }, few.id);
  const open = await hearAnswer({ to: [PUBLIC], cc: [] });
  const group = peer.actor(`group${rounds}`, { type: 'Group' });
  await followFrom(cleo, `group${rounds}@peer.test`);
  const accepted = { type: 'Follow', actor: uriOf(cleo), object: group.uri };
  await hear(group, activityBy(group, 'Accept', accepted));
  for (const { id } of [few, below, open]) {
    peer.serve(new URL(id).pathname, { status: 410, body: '' });
    await hear(group, activityBy(group, 'Announce', activityBy(bob, 'Delete', id)));
  }
  expect(await stored(a, open.id)).toBeNull();
  for (const { id } of [few, below]) expect(await stored(a, id)).not.toBeNull();
});

test('what is known here is found by its address by those alone whom it is for', async () => {
  const few = await hearAnswer(forFollowers());
  const find = async (who: Person, url: string): Promise<unknown> => {
    const answer = await who.graphql<{
      fetchRemoteObject: Answered<{ object: { id: string } | null }>;
    }>(
      `mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) {
         object { id } userErrors { code path } } }`,
      { url },
    );
    expect(answer.errors).toBeUndefined();
    const { object, userErrors } = answer.data.fetchRemoteObject;
    return [object !== null, userErrors];
  };
  expect(await find(cleo, few.id)).toEqual([true, []]);
  const missing = await find(dan, `${few.id}0`);
  expect(await find(dan, few.id)).toEqual(missing);
});

test('an answer for few is passed on to nobody, its change and its end neither', async () => {
  const fay = away.actor(`fay${rounds}`);
  await hear(fay, activityBy(fay, 'Follow', uriOf(ada)), away);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const uri = `${peer.origin}/users/prover${rounds}`;
  const id = `${uri}#ed25519-key`;
  const actor = peer.actor(`prover${rounds}`, {
    assertionMethod: [
      { id, type: 'Multikey', controller: uri, publicKeyMultibase: toMultikey(publicKey) },
    ],
  });
  const prove = (activity: Written): Written =>
    withProof(
      { '@context': 'https://www.w3.org/ns/activitystreams', ...activity },
      { id, key: privateKey },
      a.clock.now(),
    );
  const few = { to: [`${uri}/followers`], cc: [uriOf(ada)] };
  const said = answerBy(actor, postUri, few);
  await hear(actor, prove(activityBy(actor, 'Create', said, few)));
  const changed = { ...said, content: '<p>More</p>', updated: a.clock.now().toISOString() };
  await hear(actor, prove(activityBy(actor, 'Update', changed, few)));
  const below = answerBy(actor, said.id);
  await hear(actor, prove(activityBy(actor, 'Create', below)));
  expect(await stored(a, below.id)).not.toBeNull();
  await hear(actor, prove(activityBy(actor, 'Delete', said.id)));
  expect(await stored(a, said.id)).toBeNull();
  expect(away.requests.filter(({ body }) => body.includes(said.id))).toEqual([]);
});

test('ours goes to the followers of who wrote it and to those whom it names, and is given to them alone', async () => {
  const fay = away.actor(`fay${rounds}`);
  await hear(fay, activityBy(fay, 'Follow', uriOf(dan)), away);
  const below = await hearAnswer({ to: [PUBLIC], cc: [uriOf(ada)] });
  const parentId = toGlobalId('comment', (await stored(a, below.id))!.id);
  peer.requests.length = 0;
  const id = innerId(await add(dan, { postId, parentId, visibility: 'FOLLOWERS' }));
  const path = `/comments/${id}`;
  for (const one of [peer, away]) {
    const [sent, ...more] = sentTo(one, 'Create');
    expect(more).toEqual([]);
    expect(sent).toMatchObject({ to: [`${uriOf(dan)}/followers`], cc: [bob.uri] });
    expect(sent!.object).toMatchObject({ to: [`${uriOf(dan)}/followers`], cc: [bob.uri] });
    expect(JSON.stringify(sent)).not.toContain(PUBLIC);
  }
  for (const actor of [bob, fay]) {
    const { status, headers } = await ask(a, path, signedBy(a, actor, path));
    expect([status, headers['cache-control']]).toEqual([200, 'private, no-store']);
  }
  const missing = await ask(a, `/comments/${id.slice(0, -4)}0000`);
  const stranger = away.actor(`stranger${rounds}`);
  for (const denied of [await ask(a, path), await ask(a, path, signedBy(a, stranger, path))])
    expect([denied.status, denied.body['errors'] !== undefined]).toEqual([
      missing.status,
      missing.body['errors'] !== undefined,
    ]);
  for (const part of ['likes', 'shares', 'replies'])
    expect((await ask(a, `${path}/${part}`)).status).toBe(404);

  const named = innerId(
    await add(dan, { postId, content: `For @fay${rounds}@away.test`, visibility: 'MENTIONED' }),
  );
  const sent = sentTo(away, 'Create').at(-1)!;
  expect([sent.to.toSorted(), sent.cc]).toEqual([[fay.uri, uriOf(ada)].toSorted(), []]);
  expect(sentTo(peer, 'Create').some(({ object }) => object.id.endsWith(named))).toBe(false);
  await dan.graphql(
    'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { userErrors { code } } }',
    { id: toGlobalId('comment', id) },
  );
  await network.settle();
  for (const one of [peer, away]) {
    const [gone] = sentTo(one, 'Delete');
    expect(gone!.object.id).toBe(`https://a.example${path}`);
    expect(JSON.stringify(gone)).not.toContain(PUBLIC);
  }
});

test('whoever is named and was not known takes part in the thread, and nobody else does', async () => {
  const [fred, gina] = [away.actor(`fred${rounds}`), away.actor(`gina${rounds}`)];
  const few = { to: [uriOf(ada), fred.uri], cc: [] };
  const said = await hearAnswer(few);
  const answer = async (who: PeerActor, inReplyTo: string): Promise<boolean> => {
    const addressed = { to: [uriOf(ada), bob.uri], cc: [] };
    const note = answerBy(who, inReplyTo, addressed);
    await hear(who, activityBy(who, 'Create', note, addressed), away);
    const isKept = (await stored(a, note.id)) !== null;
    expect(await isSeenBy(ada, note.id)).toBe(isKept);
    for (const one of [cleo, dan, null]) expect(await isSeenBy(one, note.id)).toBe(false);
    return isKept;
  };
  expect(await answer(gina, said.id)).toBe(false);
  expect(await answer(fred, said.id)).toBe(true);
});

test('whoever is named no longer before they are known does not take part', async () => {
  const fred = away.actor(`fred${rounds}`);
  const said = await hearAnswer({ to: [uriOf(ada), fred.uri], cc: [] });
  const updated = new Date(a.clock.now().getTime() + 1000).toISOString();
  const fewer = { to: [uriOf(ada)], cc: [] };
  await hear(bob, activityBy(bob, 'Update', { ...said, ...fewer, updated }, fewer));
  const note = answerBy(fred, said.id, { to: [uriOf(ada)], cc: [] });
  await hear(fred, activityBy(fred, 'Create', note, { to: [uriOf(ada)] }), away);
  expect(await stored(a, note.id)).toBeNull();
});

test('below a post for named people an answer reaches those, too, whom nobody here knew', async () => {
  const fred = away.actor(`fred${rounds}`);
  const gone = `${away.origin}/users/gone${rounds}`;
  const few = { to: [uriOf(ada), fred.uri, gone], cc: [] };
  const post = { ...answerBy(bob, '', few), inReplyTo: null, attachment: [PICTURE] };
  await hear(bob, activityBy(bob, 'Create', post, few));
  const { id } = (await stored(a, post.id))!;
  const mine = await add(ada, { postId: toGlobalId('post', id) });
  const path = `/comments/${innerId(mine)}`;
  const [told] = sentTo(away, 'Create');
  expect(told).toMatchObject({ object: { id: `https://a.example${path}` } });
  expect(told!.to.toSorted()).toEqual([bob.uri, fred.uri].toSorted());
  expect((await ask(a, path, signedBy(a, fred, path))).status).toBe(200);
  const answer = answerBy(fred, `https://a.example${path}`, { to: [uriOf(ada), bob.uri], cc: [] });
  await hear(fred, activityBy(fred, 'Create', answer, { to: answer['to'] }), away);
  expect(await isSeenBy(ada, answer.id)).toBe(true);
  for (const one of [cleo, dan, null]) expect(await isSeenBy(one, answer.id)).toBe(false);
});

test('what names somebody who does not see the post is not told to them', async () => {
  const closed = await publish(a, ada, { visibility: 'FOLLOWERS' });
  const fay = away.actor(`fay${rounds}`);
  await hear(fay, activityBy(fay, 'Follow', uriOf(dan)), away);
  away.requests.length = 0;
  await add(ada, {
    postId: closed,
    visibility: 'MENTIONED',
    content: `For @fay${rounds}@away.test`,
  });
  expect(sentTo(away, 'Create')).toEqual([]);
});

test('between two servers, an answer for followers is seen there and here by whom it is for', async () => {
  const [ben, bea] = [await b.local(`ben${rounds}`), await b.local(`bea${rounds}`)];
  await followFrom(ben, `ada${rounds}@a.example`);
  await followFrom(bea, `ada${rounds}@a.example`);
  await followFrom(cleo, `ben${rounds}@b.example`);
  const id = innerId(await publish(a, ada));
  await network.settle();
  const atB = (await stored(b, `https://a.example/posts/${id}`))!.id;
  const said = await add(ben, { postId: toGlobalId('post', atB), visibility: 'FOLLOWERS' });
  const uri = `https://b.example/comments/${innerId(said)}`;
  for (const who of [ada, cleo]) expect(await isSeenBy(who, uri)).toBe(true);
  expect(await isSeenBy(dan, uri)).toBe(false);
  expect(await isSeenBy(ben, uri, b)).toBe(true);
  expect(await isSeenBy(bea, uri, b)).toBe(false);
  // Ada answers Ben, and nobody but him.
  const parentId = toGlobalId('comment', (await stored(a, uri))!.id);
  const answer = await add(ada, { postId: toGlobalId('post', id), parentId });
  const answerUri = `https://a.example/comments/${innerId(answer)}`;
  expect(await isSeenBy(ben, answerUri, b)).toBe(true);
  expect(await isSeenBy(cleo, answerUri)).toBe(false);
  await ben.graphql(
    'mutation ($id: ID!) { deleteComment(input: { commentId: $id }) { userErrors { code } } }',
    { id: said },
  );
  await network.settle();
  expect(await stored(a, uri)).toBeNull();
});
