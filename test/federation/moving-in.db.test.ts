// Somebody of another server moves: honestly, and in the ways that must move nobody.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { setActorSuspended } from '../../src/actors/set-actor-status.js';
import type { ReceivedActivityId } from '../../src/federation/federation.events.js';
import { receiveActivity } from '../../src/federation/jobs/receive-activity.job.js';
import { saveDomainRule } from '../../src/moderation/save-domain-rule.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import type { ActorId } from '../../src/actors/actor.entity.js';
import { activityBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { followById, moveTo, nameAlias, run, see } from '../support/moves.js';
import type { Person, World } from '../support/world.js';

const REFUSAL = statement(
  'test.refusal',
  `select refusal from received_activities where activity_uri = $1 and handled_at is not null`,
);
const AGAIN = statement(
  'test.move_again',
  `update received_activities set handled_at = null, body = $2::jsonb where activity_uri = $1 returning id`,
);
const MOVES = statement('test.moves', 'select count(*)::int as count from moves');

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let other: FakePeer;
let ada: Person;
let names = 0;
/** Who moves, from which server, and the same as ada's server has them. */
let origin: PeerActor;
let originId: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.example'));
  other = stack.use(await startFakePeer(network, 'other.example'));
});

afterAll(() => stack.disposeAsync());

beforeEach(async () => {
  ada = await world.local(`ada${++names}`);
  origin = peer.actor(`bob${names}`);
  originId = await meet(ada, `bob${names}@peer.example`);
  await followAccepted(ada, origin, originId);
});

async function followAccepted(who: Person, actor: PeerActor, id: string): Promise<void> {
  expect(await followById(who, id, { showReposts: false })).toEqual([]);
  await world.settle();
  const follow = { type: 'Follow', actor: await uriOf(who), object: actor.uri };
  await peer.send(world, actor, activityBy(actor, 'Accept', follow));
  await world.settle();
  expect((await see(who, id)).viewerRelationship!.isFollowing).toBe(true);
}

async function uriOf(who: Person): Promise<string> {
  const answer = await who.graphql<{ viewer: { actor: { uri: string } } }>(
    '{ viewer { actor { uri } } }',
  );
  return answer.data.viewer.actor.uri;
}

/** Serves what an actor says of itself from now on. */
function says(where: FakePeer, actor: PeerActor, more: object): void {
  where.serve(new URL(actor.uri).pathname, { body: { ...actor.document, ...more } });
}

/** Both sides agree; answers the target. */
function agreed(): PeerActor {
  const target = other.actor(`rob${names}`, { alsoKnownAs: [origin.uri] });
  says(peer, origin, { movedTo: target.uri });
  return target;
}

/** Sends a Move; answers why it was refused. */
async function move(by: PeerActor, object: string, target: string): Promise<string | null> {
  const activity = activityBy(by, 'Move', object, { target });
  await peer.send(world, by, activity);
  await world.settle();
  const row = await world.services.database.row<{ refusal: string | null }>(REFUSAL, [activity.id]);
  return row!.refusal;
}

async function expectUnmoved(): Promise<void> {
  const seen = await see(ada, originId);
  expect(seen).toMatchObject({
    status: 'ACTIVE',
    movedTo: null,
    viewerRelationship: { isFollowing: true },
  });
}

test('a follower here asks to follow the new account, and follows the old one no more', async () => {
  const target = agreed();
  expect(await move(origin, origin.uri, target.uri)).toBeNull();
  expect(await see(ada, originId)).toMatchObject({
    status: 'MOVED',
    movedTo: { handle: `rob${names}@other.example` },
    viewerRelationship: { isFollowing: false },
  });
  const targetId = await meet(ada, `rob${names}@other.example`);
  expect((await see(ada, targetId)).viewerRelationship).toMatchObject({ isRequested: true });
  const sent = other.requests.filter(({ method }) => method === 'POST');
  expect(sent.some(({ body }) => body.includes('"Follow"') && body.includes(target.uri))).toBe(
    true,
  );
  expect(
    peer.requests.some(({ body }) => body.includes('"Undo"') && body.includes(origin.uri)),
  ).toBe(true);
});

