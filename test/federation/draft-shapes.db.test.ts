// What goes out in encrypted chat against the shapes of the draft, and that nothing of what comes in or goes out is changed on its way.
import { preloadedContexts } from '@fedify/fedify/runtime';
import untyped from '@fedify/vocab-runtime/jsonld';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import {
  draftPerson,
  invite,
  layOut,
  sendDraft,
  type DraftPerson,
} from '../support/draft-people.js';
import { equipped, lettersOf, sendMls } from '../support/encrypted-chat.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { MlsGroup } from '../support/mls.js';
import { ask, signedBy } from '../support/signed-fetch.js';
import type { World } from '../support/world.js';
import { deviceOf } from '../chat/sdk-people.js';

type Node = Record<string, unknown>;

const AS = 'https://www.w3.org/ns/activitystreams#';
const MLS = 'https://purl.archive.org/socialweb/mls';

/** The draft's context 0.3.0, word for word; its file lacks the frame. */
const DRAFT_CONTEXT = {
  mls: `${MLS}#`,
  keyPackages: 'mls:keyPackages',
  encoding: 'mls:encoding',
  KeyPackage: { '@id': 'mls:KeyPackage', '@type': '@id' },
  Welcome: { '@id': 'mls:Welcome', '@type': '@id' },
  GroupInfo: { '@id': 'mls:GroupInfo', '@type': '@id' },
  PublicMessage: { '@id': 'mls:PublicMessage', '@type': '@id' },
  PrivateMessage: { '@id': 'mls:PrivateMessage', '@type': '@id' },
  ciphersuite: { '@id': 'mls:ciphersuite', '@type': '@id' },
  messages: { '@id': 'mls:messages', '@type': '@id' },
  conversation: { '@id': 'mls:conversation', '@type': '@id' },
};

const jsonld = untyped as { expand(document: Node, options: object): Promise<Node[]> };
const CONTEXTS: Readonly<Record<string, unknown>> = {
  ...preloadedContexts,
  [MLS]: { '@context': DRAFT_CONTEXT },
};

/** What a document means, for whoever reads it with the draft's context. */
async function meaning(document: Node): Promise<Node> {
  const documentLoader = (url: string): Promise<object> => {
    if (!(url in CONTEXTS)) throw new Error(`${url} would have to be looked up.`);
    return Promise.resolve({ contextUrl: null, documentUrl: url, document: CONTEXTS[url] });
  };
  const [node] = await jsonld.expand(document, { documentLoader });
  return node!;
}

