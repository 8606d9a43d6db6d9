// The client package with people whose software knows no hub and no identity keys, in the shapes of Emissary and Bonfire.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { fingerprint } from '../../sdk/src/chat/identity.js';
import { UntrustedDeviceError } from '../../sdk/src/chat/people.js';
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
import { deviceOf, textsOf } from './sdk-people.js';

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

interface Pair {
  readonly ada: Chat;
  readonly alice: DraftPerson;
  readonly to: Addressed;
}

/** Somebody of here, and somebody of a server without a hub, whose key package is laid out. */
async function pair(name: string, software: string): Promise<Pair> {
  const ada = await deviceOf(world, name);
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
  await ada.acceptDoubts(id);
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