test('moving here: the local account that names the other one is followed at once', async () => {
  const target = await world.local(`new${names}`);
  expect(await nameAlias(target, `bob${names}@peer.example`)).toEqual([]);
  says(peer, origin, { movedTo: await uriOf(target) });
  expect(await move(origin, origin.uri, await uriOf(target))).toBeNull();
  expect((await see(ada, target.actorGlobalId)).viewerRelationship).toMatchObject({
    isFollowing: true,
  });
});

test('blocks and mutes go along, and whoever blocks the new account keeps the old follow', async () => {
  const [ben, cem] = [await world.local(`ben${names}`), await world.local(`cem${names}`)];
  expect(await run(ben, 'setBlock', { actorId: originId, blocked: true })).toEqual([]);
  expect(await run(cem, 'setMute', { actorId: originId, muted: true })).toEqual([]);
  const target = agreed();
  const targetId = await meet(ada, `rob${names}@other.example`);
  expect(await run(ada, 'setBlock', { actorId: targetId, blocked: true })).toEqual([]);
  expect(await move(origin, origin.uri, target.uri)).toBeNull();
  expect((await see(ben, targetId)).viewerRelationship!.isBlocking).toBe(true);
  expect((await see(cem, targetId)).viewerRelationship!.isMuting).toBe(true);
  expect((await see(ada, originId)).viewerRelationship!.isFollowing).toBe(true);
});

test('F49: without an alias, or without a word of the origin, nobody is moved', async () => {
  const target = other.actor(`rob${names}`);
  says(peer, origin, { movedTo: target.uri });
  expect(await move(origin, origin.uri, target.uri)).toContain('does not name');
  await expectUnmoved();
  says(other, target, { alsoKnownAs: [origin.uri] });
  says(peer, origin, {});
  expect(await move(origin, origin.uri, target.uri)).toContain('does not say');
  says(peer, origin, { movedTo: `${other.origin}/users/somebody` });
  expect(await move(origin, origin.uri, target.uri)).not.toBeNull();
  await expectUnmoved();
});

test('F49: an alias that only our old copy knows does not count', async () => {
  const target = agreed();
  await meet(ada, `rob${names}@other.example`);
  says(other, target, { alsoKnownAs: [] });
  expect(await move(origin, origin.uri, target.uri)).toContain('does not name');
  await expectUnmoved();
});

test('F49: nobody moves somebody else, or to themselves', async () => {
  const mallory = peer.actor(`mallory${names}`, { alsoKnownAs: [origin.uri] });
  says(peer, origin, { movedTo: mallory.uri });
  expect(await move(mallory, origin.uri, mallory.uri)).toContain('somebody else');
  says(peer, origin, { movedTo: origin.uri, alsoKnownAs: [origin.uri] });
  expect(await move(origin, origin.uri, origin.uri)).toContain('themselves');
  await expectUnmoved();
});

test('F49: chains and loops lead nowhere', async () => {
  const third = other.actor(`third${names}`, {
    alsoKnownAs: [`${other.origin}/users/rob${names}`],
  });
  const target = agreed();
  says(other, target, { alsoKnownAs: [origin.uri], movedTo: third.uri });
  expect(await move(origin, origin.uri, target.uri)).not.toBeNull();
  says(other, target, { alsoKnownAs: [origin.uri], movedTo: origin.uri });
  expect(await move(origin, origin.uri, target.uri)).not.toBeNull();
  await expectUnmoved();
  expect(other.requests.some(({ path }) => path.includes(`third${names}`))).toBe(false);
});

test('F49: back and forth moves followers once', async () => {
  const target = agreed();
  expect(await move(origin, origin.uri, target.uri)).toBeNull();
  says(peer, origin, { alsoKnownAs: [target.uri] });
  says(other, target, { alsoKnownAs: [origin.uri], movedTo: origin.uri });
  expect(await moveFrom(other, target, origin.uri)).not.toBeNull();
  expect((await see(ada, originId)).movedTo).not.toBeNull();
});

