// The client package with people whose software knows no hub and no identity keys, in the shapes of Emissary and Bonfire.
import { afterAll, afterEach, beforeAll, expect, jest, test } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { fingerprint } from '../../sdk/src/chat/identity.js';
import { UntrustedDeviceError } from '../../sdk/src/chat/people.js';
import { NetworkError } from '../../sdk/src/client/errors.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { digestOf } from '../../src/platform/ed25519.js';
import {
  draftPerson,
  invite,
  layOut,
  receivedBy,
  sendDraft,
  type Addressed,
  type DraftPerson,
} from '../support/draft-people.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { newKey } from '../support/key-packages.js';
import { makeOwnPackage, MlsGroup } from '../support/mls.js';
import type { World } from '../support/world.js';
import { deviceOf, noticedIn, textsOf } from './sdk-people.js';

const BONFIRE = 'bonfire-mls';

let network: FederatedNetwork;
let world: World;
const cleanup = new AsyncDisposableStack();

beforeAll(async () => {
  network = openNetwork();
  world = await network.join('a.example');
});

afterAll(async () => {
  await cleanup.disposeAsync();
  await network[Symbol.asyncDispose]();
});

afterEach(() => void jest.restoreAllMocks());

interface Pair {
  readonly ada: Chat;
  readonly alice: DraftPerson;
  readonly to: Addressed;
}

/** Somebody of here, and somebody of a server without a hub, whose key package is laid out. */
async function pair(name: string, software: string, fetch = globalThis.fetch): Promise<Pair> {
  const ada = await deviceOf(world, name, new MemoryStorage(), {}, { fetch });
  const to = { world, uri: ada.self.actorUri };
  const alice = await draftPerson(network, software, to);
  cleanup.use(alice.peer);
  await layOut(alice);
  return { ada, alice, to };
}

/** A text as those servers' clients encrypt it: without a tag. */
function write(group: MlsGroup, content: string) {
  const object = { type: 'Note', id: `uri:uuid:${crypto.randomUUID()}`, content };
  const activity = { type: 'Create', id: `uri:uuid:${crypto.randomUUID()}`, object };
  return group.write(JSON.stringify(activity), new Uint8Array());
}

/** What the newest message that came to their server says. */
async function readLast(group: MlsGroup, alice: DraftPerson) {
  const { object } = receivedBy(alice).at(-1)!;
  const { text, next } = await group.read(Buffer.from(String(object['content']), 'base64'));
  const said = JSON.parse(text!) as { readonly object: { readonly content: string } };
  return { content: said.object.content, next };
}

/** Begins a conversation from the other side, up to its first message. */
async function begin({ alice, to }: Pair): Promise<MlsGroup> {
  const { welcome, group } = await invite(alice, to);
  expect(await sendDraft(alice, 'welcome', to, welcome)).toBeNull();
  const hello = await write(group, 'Hello');
  expect(await sendDraft(alice, 'message', to, hello.data)).toBeNull();
  return hello.next;
}

test.each(['emissary-mls', BONFIRE])(
  'T28 %s: what somebody writes is read and answered, and they are shown as unattested',
  async (software) => {
    const both = await pair(software.replace('-', ''), software);
    const { ada, alice } = both;
    const group = await begin(both);
    await ada.synchronise();
    const [conversation] = ada.conversations();
    expect(conversation).toMatchObject({ doubts: [], isGroup: false });
    const { id, members } = conversation!;
    expect(members).toContain(alice.actor.uri);
    expect(textsOf(ada, id)).toEqual(['somebody: Hello']);
    expect(ada.people.standingOf(alice.actor.uri)).toBe('unattested');
    expect(await ada.peerLogs.check()).toEqual([]);
    expect(ada.peerLogs.standingOf(alice.actor.uri)).toBe('noLog');
    expect(ada.people.safetyNumber(alice.actor.uri)).toBeNull();
    expect(ada.people.fingerprintsOf(alice.actor.uri)).toEqual([fingerprint(alice.key.publicKey)]);
    await ada.sendText(id, 'Hello yourself');
    await world.settle();
    expect((await readLast(group, alice)).content).toContain('Hello yourself');
  },
);

