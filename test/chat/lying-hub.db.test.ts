// Hubs of other servers that lie, lose answers, or are down: what this server believes, and what it does not lose.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import {
  begin,
  groupOf,
  lettersOf,
  sendCommit,
  sendMls,
  type ChatDevice,
} from '../support/encrypted-chat.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import {
  mirrorScene,
  nameOf,
  sequencesOf,
  someone,
  type MirrorScene,
} from '../support/mirror-scene.js';
import { makeGroupId, MlsGroup } from '../support/mls.js';
import { runScheduled } from '../support/scheduled.js';
import { ScriptedHub, type Told } from '../support/scripted-hub.js';
import type { World } from '../support/world.js';

const FAULTS = statement(
  'test.hub_faults_of',
  `select sequence, kind from hub_faults fault join conversations c on c.id = fault.conversation_id
   where c.hub_uri = $1 order by sequence, kind`,
);
const ERASE = statement(
  'test.erase_actor_with_devices',
  `with gone as (delete from chat_devices where actor_id in (select id from actors where uri = $1))
   update actors set status = 'DELETED' where uri = $1`,
);
const FOLLOW = statement(
  'test.follow_uri',
  `insert into follows (id, follower_id, followee_id, state, requested_at, accepted_at)
   select gen_random_uuid(), here.id, there.id, 'ACCEPTED', now(), now() from actors here, actors there
   where here.uri = $1 and there.uri = $2`,
);
const HUBS_LEFT_ALONE = statement(
  'test.silent_hubs',
  'select failures, ask_at as "askAt" from silent_hubs where origin = $1',
);

let network: FederatedNetwork;
let world: World;
let hubs = 0;

beforeAll(async () => {
  network = openNetwork();
  world = await network.join('b.example');
});
afterAll(async () => {
  await network[Symbol.asyncDispose]();
});

const nextHost = (): string => `liar${++hubs}.example`;
const scene = (): Promise<MirrorScene> => mirrorScene(network, world, nextHost());

async function visitLater(seconds = 61): Promise<void> {
  world.clock.advance(seconds);
  await runScheduled(world, 'visitHubs');
  await world.settle();
}

function reset(bob: ChatDevice, conversationId: string, groupId: Buffer): Promise<object> {
  const mlsGroupId = groupId.toString('base64');
  return bob.who.graphql(
    `mutation ($input: ResetConversationInput!) { resetConversation(input: $input) {
       conversation { epoch devices { id } } userErrors { code } } }`,
    { input: { conversationId, deviceId: bob.id, mlsGroupId } },
  );
}

const update = (hub: ScriptedHub): object => {
  return {
    type: 'Update',
    id: `${hub.uri}#${randomUUID()}`,
    actor: hub.uri,
    object: hub.document(),
  };
};

test('a device that begins the group anew is in it, though it was behind', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  await hub.write('not told');
  expect(await reset(bob, conversationId, makeGroupId())).toMatchObject({
    data: { resetConversation: { conversation: { epoch: 0, devices: [{ id: bob.id }] } } },
  });
});

test('a device that begins the group anew is in it, though the answer of the hub was lost', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  const groupId = makeGroupId();
  hub.answering = (body) => {
    hub.answering = () => null;
    hub['submitted']('', JSON.stringify(body));
    return { status: 502, body: {} };
  };
  expect(await reset(bob, conversationId, groupId)).toMatchObject({
    data: { resetConversation: { userErrors: [{ code: 'HUB_UNREACHABLE' }] } },
  });
  await hub.tell(world, update(hub));
  expect(await groupOf(bob, conversationId)).toMatchObject({ epoch: 0, devices: [{ id: bob.id }] });
  const group = await MlsGroup.begin(groupId, bob.packages[0]!);
  const made = await group.commit();
  expect((await sendCommit(bob, conversationId, 0, made)).userErrors).toEqual([]);
  expect((await sequencesOf(bob)).at(-1)).toBe('2 COMMIT');
});

test('a hub that takes a device out and in again at one place breaks nothing', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  const [alice, own] = hub.devices;
  for (const devices of [[own!], [own!, alice!], [own!], [own!, alice!]]) {
    hub.devices = devices;
    expect(await hub.tell(world, update(hub))).toEqual([202]);
    expect((await groupOf(bob, conversationId))!.devices).toHaveLength(devices.length);
  }
});

