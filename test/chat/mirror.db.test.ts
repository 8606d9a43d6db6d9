// Encrypted conversations that another server orders, which says what the test wants.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { siteOf } from '../../src/platform/site-of.js';
import {
  begin,
  equipped,
  groupOf,
  lettersOf,
  sendMls,
  type ChatDevice,
} from '../support/encrypted-chat.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { mirrorScene, nameOf, sequencesOf, type MirrorScene } from '../support/mirror-scene.js';
import { makeGroupId } from '../support/mls.js';
import { runScheduled } from '../support/scheduled.js';
import { ScriptedHub, type Told } from '../support/scripted-hub.js';
import type { World } from '../support/world.js';

const PAIR = statement(
  'test.mirror_is_pair',
  'select participants_digest is not null as "isPair" from conversations where hub_uri = $1',
);
const FAULTS_OF = statement(
  'test.hub_faults_of',
  `select sequence, kind from hub_faults fault join conversations c on c.id = fault.conversation_id
   where c.hub_uri = $1 order by sequence, kind`,
);
const DELETE = statement(
  'test.delete_actor',
  `update actors set status = 'DELETED' where uri = $1`,
);
const FAULTS = statement(
  'test.hub_faults',
  'select sequence, kind from hub_faults order by sequence, kind',
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

const scene = (): Promise<MirrorScene> => mirrorScene(network, world, `hub${++hubs}.example`);

test('a Welcome for somebody here begins the conversation here, as a request of a stranger (T35)', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  expect(await groupOf(bob, conversationId)).toMatchObject({
    isRequest: true,
    isGroup: false,
    epoch: 1,
    memberCount: 2,
    devices: [{}, {}],
  });
  await hub.tell(world, await hub.write('one'), await hub.write('two'));
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 APPLICATION', '3 APPLICATION']);
});

test('T24: what came late or never is fetched, and stands in the order of the hub', async () => {
  await using here = await scene();
  const { hub, bob } = here;
  const [two, three, four] = [
    await hub.write('two'),
    await hub.write('three'),
    await hub.write('four'),
  ];
  await hub.tell(world, four, two);
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 APPLICATION']);
  await world.settle();
  expect(await sequencesOf(bob)).toEqual([
    '1 WELCOME',
    '2 APPLICATION',
    '3 APPLICATION',
    '4 APPLICATION',
  ]);
  await hub.tell(world, three, four, two);
  expect(await sequencesOf(bob)).toHaveLength(4);
});

test('a quiet mirror asks after an outage for what it was never told', async () => {
  await using here = await scene();
  const { hub, bob } = here;
  await hub.write('never told');
  world.clock.advance(2 * 3600);
  await runScheduled(world, 'visitHubs');
  await world.settle();
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 APPLICATION']);
});

test('T26: two different things at one place: the first stays, and the hub is blamed', async () => {
  await using here = await scene();
  const { hub, bob } = here;
  const told = await hub.write('this');
  const other = hub.create({
    ...(told['object'] as Record<string, unknown>),
    content: ((await hub.write('that'))['object'] as { content: string }).content,
  });
  await hub.tell(world, told, other, told);
  expect(await world.services.database.rows(FAULTS)).toContainEqual({
    sequence: 2,
    kind: 'EQUIVOCATION',
  });
  const [, kept] = await lettersOf(bob);
  expect(kept!.ciphertext).toBe((told['object'] as { content: string }).content);
});

test('a hub says nothing in the name of devices here, and nothing that is not what it says', async () => {
  await using here = await scene();
  const { hub, bob } = here;
  const { content } = (await hub.write('x'))['object'] as { content: string };
  const forged = { kind: 'APPLICATION', epoch: 1, content };
  const nobody = Buffer.alloc(32, 7).toString('base64');
  await hub.tell(
    world,
    hub.create({ ...forged, seq: 2, sender: { actor: bob.uri, signatureKey: nobody } }),
    hub.create({ ...forged, seq: 3, epoch: 0 }),
    hub.create({ ...forged, seq: 4, kind: 'COMMIT', content }),
  );
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME']);
  const faults = await world.services.database.rows<{ sequence: number; kind: string }>(FAULTS);
  expect(faults).toEqual(
    expect.arrayContaining([
      { sequence: 2, kind: 'FORGED_DEVICE' },
      { sequence: 3, kind: 'MISMATCH' },
      { sequence: 4, kind: 'MISMATCH' },
    ]),
  );
});