test('T13: a device that their server adds is seen, and nothing goes to it before somebody decides', async () => {
  const both = await pair('gwen', BONFIRE);
  const { ada, alice, to } = both;
  const group = await begin(both);
  await ada.synchronise();
  const ghost = await makeOwnPackage(alice.actor.uri, await newKey(), world.clock.now());
  await layOut(alice, ghost);
  world.clock.advance(61);
  const made = await group.commit({ add: [ghost.bytes] });
  expect(await sendDraft(alice, 'commit', to, made.commit)).toBeNull();
  await ada.synchronise();
  const { id, doubts } = ada.conversations()[0]!;
  expect(doubts).toMatchObject([{ identity: alice.actor.uri, reason: 'newDevice' }]);
  await expect(ada.sendText(id, 'secret')).rejects.toThrow(UntrustedDeviceError);
  expect(receivedBy(alice)).toEqual([]);
  await ada.acceptDoubts(id, doubts);
  expect(ada.people.fingerprintsOf(alice.actor.uri)).toHaveLength(2);
  expect(ada.people.standingOf(alice.actor.uri)).toBe('unattested');
  await ada.sendText(id, 'for both');
  await world.settle();
  expect((await readLast(made.next, alice)).content).toContain('for both');
});

test('T28: people here begin with them, and a device that came meanwhile keeps them out until somebody decides', async () => {
  const { ada, alice } = await pair('hope', BONFIRE);
  const handle = `alice@${alice.peer.host}`;
  const id = await ada.openDirect(handle);
  await ada.sendText(id, 'Are you there?');
  await world.settle();
  const welcome = receivedBy(alice).find(({ object }) =>
    [object['type']].flat().includes('Welcome'),
  );
  const group = await MlsGroup.join(
    Buffer.from(String(welcome!.object['content']), 'base64'),
    alice.own,
  );
  expect((await readLast(group, alice)).content).toContain('Are you there?');
  expect(ada.people.standingOf(alice.actor.uri)).toBe('unattested');
  const ghost = await makeOwnPackage(alice.actor.uri, await newKey(), world.clock.now());
  await layOut(alice, ghost);
  const refused = await ada.createGroup([handle]).catch((fault: unknown) => fault);
  expect(refused).toBeInstanceOf(UntrustedDeviceError);
  const { doubts } = refused as UntrustedDeviceError;
  expect(doubts).toMatchObject([{ identity: alice.actor.uri, reason: 'newDevice' }]);
  await ada.people.accept(doubts);
  await ada.createGroup([handle]);
});

/** Commits of the other side to one state of the group, the one that counts first. */
async function rivals(group: MlsGroup, count: number) {
  const made = [];
  for (let turn = 0; turn < count; turn++) {
    const { commit, next } = await group.commit();
    made.push({ commit, next, digest: await digestOf(commit) });
  }
  return made.toSorted((one, other) => Buffer.compare(one.digest, other.digest));
}

/** A commit of the other side with a smaller digest than this one, or a greater one. */
async function rivalOf(group: MlsGroup, digest: Buffer, order: -1 | 1) {
  for (;;) {
    const [one] = await rivals(group, 1);
    if (Buffer.compare(one!.digest, digest) === order) return one!;
  }
}

/** Sends something under an id of its own. @returns why it had no effect; null = it had one */
function sendOne({ alice, to }: Omit<Pair, 'ada'>, file: string, data: Buffer) {
  const id = `${alice.peer.origin}/objects/${crypto.randomUUID()}`;
  return sendDraft(alice, file, to, data, { id });
}

/** Somebody who reads and writes in a conversation that the other side began. */
async function conversing(name: string, fetch = globalThis.fetch) {
  const both = await pair(name, BONFIRE, fetch);
  const group = await begin(both);
  await both.ada.synchronise();
  const { id, isBestEffort } = both.ada.conversations()[0]!;
  expect(isBestEffort).toBe(true);
  return { ...both, group, id };
}

test('of two commits of others the one with the smaller digest counts, whichever came first', async () => {
  const both = await conversing('iris');
  const { ada, alice, group, id } = both;
  const [least, middle, most] = await rivals(group, 3);
  for (const one of [middle!, most!, least!]) {
    await sendOne(both, 'commit', one.commit);
    await ada.synchronise();
    const now = one === least ? least : middle!;
    expect(now.next.authenticator.startsWith(ada.groupCode(id))).toBe(true);
  }
  expect(noticedIn(ada, id)).toEqual([{ kind: 'overtaken', by: alice.actor.uri }]);
  const letter = await write(least!.next, 'in the one that counts');
  expect(await sendOne(both, 'message', letter.data)).toBeNull();
  await ada.synchronise();
  expect(textsOf(ada, id)).toEqual(['somebody: Hello', 'somebody: in the one that counts']);
  await ada.sendText(id, 'here as well');
  await world.settle();
  expect((await readLast(letter.next, alice)).content).toContain('here as well');
});

