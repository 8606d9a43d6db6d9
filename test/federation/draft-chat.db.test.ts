// Encrypted conversations with servers that know no hub, in the shapes of Emissary and Bonfire; the MLS in them is real.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { digestOf } from '../../src/platform/ed25519.js';
import { claim } from '../support/chat-devices.js';
import { equip, equipped, lettersOf, sendMls, type ChatDevice } from '../support/encrypted-chat.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { newKey, wrapped, type TestKey } from '../support/key-packages.js';
import { makeGroupId, makeOwnPackage, MlsGroup, type OwnPackage } from '../support/mls.js';
import { ask, signedBy } from '../support/signed-fetch.js';
import type { World } from '../support/world.js';

const DIRECTORY = path.resolve('test/fixtures/activities');
const REFUSAL = statement(
  'test.draft_refusal',
  `select refusal from received_activities where actor_uri = $1 order by received_at desc, id desc limit 1`,
);

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

/** Somebody of a server without a hub, with a device. */
interface Stranger {
  readonly peer: FakePeer;
  readonly actor: PeerActor;
  readonly software: string;
  readonly key: TestKey;
  readonly own: OwnPackage;
}

/** A fixture in which everything is replaced. */
async function fixture(
  software: string,
  file: string,
  { peer, ada, content = Buffer.alloc(0) }: { peer: FakePeer; ada: ChatDevice; content?: Buffer },
): Promise<Record<string, unknown>> {
  const text = await readFile(path.join(DIRECTORY, software, `${file}.json`), 'utf8');
  return JSON.parse(
    text
      .replaceAll('https://example.org', peer.origin)
      .replaceAll('https://m.example/users/bob', ada.uri)
      .replaceAll('@CONTENT@', content.toString('base64')),
  ) as Record<string, unknown>;
}

async function stranger(software: string, ada: ChatDevice): Promise<Stranger> {
  const peer = await startFakePeer(network, `draft${(people += 1)}.test`);
  peers.push(peer);
  const { publicKey: _key, ...more } = await fixture(software, 'actor', { peer, ada });
  const actor = peer.actor('alice', more);
  const key = await newKey();
  const own = await makeOwnPackage(actor.uri, key, world.clock.now());
  return { peer, actor, software, key, own };
}

async function send(
  { peer, actor, software }: Stranger,
  file: string,
  ada: ChatDevice,
  content: Buffer,
  more: Record<string, unknown> = {},
): Promise<string | null> {
  world.clock.advance(1);
  const activity = await fixture(software, file, { peer, ada, content });
  const object = { ...(activity['object'] as object), ...more };
  const id = `${String(activity['id'])}/${(people += 1)}`;
  expect(await peer.send(world, actor, { ...activity, id, object })).toBe(202);
  await world.settle();
  const row = await world.services.database.row<{ refusal: string | null }>(REFUSAL, [actor.uri]);
  return row?.refusal ?? null;
}

/** A group of the stranger, who has let Ada in by a package that her server reserved. */
async function invite(from: Stranger, ada: ChatDevice) {
  const pathname = new URL(`${ada.uri}/key-packages`).pathname;
  const { body } = await ask(world, pathname, signedBy(world, from.actor, pathname));
  const [item] = body['items'] as { content: string }[];
  const bytes = Buffer.from(item!.content, 'base64');
  const begun = await MlsGroup.begin(makeGroupId(), from.own);
  const { welcome, groupInfo, next } = await begun.commit({ add: [bytes] });
  const own = ada.packages.find((one) => one.bytes.equals(bytes))!;
  return { welcome: welcome!, groupInfo, group: next, own };
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

interface Received {
  readonly type: string;
  readonly actor: string;
  readonly to: string[];
  readonly object: Record<string, unknown>;
}

const receivedBy = ({ peer }: Stranger): Received[] =>
  peer.requests
    .filter(({ method, body }) => method === 'POST' && body.includes('message/mls'))
    .map(({ body }) => JSON.parse(body) as Received);

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
    const fixed = (await fixture(software, 'message', { peer: from.peer, ada }))[
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
    const isBare = software === 'emissary-mls';
    const content = isBare ? own.bytes : wrapped(own.bytes);
    for (const file of isBare ? ['key-packages', 'key-package'] : ['key-packages']) {
      const body = await fixture(software, file, { peer, ada, content });
      peer.serve(new URL(String(body['id'])).pathname, { body });
    }
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