test('a hub says nothing in the name of people here who do not take part', async () => {
  await using here = await scene();
  const { hub, bob } = here;
  const carol = await equipped(world, await world.local(`carol${randomUUID().slice(0, 8)}`));
  const told = await hub.write('x');
  const forged = hub.create({ ...(told['object'] as Told), sender: nameOf(carol) });
  await hub.tell(world, forged);
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME']);
  expect(await world.services.database.rows(FAULTS_OF, [hub.uri])).toEqual([
    { sequence: 2, kind: 'FORGED_DEVICE' },
  ]);
});

test.each(['themselves', 'a friend'])(
  'a hub does not let people in who are said to have been let in by %s',
  async (adder) => {
    await using hub = await ScriptedHub.start(network, `hub${++hubs}.example`);
    const bob = await equipped(world, await world.local(`bob${randomUUID().slice(0, 8)}`));
    const friend = await equipped(world, await world.local(`carol${randomUUID().slice(0, 8)}`));
    const [told] = await hub.welcome([bob], false);
    const sender = nameOf(adder === 'a friend' ? friend : bob);
    const forged = hub.create({ ...(told!['object'] as Told), sender });
    hub.log.splice(0, 1, forged);
    expect(await hub.tell(world, forged)).toEqual([202]);
    await world.settle();
    expect(await lettersOf(bob)).toEqual([]);
  },
);

test('a hub that is the server of neither does not stand between two people', async () => {
  await using hub = await ScriptedHub.start(network, `hub${++hubs}.example`);
  const bob = await equipped(world, await world.local(`bob${randomUUID().slice(0, 8)}`));
  const carol = await equipped(world, await world.local(`carol${randomUUID().slice(0, 8)}`));
  hub.members = [{ actor: carol.uri, role: 'ADMIN' }];
  await hub.tell(world, ...(await hub.welcome([bob], false)));
  await world.settle();
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME']);
  const begun = await begin(bob, makeGroupId(), [carol.who]);
  expect(begun.userErrors).toEqual([]);
});

test('whoever is left alone between two may begin anew', async () => {
  await using here = await scene();
  const { hub } = here;
  const isPair = async (): Promise<unknown> =>
    (await world.services.database.row<{ isPair: boolean }>(PAIR, [hub.uri]))?.isPair;
  expect(await isPair()).toBe(true);
  hub.members.splice(0, 1);
  const id = `${hub.uri}#state`;
  await hub.tell(world, { type: 'Update', id, actor: hub.uri, object: hub.document() });
  await world.settle();
  expect(await isPair()).toBe(false);
});

test('whoever is not to be had, or is gone, holds nobody up for ever', async () => {
  await using here = await scene();
  const { hub, bob } = here;
  const from = async (actor: string): Promise<Told> => {
    const told = await hub.write('of somebody else');
    const sender = { actor, signatureKey: Buffer.alloc(32, 9).toString('base64') };
    const other = hub.create({ ...(told['object'] as Told), sender });
    hub.log.splice(-1, 1, other);
    return other;
  };
  const gone = hub.peer.actor('gone');
  const letter = await from(gone.uri);
  await hub.tell(world, letter);
  await world.settle();
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 APPLICATION']);
  await world.services.database.rows(DELETE, [gone.uri]);
  await hub.tell(world, await from(gone.uri), await hub.write('after that'));
  await world.settle();
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 APPLICATION', '4 APPLICATION']);
  await hub.tell(world, await from(`${hub.peer.origin}/users/nobody`), await hub.write('held up'));
  await world.settle();
  expect(await sequencesOf(bob)).toHaveLength(3);
  world.clock.advance(11 * 60);
  await runScheduled(world, 'visitHubs');
  await world.settle();
  expect((await sequencesOf(bob)).slice(3)).toEqual(['6 APPLICATION']);
});

const leave = (bob: ChatDevice, conversationId: string): Promise<object> =>
  bob.who.graphql(
    'mutation ($id: ID!) { leaveConversation(input: { conversationId: $id }) { userErrors { code } } }',
    { id: conversationId },
  );
const LEFT = { data: { leaveConversation: { userErrors: [] } } };

test('whoever wants to leave leaves, and a hub that is down hears of it later', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  hub.isUp = false;
  expect(await leave(bob, conversationId)).toMatchObject(LEFT);
  expect(await groupOf(bob, conversationId)).toBeNull();
  hub.isUp = true;
  await hub.tell(world, await hub.write('after that'));
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME']);
  world.clock.advance(61);
  await runScheduled(world, 'visitHubs');
  await world.settle();
  expect(hub.submissions.map(({ body }) => body['kind'])).toEqual(['leave']);
});

