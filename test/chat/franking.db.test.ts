// Reports of encrypted messages: what was written is proven, and nothing else is.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { encodePayload } from '../../sdk/src/chat/activity.js';
import { isFranked, saltOf, tagOf as sdkTagOf } from '../../sdk/src/chat/franking.js';
import { frank, frankingKeyOf, isFrankedBy, tagOf } from '../../src/chat/franking.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { openSealer } from '../../src/platform/sealing.js';
import {
  equipped,
  equippedPeople,
  lettersOf,
  sendMls,
  talk,
  type ChatDevice,
} from '../support/encrypted-chat.js';
import { openNetwork } from '../support/federation.js';
import { block, type Answered } from '../support/posts.js';
import { ScriptedHub } from '../support/scripted-hub.js';
import { startWorld, type Person, type World } from '../support/world.js';
import { deviceOf } from './sdk-people.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
});

afterAll(() => world[Symbol.asyncDispose]());

/** What a report says of one message. */
interface Claim {
  readonly conversationId: string;
  readonly acceptedAt: string;
  readonly data: string;
  readonly salt: string;
  readonly frank: string;
}

async function reportAs(who: Person, actorId: string, ...messages: Claim[]) {
  const answer = await who.graphql<{ report: Answered<{ report: { id: string } | null }> }>(
    `mutation ($input: ReportInput!) { report(input: $input) { report { id } userErrors { code path } } }`,
    { input: { actorId, category: 'HARASSMENT', messages } },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.report;
}

/** A message that a device has read, as it would report it. */
function claimOf(chat: Chat, conversationId: string, id: string): Claim {
  const message = chat.messages(conversationId).find((one) => one.id === id)!;
  const { data, frank, acceptedAt } = message.proofs[0]!;
  const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64');
  const parts = { data: base64(data), salt: base64(saltOf(data)!), frank: base64(frank) };
  return { conversationId, acceptedAt, ...parts };
}

test('E17 T30: a true report shows the staff the words, proven, also from behind a block', async () => {
  const [ada, ben] = [await deviceOf(world, 'ada'), await deviceOf(world, 'ben')];
  const id = await ada.openDirect('ben');
  const nasty = await ada.sendText(id, 'You <kite>!');
  await ada.send(id, { kind: 'edit', target: nasty, html: 'Never mind' });
  await ben.synchronise();
  await block(world, await world.local('ben'), await world.local('ada'));
  await ben.report({ conversationId: id, messageIds: [nasty], category: 'HARASSMENT' });
  const queue = await (
    await world.moderator()
  ).graphql<{ admin: { reports: { nodes: object[] } } }>(
    `{ admin { reports { nodes { target { username } reporter { username }
       messages { content text sentAt provenBy } } } } }`,
  );
  expect(queue.data.admin.reports.nodes).toEqual([
    {
      target: { username: 'ada' },
      reporter: { username: 'ben' },
      messages: [
        {
          content: expect.stringContaining('You &lt;kite&gt;!'),
          text: expect.stringContaining('"type":"Create"'),
          sentAt: ben.messages(id)[0]!.sentAt,
          provenBy: 'a.example',
        },
        expect.objectContaining({ content: 'Never mind', provenBy: 'a.example' }),
      ],
    },
  ]);
});

test('E17 T30: forged words, another sender, another place, another time and an old key are refused', async () => {
  const [cat, dan, eve] = [
    await deviceOf(world, 'cat'),
    await deviceOf(world, 'dan'),
    await deviceOf(world, 'eve'),
  ];
  const id = await cat.createGroup(['dan', 'eve']);
  const [said, other] = [await cat.sendText(id, 'Hello'), await cat.sendText(id, 'World')];
  await dan.synchronise();
  await eve.synchronise();
  const elsewhere = await dan.createGroup(['cat', 'eve']);
  const [who, author, third] = [
    await world.local('dan'),
    (await world.local('cat')).actorGlobalId,
    (await world.local('eve')).actorGlobalId,
  ];
  const claim = claimOf(dan, id, said);
  const forged = Buffer.from(claim.data, 'base64').toString().replace('Hello', 'Die!!');
  const unproven = {
    report: null,
    userErrors: [{ code: 'UNPROVEN_MESSAGE', path: ['messages', '0', 'frank'] }],
  };
  const refused = async (actorId: string, changes: Partial<Claim>): Promise<void> =>
    expect(await reportAs(who, actorId, { ...claim, ...changes })).toEqual(unproven);
  await refused(author, { data: Buffer.from(forged).toString('base64') });
  await refused(author, { salt: randomBytes(32).toString('base64') });
  await refused(author, { salt: 'AAAA' });
  await refused(author, { frank: randomBytes(96).toString('base64') });
  await refused(author, { frank: claimOf(dan, id, other).frank });
  await refused(author, { conversationId: elsewhere });
  await refused(author, { acceptedAt: new Date(0).toISOString() });
  await refused(third, {});
  await deviceOf(world, 'fay');
  const unseen = { ...claim, conversationId: await cat.openDirect('fay') };
  expect((await reportAs(who, author, unseen)).userErrors).toEqual([
    { code: 'NOT_FOUND', path: ['messages', '0', 'conversationId'] },
  ]);
  // The key of another server, or of this one before it had another.
  const facts = {
    tag: tagOf(Buffer.from(claim.salt, 'base64'), Buffer.from(claim.data, 'base64')),
    senderUri: cat.self.actorUri,
    conversationUri: `${world.services.config.publicUrl.origin}/conversations/${parseGlobalId(id)!.id}`,
    acceptedAt: new Date(claim.acceptedAt),
  };
  const stranger = await openSealer(Buffer.alloc(32, 1));
  const old = await frank(stranger, facts);
  expect(await isFrankedBy(await frankingKeyOf(stranger), facts, old)).toBe(true);
  await refused(author, { frank: old.toString('base64') });
  expect((await reportAs(who, author, claim)).userErrors).toEqual([]);
  const key = await frankingKeyOf(world.services.sealer);
  expect(await isFrankedBy(key, facts, Buffer.from(claim.frank, 'base64'))).toBe(true);
  expect(await isFrankedBy(key, facts, old)).toBe(false);
});

test('a message without a tag is not accepted, and one with a wrong tag is not shown', async () => {
  const [gus, hal] = (await equippedPeople(world, 2)) as [ChatDevice, ChatDevice];
  const [seat] = await talk(gus, [hal]);
  const { data } = await seat.group.write('untagged', new Uint8Array());
  expect((await sendMls(gus, seat.conversationId, data)).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', path: ['content', 'mls', 'data'], constraint: 'FRANKING_TAG' },
  ]);
  const text = encodePayload('uri:uuid:00000000', { kind: 'delete', target: 'uri:uuid:11111111' });
  expect(isFranked(text, sdkTagOf(text))).toBe(true);
  expect(isFranked(text, randomBytes(32))).toBe(false);
});

