// Keys that are replaced: ours, for those who have not heard of it yet, and those of others.
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { isMadeBy, readSignature } from '../../src/federation/internal/http-signature.js';
import { judgeProofs, withProof } from '../../src/federation/internal/integrity-proof.js';
import { toMultikey } from '../../src/federation/internal/multibase.js';
import { pruneFederation } from '../../src/federation/jobs/prune-federation.job.js';
import { eachKeyOwner, rotateKeys } from '../../src/federation/rotate-keys.js';
import { serverAsOwner } from '../../src/federation/signing-keys.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy } from '../support/activities.js';
import {
  startFakePeer,
  type FakePeer,
  type PeerActor,
  type PeerRequest,
} from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import { ask } from '../support/signed-fetch.js';
import type { Person, World } from '../support/world.js';

const FORMER = statement(
  'test.former_keys',
  `select sealed_private_key is not null as "canSign" from former_signing_keys where owner_uri = $1 order by rotation`,
);
const RUN_NOW = statement(
  'test.key_rotation.run_now',
  `update graphile_worker._private_jobs set run_at = now() where run_at > now() and attempts = 0`,
);
const REFETCH_SECONDS = 301;
const DAY = 24 * 3600;

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let nell: PeerActor;
let people = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  nell = peer.actor('nell');
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const context = () => ({ ...world.services, jobId: '0', attempt: 1 });

async function followed(): Promise<Person> {
  const who = await world.local(`ada${(people += 1)}`);
  expect(await peer.send(world, nell, activityBy(nell, 'Follow', uriOf(who)))).toBe(202);
  await world.settle();
  return who;
}

interface Keys {
  readonly pem: string;
  readonly proofs: readonly { id: string; multibase: string }[];
}

async function keysAt(path: string): Promise<Keys> {
  const { body } = await ask(world, path);
  const { publicKeyPem } = body['publicKey'] as { publicKeyPem: string };
  const methods = (body['assertionMethod'] ?? []) as { id: string; publicKeyMultibase: string }[];
  return {
    pem: publicKeyPem,
    proofs: methods.map(({ id, publicKeyMultibase: multibase }) => ({ id, multibase })),
  };
}

const keysOf = (who: Person): Promise<Keys> => keysAt(`/actors/${who.actorId}`);

/** Replaces the keys of somebody, as another process would; answers once this one has seen it. */
async function rotate(who: Person, isRevoking = false): Promise<{ before: Keys; after: Keys }> {
  const before = await keysOf(who);
  const owner = { uri: uriOf(who), actorId: who.actorId };
  expect(await rotateKeys(world.services, owner, { isRevoking })).toBe(true);
  return { before, after: await changed(() => keysOf(who), before) };
}

