// Encrypted conversations with servers that know no hub, in the shapes of Emissary and Bonfire; the MLS in them is real.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { digestOf } from '../../src/platform/ed25519.js';
import { claim } from '../support/chat-devices.js';
import {
  draftPerson,
  fixture,
  invite as inviteBy,
  layOut,
  receivedBy,
  sendDraft,
  type DraftPerson,
  type Received,
} from '../support/draft-people.js';
import { equip, equipped, lettersOf, sendMls, type ChatDevice } from '../support/encrypted-chat.js';
import type { FakePeer } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { MlsGroup } from '../support/mls.js';
import type { World } from '../support/world.js';

let network: FederatedNetwork;
let world: World;
let people = 0;
const peers: FakePeer[] = [];

beforeAll(async () => {
  network = openNetwork();
  world = await network.join('a.example');
});

afterAll(async () => {
  for (const peer of peers) await peer[Symbol.asyncDispose]();
  await network[Symbol.asyncDispose]();
});

async function stranger(software: string, { uri }: ChatDevice): Promise<DraftPerson> {
  const from = await draftPerson(network, software, { world, uri });
  peers.push(from.peer);
  return from;
}

const send = (
  from: DraftPerson,
  file: string,
  { uri }: ChatDevice,
  content: Buffer,
  more: Record<string, unknown> = {},
): Promise<string | null> => sendDraft(from, file, { world, uri }, content, more);

async function invite(from: DraftPerson, ada: ChatDevice) {
  const invited = await inviteBy(from, { world, uri: ada.uri });
  const own = ada.packages.find((one) => one.bytes.equals(invited.bytes))!;
  return { ...invited, own };
}

interface SeenDraft {
  readonly isBestEffort: boolean;
  readonly isRequest: boolean;
  readonly epoch: number;
  readonly encryption: string;
}

