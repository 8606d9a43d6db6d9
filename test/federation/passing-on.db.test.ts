// What actors said and others bring: taken when it proves itself, and passed on to who reads the post it answers.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { judgeProofs, withProof } from '../../src/federation/internal/integrity-proof.js';
import { toMultikey } from '../../src/federation/internal/multibase.js';
import type { JsonObject } from '../../src/federation/internal/read-document.js';
import { PASSING_ON } from '../../src/federation/pass-on.js';
import { findRemoteActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish } from '../support/posts.js';
import { ask } from '../support/signed-fetch.js';
import type { Person, World } from '../support/world.js';

const COMMENTS = statement(
  'test.comments_by_uri',
  'select count(*)::int as n from posts where uri = $1 and deleted_at is null',
);
const KEYS = statement(
  'test.sealed_keys',
  'select public_proof_key as public, sealed_proof_key as sealed from signing_keys where owner_uri = $1',
);

interface Prover extends PeerActor {
  readonly proofKey: KeyObject;
}

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
/** Where answers are written. */
let home: FakePeer;
/** Where Ada is followed from. */
let away: FakePeer;
let ada: Person;
let bob: Prover;
let fay: PeerActor;
let postUri: string;
let names = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  home = stack.use(await startFakePeer(network, 'home.test'));
  away = stack.use(await startFakePeer(network, 'away.test'));
  ada = await world.local('ada');
  [bob, fay] = [prover(home), away.actor('fay')];
  expect(await away.send(world, fay, activityBy(fay, 'Follow', uriOf(ada)))).toBe(202);
  postUri = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;

/** Somebody with a key for proofs. */
function prover(peer: FakePeer, name = `bob${(names += 1)}`): Prover {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const controller = `${peer.origin}/users/${name}`;
  const id = `${controller}#ed25519-key`;
  const publicKeyMultibase = toMultikey(publicKey);
  const actor = peer.actor(name, {
    assertionMethod: [{ id, type: 'Multikey', controller, publicKeyMultibase }],
  });
  return { ...actor, proofKey: privateKey };
}

function proven(actor: Prover, activity: Written, at = world.clock.now()): Written {
  const whole = { '@context': 'https://www.w3.org/ns/activitystreams', ...activity };
  return withProof(whole, { id: `${actor.uri}#ed25519-key`, key: actor.proofKey }, at);
}

const commentsOf = async ({ id }: Written): Promise<number> =>
  (await world.services.database.row<{ n: number }>(COMMENTS, [id]))!.n;

const broughtTo = (peer: FakePeer): JsonObject[] =>
  peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as JsonObject);

test('an activity that its actor has proven is taken from whoever brings it', async () => {
  const said = answerBy(bob, postUri);
  const create = proven(bob, activityBy(bob, 'Create', said));
  expect(await away.send(world, fay, create)).toBe(202);
  await world.settle();
  expect(await commentsOf(said)).toBe(1);
  expect(await home.send(world, bob, create)).toBe(202);
  await world.settle();
  expect(await commentsOf(said)).toBe(1);
  const gone = proven(bob, activityBy(bob, 'Delete', said.id));
  expect(await away.send(world, fay, gone)).toBe(202);
  await world.settle();
  expect(await commentsOf(said)).toBe(0);
});

test('F37 F38 what is brought by others without a proof, or with one that is wrong, is refused', async () => {
  const said = answerBy(bob, postUri);
  const plain = activityBy(bob, 'Create', said);
  const create = proven(bob, plain);
  const old = new Date(world.clock.now().getTime() - 15 * 24 * 3_600_000);
  const other = prover(home);
  const neighbour = { ...other, uri: bob.uri };
  const brought: object[] = [
    plain,
    { ...create, proof: undefined },
    { ...create, proof: { ...(create['proof'] as object), cryptosuite: 'none' } },
    { ...create, object: { ...said, content: '<p>Forged</p>' } },
    { ...create, proof: [create['proof'], { ...(create['proof'] as object), domain: 'x' }] },
    proven({ ...bob, proofKey: other.proofKey }, plain),
    withProof(plain, { id: `${other.uri}#ed25519-key`, key: other.proofKey }, world.clock.now()),
    withProof(plain, { id: `${away.origin}/key`, key: bob.proofKey }, world.clock.now()),
    proven(bob, plain, old),
    proven(neighbour, plain),
    proven(bob, activityBy(bob, 'Follow', uriOf(ada))),
    proven(bob, activityBy(bob, 'Block', uriOf(ada))),
  ];
  for (const activity of brought)
    expect([activity, await away.send(world, fay, activity)]).toEqual([activity, 401]);
  await world.settle();
  expect(await commentsOf(said)).toBe(0);
});

test('F38 a proof that is wrong is refused of its actor as well', async () => {
  const like = proven(bob, activityBy(bob, 'Like', postUri));
  expect(await home.send(world, bob, { ...like, object: `${postUri}x` })).toBe(401);
  expect(await home.send(world, bob, like)).toBe(202);
});

test('F62 unknown keys of proofs are asked for as seldom as those of signatures', async () => {
  const far = stack.use(await startFakePeer(network, 'far.test'));
  for (let index = 0; index < 20; index++) {
    const uri = `${far.origin}/users/nobody${index}`;
    const nobody = { ...bob, uri };
    const create = proven(nobody, activityBy(nobody, 'Create', answerBy(nobody, postUri)));
    expect(await away.send(world, fay, create)).toBe(401);
  }
  expect(far.requests.length).toBeLessThanOrEqual(5);
});