test('a hub does not keep whoever wants to leave', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  hub.answering = () => {
    return { status: 403, body: { code: 'FORBIDDEN', message: 'Stay.' } };
  };
  expect(await leave(bob, conversationId)).toMatchObject(LEFT);
  expect(await groupOf(bob, conversationId)).toBeNull();
});

test('a moment that cannot be is none', async () => {
  await using here = await scene();
  const { hub, bob } = here;
  const told = await hub.write('long ago');
  const published = '-271821-04-20T00:00:00.000Z';
  const other = hub.create({ ...(told['object'] as Told), published, expires: published });
  expect(await hub.tell(world, other)).toEqual([202]);
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 APPLICATION']);
});

test('no more is fetched from the hubs of one domain than they may send', async () => {
  await using here = await scene();
  const { hub, bob } = here;
  const site = siteOf(hub.peer.host);
  const limit = { name: 'mirror_kib', points: 2 ** 20, windowSeconds: 86_400, failsClosed: true };
  await world.services.rateLimiter.charge(limit, site, 2 ** 20);
  await hub.write('two');
  await hub.tell(world, await hub.write('three'));
  await world.settle();
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME']);
  await world.services.rateLimiter.reset(limit, site);
  world.clock.advance(61);
  await runScheduled(world, 'visitHubs');
  await world.settle();
  expect(await sequencesOf(bob)).toHaveLength(3);
});

test('another server says nothing of a conversation', async () => {
  await using here = await scene();
  await using other = await ScriptedHub.start(network, 'other.example');
  const { hub, bob } = here;
  const told = await hub.write('stolen');
  expect(await other.peer.send(world, other.alice, told)).toBe(401);
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME']);
});

test('T18: what somebody here writes goes to the hub, signed by them, once for each id', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  await hub.write('not told yet');
  const { data, next } = await here.group.write('hello');
  here.group = next;
  const id = randomUUID();
  const first = await sendMls(bob, conversationId, data, id);
  expect(first.userErrors).toEqual([]);
  expect(first.message).toMatchObject({ sequence: '3', kind: 'APPLICATION' });
  expect(hub.submissions.at(-1)!.keyId).toBe(`${bob.uri}#main-key`);
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 APPLICATION', '3 APPLICATION']);
  const again = await sendMls(bob, conversationId, data, id);
  expect(again.message!.id).toBe(first.message!.id);
  expect(hub.submissions).toHaveLength(1);
  expect((await hub.group.read(data)).text).toBe('hello');
});

test('T18: a response that was lost is had by sending the same again', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  const { data } = await here.group.write('hello');
  const id = randomUUID();
  hub.isUp = false;
  const refused = await sendMls(bob, conversationId, data, id);
  expect(refused.userErrors).toMatchObject([{ code: 'HUB_UNREACHABLE' }]);
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME']);
  hub.isUp = true;
  hub.answering = (body) => {
    hub.answering = () => null;
    // It has its place, and nobody here hears of it.
    hub['submitted']('', JSON.stringify(body));
    return { status: 502, body: {} };
  };
  const lost = await sendMls(bob, conversationId, data, id);
  expect(lost.userErrors).toMatchObject([{ code: 'HUB_UNREACHABLE' }]);
  const sent = await sendMls(bob, conversationId, data, id);
  expect(sent.message).toMatchObject({ sequence: '2' });
  expect(hub.sequence).toBe(2);
});

test('what the hub has accepted and nobody here has heard of comes with what it tells, and is the same message', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  const { data } = await here.group.write('hello');
  const id = randomUUID();
  hub.answering = (body) => {
    hub.answering = () => null;
    hub['submitted']('', JSON.stringify(body));
    return { status: 502, body: {} };
  };
  await sendMls(bob, conversationId, data, id);
  await hub.tell(world, hub.log.at(-1)!);
  expect(await sequencesOf(bob)).toEqual(['1 WELCOME', '2 APPLICATION']);
  const asked = hub.submissions.length;
  const { message } = await sendMls(bob, conversationId, data, id);
  expect(message).toMatchObject({ sequence: '2' });
  expect(hub.submissions).toHaveLength(asked);
});

test('what the hub refuses is refused in the same words here', async () => {
  await using here = await scene();
  const { hub, bob, conversationId } = here;
  const { data } = await here.group.write('hello');
  hub.answering = () => {
    return { status: 409, body: { code: 'EPOCH_TOO_OLD', message: 'Too old.', currentEpoch: 7 } };
  };
  const { userErrors } = await sendMls(bob, conversationId, data);
  expect(userErrors).toMatchObject([{ code: 'EPOCH_TOO_OLD', currentEpoch: 7 }]);
});