async function moveFrom(where: FakePeer, by: PeerActor, target: string): Promise<string | null> {
  const activity = activityBy(by, 'Move', by.uri, { target });
  await where.send(world, by, activity);
  await world.settle();
  const row = await world.services.database.row<{ refusal: string | null }>(REFUSAL, [activity.id]);
  return row!.refusal;
}

test('F49: a second move within 30 days is refused, the same one again does nothing', async () => {
  const target = agreed();
  expect(await move(origin, origin.uri, target.uri)).toBeNull();
  const before = await world.services.database.row(MOVES, []);
  expect(await move(origin, origin.uri, target.uri)).toBeNull();
  const next = other.actor(`next${names}`, { alsoKnownAs: [origin.uri] });
  says(peer, origin, { movedTo: next.uri });
  expect(await move(origin, origin.uri, next.uri)).not.toBeNull();
  expect(await world.services.database.row(MOVES, [])).toEqual(before);
});

test('a suspended account is no place to go', async () => {
  const target = agreed();
  const id = parseGlobalId(await meet(ada, `rob${names}@other.example`))!.id as ActorId;
  await world.services.database.transaction((tx) =>
    setActorSuspended(tx, id, true, world.clock.now()),
  );
  expect(await move(origin, origin.uri, target.uri)).not.toBeNull();
  await expectUnmoved();
});

test('a server that is suspended here is no place to go, in or out', async () => {
  const bad = stack.use(await startFakePeer(network, `bad${names}.example`));
  const target = bad.actor('rob', { alsoKnownAs: [origin.uri, await uriOf(ada)] });
  says(peer, origin, { movedTo: target.uri });
  const admin = await world.admin();
  const flags = { rejectsMedia: false, rejectsReports: false, isObfuscated: false };
  await saveDomainRule(await admin.context(), {
    ...flags,
    domain: bad.host,
    severity: 'SUSPEND',
    publicComment: null,
    privateComment: null,
  });
  await world.settle();
  const asked = bad.requests.length;
  expect(await move(origin, origin.uri, target.uri)).not.toBeNull();
  await expectUnmoved();
  expect(await moveTo(ada, `rob@${bad.host}`)).toEqual(['NOT_FOUND']);
  expect(bad.requests).toHaveLength(asked);
});

test('a profile that says where it is now is shown so, moves nobody, and can come back', async () => {
  const target = agreed();
  await peer.send(world, origin, activityBy(origin, 'Update', origin.document));
  await world.settle();
  expect(await see(ada, originId)).toMatchObject({
    status: 'MOVED',
    movedTo: { handle: `rob${names}@other.example` },
    viewerRelationship: { isFollowing: true },
  });
  expect(target.uri).toContain('other.example');
  says(peer, origin, {});
  await peer.send(world, origin, activityBy(origin, 'Update', origin.document));
  await world.settle();
  await expectUnmoved();
});

test('who has moved can be suspended, and comes back as moved', async () => {
  expect(await move(origin, origin.uri, agreed().uri)).toBeNull();
  const id = parseGlobalId(originId)!.id as ActorId;
  const set = (isSuspended: boolean): Promise<void> =>
    world.services.database.transaction((tx) =>
      setActorSuspended(tx, id, isSuspended, world.clock.now()),
    );
  await set(true);
  expect(await see(ada, originId)).toMatchObject({ status: 'SUSPENDED', movedTo: null });
  await set(false);
  expect((await see(ada, originId)).status).toBe('MOVED');
});

test('what is done twice is done once', async () => {
  const target = agreed();
  const activity = activityBy(origin, 'Move', origin.uri, { target: target.uri });
  await peer.send(world, origin, activity);
  await world.settle();
  const id = await see(ada, originId);
  const row = await world.services.database.row<{ id: ReceivedActivityId }>(AGAIN, [
    activity.id,
    JSON.stringify(activity),
  ]);
  const context = { ...world.services, log: world.services.log, jobId: '1', attempt: 2 };
  const actorId = parseGlobalId(originId)!.id as ActorId;
  await receiveActivity.run(context, { receivedId: row!.id, actorId });
  await world.settle();
  expect(await see(ada, originId)).toEqual(id);
  expect(await world.services.database.row(REFUSAL, [activity.id])).toEqual({ refusal: null });
});
