// T1: nothing that is said inside the encryption travels between two servers in a form that either of them, or the line, can read.
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { fileOf } from '../../sdk/src/chat/file-source.js';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { findCanaries, type Haystack } from '../support/canaries.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { startRecordingProxy, type RecordingProxy } from '../support/recording-proxy.js';
import type { World } from '../support/world.js';
import { deviceOf } from './sdk-people.js';

const stack = new AsyncDisposableStack();
const edges: RecordingProxy[] = [];
let network: FederatedNetwork;
let [a, b]: World[] = [];
beforeAll(async () => {
  network = stack.use(openNetwork());
  [a, b] = [await joinWatched('a.example'), await joinWatched('b.example')];
});
afterAll(() => stack.disposeAsync());

/** A server to which everything of others goes through a place where it is written down. */
async function joinWatched(host: string): Promise<World> {
  const world = await network.join(host);
  const port = Number(new URL(world.origin).port);
  const edge = stack.use(await startRecordingProxy(port, host));
  network.name(host, edge.port);
  edges.push(edge);
  return world;
}

const passed = (): Haystack[] => edges.flatMap((edge) => edge.passed);

/** A word that stands nowhere by chance. */
const canary = (kind: string): string => `canary-${kind}-${randomBytes(12).toString('hex')}`;

async function exchange(...chats: readonly Chat[]): Promise<void> {
  await network.settle();
  for (const chat of chats) await chat.synchronise();
}

it('T1: what people of two servers say, name, react with and attach passes between these in no readable form', async () => {
  const [ada, ben] = [await deviceOf(a!, 'ada'), await deviceOf(b!, 'ben')];
  await network.settle();
  const words = [
    'title',
    'text',
    'edit',
    'file',
    'bytes',
    'emoji',
    'poll',
    'place',
    'call',
    'answer',
  ];
  const said = Object.fromEntries(words.map((kind) => [kind, canary(kind)]));
  said['emoji'] = said['emoji']!.slice(0, 32);
  await ada.createGroup(['ben@b.example'], said['title']);
  await exchange(ada, ben);
  const [adas, bens] = [ada, ben].map((chat) => chat.conversations()[0]!.id);
  const text = await ada.sendText(adas!, said['text']!);
  await ada.send(adas!, { kind: 'edit', target: text, html: said['edit']! });
  const file = fileOf(new Blob([`${said['bytes']} `.repeat(2000)]));
  await ada.sendFile(adas!, file, { name: said['file']!, mediaType: 'text/plain' });
  await exchange(ada, ben);
  await ben.send(bens!, { kind: 'reaction', target: text, emoji: said['emoji'] });
  await ben.sendText(bens!, said['answer']!, text);
  await ben.send(bens!, {
    kind: 'poll',
    question: said['poll']!,
    options: ['a', 'b'],
    isMultiple: false,
    endsAt: null,
  });
  await ben.send(bens!, { kind: 'location', latitude: 1, longitude: 2, name: said['place']! });
  await ben.send(bens!, { kind: 'call', callId: 'x', signal: 'offer', body: said['call']! });
  await ada.setTimer(adas!, 3600);
  await ben.renewKeys(bens!);
  await exchange(ada, ben);
  // The words did arrive.
  const heard = JSON.stringify([ada.messages(adas!), ben.messages(bens!), ben.conversations()]);
  for (const kind of words.filter((it) => !['text', 'bytes'].includes(it)))
    expect(heard).toContain(said[kind]);
  const secrets = [ada.identitySeed, ben.identitySeed].map((key) => Buffer.from(key));
  expect(findCanaries([...Object.values(said), ...secrets], passed())).toEqual([]);
  // What travelled are requests to both, with what was encrypted.
  for (const host of ['a.example', 'b.example'])
    expect(passed().filter(({ name }) => name.startsWith(`${host} is asked POST`))).not.toEqual([]);
  const ciphertexts = passed().filter(({ bytes }) => bytes.includes('PrivateMessage'));
  expect(ciphertexts.length).toBeGreaterThan(5);
});

it('T1: the search finds what travels in the open between the same servers', async () => {
  const open = canary('open');
  await b!.local('dan');
  const cat = await a!.local('cat');
  const begun = await cat.graphql<{ createConversation: { conversation: { id: string } } }>(
    `mutation ($ids: [ID!]!) { createConversation(input: { memberIds: $ids, encryption: NONE }) { conversation { id } userErrors { code } } }`,
    { ids: [await meet(cat, 'dan@b.example')] },
  );
  await cat.graphql(
    `mutation ($id: ID!, $text: Markdown!) { sendChatMessage(input: {
       conversationId: $id, clientMessageId: "control", content: { plaintext: $text } }) { userErrors { code } } }`,
    { id: begun.data?.createConversation.conversation.id, text: open },
  );
  await network.settle();
  const found = findCanaries([open], passed()).map(({ where }) => where);
  expect(found.some((where) => where.startsWith('b.example is asked POST'))).toBe(true);
});