test('a hub that has a group of the same name as another one takes nothing from anybody', async () => {
  const [first, second] = [nextHost(), nextHost()];
  await using squatter = await ScriptedHub.start(network, first);
  await using hub = await ScriptedHub.start(network, second);
  const bob = await someone(world, 'bob');
  const carol = await someone(world, 'carol');
  squatter.groupId = hub.groupId;
  for (const one of [squatter, hub]) {
    await one.tell(world, ...(await one.welcome([bob], false)));
    await world.settle();
  }
  const letters = await lettersOf(bob);
  expect(new Set(letters.map(({ conversationId }) => conversationId)).size).toBe(2);
  expect((await begin(bob, hub.groupId, [carol.who])).userErrors).toEqual([]);
  const before = (await begin(bob, hub.groupId, [carol.who], true)).userErrors;
  expect(before).toEqual([]);
});

test('a commit of somebody who is gone with their devices is taken all the same', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  const made = await hub.group.commit();
  const commit = { kind: 'COMMIT', epoch: 1, content: made.commit.toString('base64') };
  const sender = { actor: hub.alice.uri };
  await world.services.database.rows(ERASE, [hub.alice.uri]);
  const told = hub.create({ ...commit, seq: 2, sender, added: [], removed: [] });
  expect(await hub.tell(world, told)).toEqual([202]);
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 COMMIT']);
  expect(await groupOf(bob, conversationId)).toMatchObject({ epoch: 2 });
});

test('nobody here has written what did not go out from here, however well the hub knows them', async () => {
  await using here = await scene();
  const { hub, bob, conversationId, group } = here;
  const told = await hub.write('x');
  const forged = hub.create({ ...(told['object'] as Told), sender: nameOf(bob) });
  await hub.tell(world, forged);
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME']);
  expect(await groupOf(bob, conversationId)).toMatchObject({ isRequest: true });
  const { data } = await group.write('Mine');
  expect((await sendMls(bob, conversationId, data)).userErrors).toEqual([]);
  const again = { ...(hub.log.at(-1)!['object'] as Told), content: data.toString('base64') };
  await hub.tell(world, hub.create({ ...again, seq: 4 }));
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '3 APPLICATION']);
  expect(await world.services.database.rows(FAULTS, [hub.uri])).toEqual([
    { sequence: 2, kind: 'FORGED_DEVICE' },
    { sequence: 4, kind: 'FORGED_DEVICE' },
  ]);
});

test.each([
  ['the hub itself', false],
  ['a third server', true],
])('who follows somebody of %s is asked before these let them in: %s', async (home, isRequest) => {
  await using hub = await ScriptedHub.start(network, nextHost());
  await using third = await ScriptedHub.start(network, nextHost());
  const bob = await someone(world, 'bob');
  const friend = home === 'a third server' ? third : hub;
  await meet(bob.who, `alice@${friend.peer.host}`);
  await world.services.database.rows(FOLLOW, [bob.uri, friend.alice.uri]);
  hub.members.push({ actor: third.alice.uri, role: 'MEMBER' });
  const [told] = await hub.welcome([bob], false);
  const said = hub.create({ ...(told!['object'] as Told), sender: friend.aliceDevice });
  hub.log.splice(0, 1, said);
  await hub.tell(world, said);
  await world.settle();
  const [welcome] = await lettersOf(bob);
  expect(await groupOf(bob, welcome!.conversationId)).toMatchObject({ isRequest });
});

test('a hub that is down is asked more and more rarely, and again once it says something', async () => {
  await using here = await scene();
  const { hub, bob } = here;
  const state = (): Promise<{ failures: number; askAt: Date } | null> =>
    world.services.database.row(HUBS_LEFT_ALONE, [hub.peer.origin]);
  await hub.write('never told');
  hub.isUp = false;
  await visitLater(2 * 3600);
  const asked = hub.peer.requests.length;
  for (let minute = 0; minute < 30; minute++) await visitLater();
  const more = hub.peer.requests.length - asked;
  expect([more >= 3, more <= 6]).toEqual([true, true]);
  for (let day = 0; day < 6; day++) await visitLater(86_400);
  const { askAt, failures } = (await state())!;
  expect(askAt.getTime() - world.clock.now().getTime()).toBeLessThanOrEqual(6 * 3600 * 1250);
  expect(failures).toBeGreaterThan(7);
  hub.isUp = true;
  await hub.tell(world, await hub.write('here again'));
  await world.settle();
  expect(await state()).toBeNull();
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 APPLICATION', '3 APPLICATION']);
});