test('T30: what another server orders is proven by the key of that server', async () => {
  await using network = openNetwork();
  const here = await network.join('b.example');
  await using hub = await ScriptedHub.start(network, 'hub.example');
  const bob = await equipped(here, await here.local('bob'));
  await hub.tell(here, ...(await hub.welcome([bob], false)));
  await here.settle();
  const { conversationId } = (await lettersOf(bob))[0]!;
  const sealer = await openSealer(randomBytes(32));
  hub.frankingKey = Buffer.from(await frankingKeyOf(sealer)).toString('base64');
  const [salt, data, acceptedAt] = [randomBytes(32), Buffer.from('Nasty words'), here.clock.now()];
  const tag = tagOf(salt, data);
  const [senderUri, conversationUri] = [hub.alice.uri, hub.uri];
  const word = await frank(sealer, { tag, senderUri, conversationUri, acceptedAt });
  const written = await hub.group.write(data.toString(), tag);
  const told = hub.create({
    seq: hub.sequence + 1,
    kind: 'APPLICATION',
    epoch: hub.epoch,
    content: written.data.toString('base64'),
    published: acceptedAt.toISOString(),
    frank: word.toString('base64'),
  });
  expect(await hub.tell(here, told)).toEqual([202]);
  const seen = await bob.who.graphql<{
    node: { messages: { nodes: { sentAt: string; frank: string; sender: { id: string } }[] } };
  }>(
    'query ($id: ID!) { node(id: $id) { ... on Conversation { messages(last: 1) { nodes { sentAt frank sender { id } } } } } }',
    { id: conversationId },
  );
  const [message] = seen.data.node.messages.nodes;
  const base64 = { data: data.toString('base64'), salt: salt.toString('base64') };
  const claim = { conversationId, acceptedAt: message!.sentAt, frank: message!.frank, ...base64 };
  const alice = message!.sender.id;
  expect((await reportAs(bob.who, alice, claim)).userErrors).toEqual([]);
  const forged = { ...claim, data: Buffer.from('Other words').toString('base64') };
  expect((await reportAs(bob.who, alice, forged)).userErrors).toMatchObject([
    { code: 'UNPROVEN_MESSAGE' },
  ]);
  // A hub proves nothing of people here who were never in its conversation.
  const eve = await equipped(here, await here.local('eve'));
  const lie = { tag, senderUri: eve.uri, conversationUri, acceptedAt };
  const forgery = { ...claim, frank: (await frank(sealer, lie)).toString('base64') };
  expect((await reportAs(bob.who, eve.who.actorGlobalId, forgery)).userErrors).toMatchObject([
    { code: 'UNPROVEN_MESSAGE' },
  ]);
  hub.frankingKey = Buffer.from(await frankingKeyOf(world.services.sealer)).toString('base64');
  expect((await reportAs(bob.who, alice, claim)).userErrors).toMatchObject([
    { code: 'UNPROVEN_MESSAGE' },
  ]);
  hub.isUp = false;
  expect((await reportAs(bob.who, alice, claim)).userErrors).toMatchObject([
    { code: 'HUB_UNREACHABLE' },
  ]);
});