const id = (uri: string): object[] => [{ '@id': uri }];
const value = (text: unknown): object[] => [{ '@value': text }];
const anyText = [{ '@value': expect.stringMatching(/./) as unknown }];
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What every object with bytes of MLS has. */
const withBytes = (types: readonly string[]) => ({
  '@id': expect.stringMatching(/^https:\/\/a\.example\//) as unknown,
  '@type': types,
  [`${AS}summary`]: anyText,
  [`${AS}mediaType`]: value('message/mls'),
  [`${MLS}#encoding`]: value('base64'),
  [`${AS}content`]: [{ '@value': expect.stringMatching(BASE64) as unknown }],
});

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

async function stranger(software: string, uri: string): Promise<DraftPerson> {
  const person = await draftPerson(network, software, { world, uri });
  cleanup.use(person.peer);
  await layOut(person);
  return person;
}

/** What somebody's server was sent of MLS, as it came. */
const bodiesTo = ({ peer }: DraftPerson): string[] =>
  peer.requests
    .filter(({ method, body }) => method === 'POST' && body.includes('message/mls'))
    .map(({ body }) => body);

async function shown(from: DraftPerson, uri: string): Promise<Node> {
  const { pathname } = new URL(uri);
  const { status, body } = await ask(world, pathname, signedBy(world, from.actor, pathname));
  expect([uri, status]).toEqual([uri, 200]);
  return body;
}

test('T28: people, their key packages and lists have the shapes of the draft', async () => {
  const { self }: Chat = await deviceOf(world, 'ada');
  const from = await stranger('bonfire-mls', self.actorUri);
  const actor = await shown(from, self.actorUri);
  const person = await meaning(actor);
  const [list] = person[`${MLS}#keyPackages`] as { '@id': string }[];
  const [messages] = person[`${MLS}#messages`] as { '@id': string }[];
  expect(await meaning(await shown(from, messages!['@id']))).toMatchObject({
    '@id': messages!['@id'],
    '@type': [`${AS}OrderedCollection`],
  });
  const collection = await shown(from, list!['@id']);
  const means = await meaning(collection);
  const items = means[`${AS}items`] as Node[];
  expect(means).toMatchObject({
    '@id': list!['@id'],
    '@type': [`${AS}Collection`],
    [`${AS}totalItems`]: [{ '@value': items.length }],
  });
  expect(items).toHaveLength(1);
  const keyPackage = {
    ...withBytes([`${MLS}#KeyPackage`]),
    [`${AS}attributedTo`]: id(self.actorUri),
    [`${AS}to`]: id(`${AS}Public`),
  };
  for (const item of items) {
    expect(item).toMatchObject(keyPackage);
    // Under its id it is the same.
    const alone = await shown(from, String(item['@id']));
    expect(await meaning(alone)).toMatchObject(keyPackage);
    expect(alone['ciphersuite']).toBe('MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519');
    expect(alone['content']).toBe((collection['items'] as Node[])[0]!['content']);
  }
});

/** What a Create of something encrypted means: what it carries, whose it is, and for whom. */
async function meansMessage(
  document: Node,
  author: string,
  to: readonly string[],
): Promise<string> {
  const { object, ...create } = document as { object: Node };
  const conversation = String(object['conversation']);
  expect(create).toMatchObject({ type: 'Create', actor: author, to });
  const means = await meaning(document);
  expect(means).toMatchObject({ '@type': [`${AS}Create`], [`${AS}actor`]: id(author) });
  const [said] = means[`${AS}object`] as Node[];
  const [, kind = ''] = said!['@type'] as string[];
  expect(said).toMatchObject({
    ...withBytes([`${AS}Object`, kind]),
    [`${AS}attributedTo`]: id(author),
    [`${AS}to`]: to.flatMap(id),
    [`${MLS}#conversation`]: id(conversation),
    [`${AS}context`]: id(conversation),
  });
  return kind.split('#')[1]!;
}

test('T28: what a group of here sends has the shapes of the draft, and names people alone', async () => {
  const ben = await deviceOf(world, 'ben');
  const me = ben.self.actorUri;
  const others = [await stranger('emissary-mls', me), await stranger('bonfire-mls', me)];
  const group = await ben.createGroup(others.map(({ peer }) => `alice@${peer.host}`));
  await ben.sendText(group, 'Hello');
  await ben.renewKeys(group);
  await world.settle();
  const uri = `https://a.example/conversations/${parseGlobalId(group)!.id}`;
  for (const other of others) {
    const kinds: string[] = [];
    // In the name of the conversation, which orders it: to each server for its people alone.
    for (const body of bodiesTo(other))
      kinds.push(await meansMessage(JSON.parse(body) as Node, uri, [other.actor.uri]));
    expect(kinds).toEqual(['Welcome', 'PrivateMessage', 'PrivateMessage']);
  }
});

test('T29: content, encoding and conversation come through the gateway byte for byte, in and out', async () => {
  const ada = await equipped(world, await world.local('eve'));
  const from = await stranger('bonfire-mls', ada.uri);
  const to = { world, uri: ada.uri };
  const invited = await invite(from, to);
  const own = ada.packages.find(({ bytes }) => bytes.equals(invited.bytes))!;
  // A name with all that a parser could want to tidy.
  const name = `${from.peer.origin}/c/7/../8/?a=ü&b=%20%7e&c=<"'>#Ä  `.trim();
  const named = { conversation: name, context: name };
  expect(await sendDraft(from, 'welcome', to, invited.welcome, named)).toBeNull();
  const long = await invited.group.write('x'.repeat(180 * 1024));
  const lines = long.data.toString('base64').replaceAll(/.{76}/g, '$&\r\n');
  expect(await sendDraft(from, 'message', to, long.data, { ...named, content: lines })).toBeNull();
  const letters = await lettersOf(ada);
  expect(letters.map(({ kind }) => kind)).toEqual(['WELCOME', 'APPLICATION']);
  expect(letters[0]!.ciphertext === invited.welcome.toString('base64')).toBe(true);
  expect(letters[1]!.ciphertext === long.data.toString('base64')).toBe(true);
  const mine = await MlsGroup.join(invited.welcome, own);
  const read = await mine.read(long.data);
  const answer = await read.next.write('y'.repeat(180 * 1024));
  expect((await sendMls(ada, letters[1]!.conversationId, answer.data)).userErrors).toEqual([]);
  await world.settle();
  const [body, ...more] = bodiesTo(from);
  expect(more).toEqual([]);
  const sent = answer.data.toString('base64');
  for (const [key, text] of Object.entries({ encoding: 'base64', content: sent, ...named }))
    expect([key, body!.includes(`${JSON.stringify(key)}:${JSON.stringify(text)}`)]).toEqual([
      key,
      true,
    ]);
});

test('T28: what somebody here writes in a conversation that nobody orders has the shapes of the draft', async () => {
  const cem = await equipped(world, await world.local('cem'));
  const from = await stranger('emissary-mls', cem.uri);
  const to = { world, uri: cem.uri };
  const { welcome, group, bytes } = await invite(from, to);
  expect(await sendDraft(from, 'welcome', to, welcome)).toBeNull();
  expect(await sendDraft(from, 'message', to, (await group.write('Hello')).data)).toBeNull();
  const { conversationId } = (await lettersOf(cem))[0]!;
  const own = cem.packages.find((one) => one.bytes.equals(bytes))!;
  const mine = await MlsGroup.join(welcome, own);
  const { data } = await mine.write('Hello yourself');
  expect((await sendMls(cem, conversationId, data)).userErrors).toEqual([]);
  await world.settle();
  const [body] = bodiesTo(from);
  const kind = await meansMessage(JSON.parse(body!) as Node, cem.uri, [from.actor.uri]);
  expect(kind).toBe('PrivateMessage');
});