async function changed(read: () => Promise<Keys>, before: Keys): Promise<Keys> {
  for (;;) {
    const now = await read();
    if (now.pem !== before.pem) return now;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function isSignedWith(pem: string, { method, path, headers, body }: PeerRequest): boolean {
  const request = { method, target: path, headers, body: Buffer.from(body) };
  const claimed = readSignature(request, peer.host, world.clock.now());
  return isMadeBy(claimed, createPublicKey(pem));
}

const sent = (type: string, who: Person): PeerRequest[] =>
  peer.requests.filter(
    ({ method, body }) =>
      method === 'POST' && body.includes(`"type":"${type}","actor":"${uriOf(who)}"`),
  );

test('a new key is published by every process, and told with the key before it', async () => {
  const ada = await followed();
  const before = await keysOf(ada);
  const owner = { uri: uriOf(ada), actorId: ada.actorId };
  expect(await rotateKeys(world.services, owner, { isRevoking: false })).toBe(true);
  // The job that tells of it does not wait until this process has seen it.
  await world.settle();
  const after = await changed(() => keysOf(ada), before);
  const [update, ...more] = sent('Update', ada);
  expect(more).toEqual([]);
  expect(update!.body).toContain(JSON.stringify(after.pem));
  expect(isSignedWith(before.pem, update!)).toBe(true);
  await publish(world, ada);
  await world.settle();
  const [create] = sent('Create', ada);
  expect(isSignedWith(after.pem, create!)).toBe(true);
  expect(judge(create!, ada, [after.proofs[0]!])).toBe('VALID');
});

const judge = ({ body }: PeerRequest, who: Person, keys: Keys['proofs']) =>
  judgeProofs(JSON.parse(body) as Record<string, unknown>, uriOf(who), keys, world.clock.now());

test('what was proven with a key stays proven once it is replaced, unless it is revoked', async () => {
  const ada = await followed();
  await publish(world, ada);
  await world.settle();
  const [create] = sent('Create', ada);
  const first = await rotate(ada);
  expect(first.after.proofs.slice(1)).toEqual(first.before.proofs);
  expect(new Set(first.after.proofs.map(({ id }) => id)).size).toBe(2);
  expect(judge(create!, ada, first.after.proofs)).toBe('VALID');
  const second = await rotate(ada);
  expect(second.after.proofs).toHaveLength(3);
  const revoked = await rotate(ada, true);
  expect(revoked.after.proofs).toHaveLength(1);
  expect(judge(create!, ada, revoked.after.proofs)).not.toBe('VALID');
});

test('a key that is revoked signs nothing any more', async () => {
  const ada = await followed();
  const { after } = await rotate(ada, true);
  await world.settle();
  expect(isSignedWith(after.pem, sent('Update', ada)[0]!)).toBe(true);
});

test('who knows the new key already, and refuses the one before, gets it signed anew', async () => {
  const ada = await followed();
  peer.serve('/inbox', { status: 401, body: {} });
  const { before, after } = await rotate(ada);
  await world.settle();
  peer.serve('/inbox', { status: 202, body: '' });
  world.clock.advance(120);
  await world.services.database.rows(RUN_NOW);
  await world.settle();
  const [first, second] = sent('Update', ada);
  expect(isSignedWith(before.pem, first!)).toBe(true);
  expect(isSignedWith(after.pem, second!)).toBe(true);
});

test('the key before is kept as long as something may be signed with it, what it proves for a month', async () => {
  const ada = await followed();
  await rotate(ada);
  const former = () => world.services.database.rows(FORMER, [uriOf(ada)]);
  await pruneFederation.run(context(), {});
  expect(await former()).toEqual([{ canSign: true }]);
  world.clock.advance(3 * DAY + 60);
  await pruneFederation.run(context(), {});
  expect(await former()).toEqual([{ canSign: false }]);
  world.clock.advance(28 * DAY);
  await pruneFederation.run(context(), {});
  expect(await former()).toEqual([]);
});

test('the server replaces its own key, too; who has none yet needs no new one', async () => {
  const before = await keysAt('/actor');
  const server = serverAsOwner(world.services);
  expect(await rotateKeys(world.services, server, { isRevoking: false })).toBe(true);
  await changed(() => keysAt('/actor'), before);
  const uri = 'https://a.example/actors/nobody';
  const nobody = { uri, actorId: null };
  expect(await rotateKeys(world.services, nobody, { isRevoking: false })).toBe(false);
  const owners: string[] = [];
  for await (const owner of eachKeyOwner(world.services.database)) owners.push(owner.uri);
  expect(owners).toContain(server.uri);
  expect(new Set(owners).size).toBe(owners.length);
});

test('another server of this kind believes a revoked key no more, and the new one once it has asked', async () => {
  const other = await network.join('b.example');
  other.clock.advance((world.clock.now().getTime() - other.clock.now().getTime()) / 1000);
  const bea = await other.local('bea');
  const ada = await followed();
  const following =
    'mutation ($id: ID!) { followActor(input: { actorId: $id }) { userErrors { code } } }';
  await bea.graphql(following, { id: await meet(bea, `${ada.username}@a.example`) });
  await network.settle();
  for (const one of [world, other]) one.clock.advance(REFETCH_SECONDS);
  await rotate(ada, true);
  const postId = await publish(world, ada, { caption: 'By a new key' });
  await network.settle();
  const KNOWN = statement(
    'test.known_post',
    'select content_html as html from posts where uri = $1',
  );
  const post = await other.services.database.row<{ html: string }>(KNOWN, [
    `https://a.example/posts/${innerId(postId)}`,
  ]);
  expect(post?.html).toContain('By a new key');
});

test('a key for proofs that was replaced is asked for again, and not once for every proof that is wrong', async () => {
  const ada = await followed();
  const postUri = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  const pairs = [1, 2, 3].map(() => generateKeyPairSync('ed25519'));
  const id = `${peer.origin}/users/rita#ed25519-key`;
  const methodOf = (index: number) => ({
    assertionMethod: [
      {
        id,
        type: 'Multikey',
        controller: `${peer.origin}/users/rita`,
        publicKeyMultibase: toMultikey(pairs[index]!.publicKey),
      },
    ],
  });
  const rita = peer.actor('rita', methodOf(0));
  const hear = (index: number): Promise<number> => {
    const create = activityBy(rita, 'Create', answerBy(rita, postUri));
    const whole = { '@context': 'https://www.w3.org/ns/activitystreams', ...create };
    const { privateKey: key } = pairs[index]!;
    return peer.send(world, rita, withProof(whole, { id, key }, world.clock.now()));
  };
  const asked = (): number => peer.requests.filter(({ path }) => path === '/users/rita').length;
  expect(await hear(0)).toBe(202);
  peer.serve('/users/rita', { body: { ...rita.document, ...methodOf(1) } });
  world.clock.advance(REFETCH_SECONDS);
  const before = asked();
  expect(await hear(1)).toBe(202);
  for (let index = 0; index < 3; index++) expect(await hear(2)).toBe(401);
  expect(asked()).toBe(before + 1);
});