test('an answer to a post of ours is passed on to the servers of followers as it came, once', async () => {
  away.requests.length = 0;
  const said = answerBy(bob, postUri);
  const create = proven(bob, activityBy(bob, 'Create', said));
  expect(await home.send(world, bob, create)).toBe(202);
  await world.settle();
  const [brought, ...more] = broughtTo(away);
  expect([brought, more]).toEqual([create, []]);
  const keys = (await findRemoteActor(world.services.database, bob.uri))!.proofKeys;
  expect(judgeProofs(brought!, bob.uri, keys, world.clock.now())).toBe('VALID');
  expect(broughtTo(home)).toEqual([]);

  const gone = proven(bob, activityBy(bob, 'Delete', said.id));
  expect(await home.send(world, bob, gone)).toBe(202);
  await world.settle();
  expect(broughtTo(away).slice(1)).toEqual([gone]);
});

test('what one author says is passed on so often and no more', async () => {
  const { actorId } = (await findRemoteActor(world.services.database, bob.uri))!;
  await world.services.rateLimiter.reset(PASSING_ON, actorId);
  await world.services.rateLimiter.charge(PASSING_ON, actorId, PASSING_ON.points - 1);
  away.requests.length = 0;
  const said = answerBy(bob, postUri);
  await home.send(world, bob, proven(bob, activityBy(bob, 'Create', said)));
  await world.settle();
  for (const content of ['One', 'Two', 'Three']) {
    const changed = { ...said, content, updated: world.clock.now().toISOString() };
    await home.send(world, bob, proven(bob, activityBy(bob, 'Update', changed)));
    await world.settle();
  }
  expect(broughtTo(away)).toHaveLength(1);
  await world.services.rateLimiter.reset(PASSING_ON, actorId);
});

test('what proves nothing, or is not below a post of ours for many, is not passed on', async () => {
  const named = await publish(world, ada, {
    visibility: 'MENTIONED',
    caption: `For @${bob.uri.split('/').at(-1)!}@home.test`,
  });
  await world.settle();
  away.requests.length = 0;
  const to = [uriOf(ada)];
  const below = answerBy(bob, `https://a.example/posts/${innerId(named)}`, { to, cc: [] });
  await home.send(world, bob, proven(bob, activityBy(bob, 'Create', below, { to })));
  await home.send(world, bob, activityBy(bob, 'Create', answerBy(bob, postUri)));
  await home.send(world, bob, proven(bob, activityBy(bob, 'Like', postUri)));
  await world.settle();
  expect(await commentsOf(below)).toBe(1);
  expect(broughtTo(away)).toEqual([]);
});

test('what we say to everybody is proven by the key that the actor publishes, and nothing else is', async () => {
  away.requests.length = 0;
  await publish(world, ada);
  await world.settle();
  await publish(world, ada, { visibility: 'FOLLOWERS' });
  await world.settle();
  const actor = (await ask(world, `/actors/${ada.actorId}`)).body;
  const [{ id, publicKeyMultibase: multibase }] = actor['assertionMethod'] as [
    { id: string; publicKeyMultibase: string },
  ];
  const keys = [{ id, multibase }];
  expect(id).toBe(`${uriOf(ada)}#ed25519-key`);
  const verdicts = broughtTo(away).map((sent) =>
    judgeProofs(sent, uriOf(ada), keys, world.clock.now()),
  );
  expect(verdicts).toEqual(['VALID', 'ABSENT']);
  const stored = await world.services.database.row<{ public: string; sealed: string }>(KEYS, [
    uriOf(ada),
  ]);
  expect(stored?.public).toBe(multibase);
  expect(stored?.sealed).not.toContain(multibase.slice(4));
});

test('a comment of one server under a post of another reaches the followers on a third', async () => {
  const [b, c] = [await network.join('b.example'), await network.join('c.example')];
  const [ben, cleo] = [await b.local('ben'), await c.local('cleo')];
  const adaThere = await meet(cleo, 'ada@a.example');
  await cleo.graphql(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId: adaThere } },
  );
  const adaAtB = await meet(ben, 'ada@a.example');
  await ben.graphql(
    'mutation ($input: FollowActorInput!) { followActor(input: $input) { userErrors { code } } }',
    { input: { actorId: adaAtB } },
  );
  await network.settle();
  const id = innerId(await publish(world, ada));
  await network.settle();
  const uri = `https://a.example/posts/${id}`;
  const find = statement('test.id_of', 'select id from posts where uri = $1');
  const atB = (await b.services.database.row<{ id: string }>(find, [uri]))!.id;
  const { toGlobalId } = await import('../../src/platform/ids.js');
  const said = innerId(await comment(ben, toGlobalId('post', atB), 'From afar.'));
  await network.settle();
  const atC = await c.services.database.row(find, [`https://b.example/comments/${said}`]);
  expect(atC).not.toBeNull();
  const headers = { accept: 'text/html' };
  const answer = await fetch(`${b.origin}/comments/${said}`, { headers, redirect: 'manual' });
  expect([answer.status, answer.headers.get('location')]).toEqual([302, uri]);
});