async function draftOf(ada: ChatDevice, id: string): Promise<SeenDraft> {
  const answer = await ada.who.graphql<{ node: SeenDraft }>(
    'query ($id: ID!) { node(id: $id) { ... on Conversation { isBestEffort isRequest epoch encryption } } }',
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

test.each(['emissary-mls', 'bonfire-mls'])(
  'T28 %s: a Welcome and messages make a conversation that says what it is, and answers go to everybody',
  async (software) => {
    const ada = await equipped(world, await world.local(`ada${(people += 1)}`));
    const from = await stranger(software, ada);
    const { welcome, groupInfo, group, own } = await invite(from, ada);
    expect(await send(from, 'welcome', ada, welcome)).toBeNull();
    expect(await lettersOf(ada)).toEqual([]);
    const hello = await group.write('Hello');
    expect(await send(from, 'message', ada, hello.data)).toBeNull();
    const [letter, first] = await lettersOf(ada);
    expect([letter!.kind, first!.kind]).toEqual(['WELCOME', 'APPLICATION']);
    expect(letter!.ciphertext).toBe(welcome.toString('base64'));
    const mine = await MlsGroup.join(welcome, own);
    const read = await mine.read(Buffer.from(first!.ciphertext!, 'base64'));
    expect(read.text).toBe('Hello');
    const { conversationId } = first!;
    expect(await draftOf(ada, conversationId)).toEqual({
      isBestEffort: true,
      isRequest: true,
      epoch: 1,
      encryption: 'MLS',
    });
    const answer = await read.next.write('Hello yourself');
    expect((await sendMls(ada, conversationId, answer.data)).userErrors).toEqual([]);
    await world.settle();
    const [received] = receivedBy(from);
    const fixed = (await fixture(software, 'message', { peer: from.peer, uri: ada.uri }))[
      'object'
    ] as Received['object'];
    expect(received).toMatchObject({ type: 'Create', actor: ada.uri, to: [from.actor.uri] });
    expect(received!.object).toMatchObject({
      type: ['Object', 'PrivateMessage'],
      attributedTo: ada.uri,
      to: [from.actor.uri],
      mediaType: 'message/mls',
      encoding: 'base64',
      content: answer.data.toString('base64'),
      conversation: fixed['conversation'] ?? fixed['context'],
    });
    const theirs = await hello.next.read(
      Buffer.from(String(received!.object['content']), 'base64'),
    );
    expect(theirs.text).toBe('Hello yourself');
    // A commit moves the epoch, whatever it is called; so does what a server calls a GroupInfo.
    const renewed = await theirs.next.commit();
    expect(await send(from, 'commit', ada, renewed.commit)).toBeNull();
    expect((await draftOf(ada, conversationId)).epoch).toBe(2);
    const leaving = await renewed.next.proposeRemoval(
      Buffer.from(from.key.publicKey).toString('hex'),
    );
    const file = software === 'emissary-mls' ? 'leave' : 'group-info';
    expect(await send(from, file, ada, leaving)).toBeNull();
    expect((await lettersOf(ada)).map(({ kind }) => kind)).toEqual([
      'WELCOME',
      'APPLICATION',
      'APPLICATION',
      'COMMIT',
      'PROPOSAL',
    ]);
    expect(groupInfo.length).toBeGreaterThan(0);
  },
);

test('T28: key packages are taken as either software lists them, bare or wrapped, by id or on a page', async () => {
  const ada = await equipped(world, await world.local(`ada${(people += 1)}`));
  for (const software of ['emissary-mls', 'bonfire-mls']) {
    const from = await stranger(software, ada);
    const { peer, actor, own } = from;
    await layOut(from);
    const id = await meet(ada.who, `alice@${peer.host}`);
    const { keyPackages } = await claim(ada.who, [id]);
    expect(keyPackages!.map(({ data }) => data)).toEqual([own.bytes.toString('base64')]);
    expect(keyPackages!.map(({ isLastResort }) => isLastResort)).toEqual([true]);
    expect(actor.uri).toContain(peer.host);
  }
});

test('what is no MLS, is for nobody here, or is of a group that nobody here is in has no effect', async () => {
  const ada = await equipped(world, await world.local(`ada${(people += 1)}`));
  const from = await stranger('emissary-mls', ada);
  const { group, welcome } = await invite(from, ada);
  const hello = await group.write('Hello');
  const refused = [
    await send(from, 'message', ada, Buffer.from('plain text, by mistake')),
    await send(from, 'message', ada, hello.data),
    await send(from, 'welcome', ada, welcome, { attributedTo: `${from.peer.origin}/users/other` }),
    await send(from, 'welcome', ada, welcome, { encoding: 'utf-8', 'mls:encoding': undefined }),
    await send(from, 'welcome', ada, welcome, { id: 'https://a.example/messages/1' }),
  ];
  expect(refused.every((reason) => reason !== null)).toBe(true);
  expect(await lettersOf(ada)).toEqual([]);
});

test('T12 T28: a Welcome counts once; of two commits of one epoch the smaller digest counts, for a minute', async () => {
  const ada = await equipped(world, await world.local(`ada${(people += 1)}`));
  const from = await stranger('emissary-mls', ada);
  const { welcome, group } = await invite(from, ada);
  expect(await send(from, 'welcome', ada, welcome)).toBeNull();
  const id = `${from.peer.origin}/objects/again`;
  expect(await send(from, 'welcome', ada, welcome, { id })).not.toBeNull();
  const hello = await group.write('Hello');
  expect(await send(from, 'message', ada, hello.data)).toBeNull();
  const made = [];
  for (let turn = 0; turn < 3; turn++) made.push((await hello.next.commit()).commit);
  const digests = await Promise.all(
    made.map(async (one) => ({ one, digest: await digestOf(one) })),
  );
  const [least, middle, most] = digests.toSorted((a, b) => Buffer.compare(a.digest, b.digest));
  const commit = (bytes: Buffer, name: string) =>
    send(from, 'commit', ada, bytes, { id: `${from.peer.origin}/objects/${name}` });
  expect(await commit(middle!.one, 'middle')).toBeNull();
  expect(await commit(most!.one, 'most')).not.toBeNull();
  expect(await commit(least!.one, 'least')).toBeNull();
  const commits = (await lettersOf(ada)).filter(({ kind }) => kind === 'COMMIT');
  expect(commits.map(({ ciphertext }) => ciphertext)).toEqual(
    [middle!, least!].map(({ one }) => one.toString('base64')),
  );
  expect((await draftOf(ada, commits[0]!.conversationId)).epoch).toBe(2);
});

test('T31: a block between two keeps Welcomes away', async () => {
  const ada = await equip(world, await equipped(world, await world.local(`ada${(people += 1)}`)));
  const from = await stranger('bonfire-mls', ada);
  const { welcome, group } = await invite(from, ada);
  const id = await meet(ada.who, `alice@${from.peer.host}`);
  await ada.who.graphql(
    'mutation ($id: ID!) { setBlock(input: { actorId: $id, blocked: true }) { userErrors { code } } }',
    { id },
  );
  expect(await send(from, 'welcome', ada, welcome)).not.toBeNull();
  expect(await send(from, 'message', ada, (await group.write('Hello')).data)).not.toBeNull();
  expect(await lettersOf(ada)).toEqual([]);
});

test('T31: company that hears somebody lets in nobody who has blocked them', async () => {
  const ada = await equipped(world, await world.local(`ada${(people += 1)}`));
  const carol = await equipped(world, await world.local(`carol${(people += 1)}`));
  const from = await stranger('bonfire-mls', ada);
  const { welcome, group } = await invite(from, ada);
  const id = await meet(ada.who, `alice@${from.peer.host}`);
  await ada.who.graphql(
    'mutation ($id: ID!) { setBlock(input: { actorId: $id, blocked: true }) { userErrors { code } } }',
    { id },
  );
  const to = [ada.uri, carol.uri];
  expect(await send(from, 'welcome', ada, welcome, { to })).not.toBeNull();
  await send(from, 'message', ada, (await group.write('Hello')).data, { to });
  expect(await lettersOf(ada)).toEqual([]);
});

test('whoever takes no part does not say how to come in', async () => {
  const ada = await equipped(world, await world.local(`ada${(people += 1)}`));
  const from = await stranger('bonfire-mls', ada);
  const other = await stranger('bonfire-mls', ada);
  const { welcome, group, groupInfo } = await invite(from, ada);
  expect(await send(from, 'welcome', ada, welcome)).toBeNull();
  expect(await send(from, 'message', ada, (await group.write('Hello')).data)).toBeNull();
  expect(await send(other, 'group-info', ada, groupInfo)).not.toBeNull();
  expect(await send(from, 'group-info', ada, groupInfo)).toBeNull();
});