test('an own commit gives way to a smaller one, and to no greater one', async () => {
  const both = await conversing('jane');
  const { ada, alice, group, id } = both;
  await ada.renewKeys(id);
  const before = ada.groupCode(id);
  await world.settle();
  const { object } = receivedBy(alice).at(-1)!;
  const own = await digestOf(Buffer.from(String(object['content']), 'base64'));
  const greater = await rivalOf(group, own, 1);
  expect(await sendOne(both, 'commit', greater.commit)).not.toBeNull();
  await ada.synchronise();
  expect(ada.groupCode(id)).toBe(before);
  const smaller = await rivalOf(group, own, -1);
  expect(await sendOne(both, 'commit', smaller.commit)).toBeNull();
  await ada.synchronise();
  expect(smaller.next.authenticator.startsWith(ada.groupCode(id))).toBe(true);
  expect(noticedIn(ada, id)).toEqual([{ kind: 'overtaken', by: alice.actor.uri }]);
});

test('what waited for the server goes into the group that counts', async () => {
  let isDown = false;
  const both = await conversing('luna', (url, init) =>
    isDown && typeof init?.body === 'string' && init.body.includes('mutation SendChatMessage')
      ? Promise.reject(new TypeError('nobody answers'))
      : fetch(url, init),
  );
  const { ada, alice, group, id } = both;
  const [least, most] = await rivals(group, 2);
  expect(await sendOne(both, 'commit', most!.commit)).toBeNull();
  await ada.synchronise();
  isDown = true;
  await expect(ada.sendText(id, 'after the first')).rejects.toThrow(NetworkError);
  expect(await sendOne(both, 'commit', least!.commit)).toBeNull();
  await expect(ada.synchronise()).rejects.toThrow(NetworkError);
  isDown = false;
  await ada.synchronise();
  await world.settle();
  expect((await readLast(least!.next, alice)).content).toContain('after the first');
});

test('the group before a commit is kept for a minute and no longer', async () => {
  const both = await conversing('kate');
  const { ada, group, id } = both;
  const [least, most] = await rivals(group, 2);
  await sendOne(both, 'commit', most!.commit);
  await ada.synchronise();
  expect(await sendOne(both, 'commit', least!.commit)).toBeNull();
  const late = Date.now() + 61_000;
  jest.spyOn(Date, 'now').mockImplementation(() => late);
  await ada.synchronise();
  expect(noticedIn(ada, id)).toEqual([{ kind: 'stuck' }]);
  await expect(ada.sendText(id, 'to nobody')).rejects.toThrow('come back');
});

test('repair without a hub begins the group anew, and the other side comes in by its Welcome', async () => {
  const both = await conversing('mara');
  const { ada, alice, group, id } = both;
  const [least, most] = await rivals(group, 2);
  await sendOne(both, 'commit', most!.commit);
  await ada.synchronise();
  await sendOne(both, 'commit', least!.commit);
  const late = Date.now() + 61_000;
  jest.spyOn(Date, 'now').mockImplementation(() => late);
  await ada.synchronise();
  expect(noticedIn(ada, id)).toEqual([{ kind: 'stuck' }]);
  expect(await ada.repair(id)).toBe('reset');
  expect(ada.conversations()[0]).toMatchObject({ isBroken: false, isBestEffort: true, doubts: [] });
  expect(ada.conversations()[0]!.members).toContain(alice.actor.uri);
  await world.settle();
  const welcome = receivedBy(alice).findLast(({ object }) =>
    [object['type']].flat().includes('Welcome'),
  );
  const bytes = Buffer.from(String(welcome!.object['content']), 'base64');
  const joined = await MlsGroup.join(bytes, alice.own);
  await ada.sendText(id, 'in the new one');
  await world.settle();
  const read = await readLast(joined, alice);
  expect(read.content).toContain('in the new one');
  const answer = await write(read.next, 'here I am');
  expect(await sendOne(both, 'message', answer.data)).toBeNull();
  await ada.synchronise();
  expect(textsOf(ada, id).at(-1)).toBe('somebody: here I am');
});
