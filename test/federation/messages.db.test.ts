// Direct messages between servers, which are not encrypted: both ways, for those who take part and nobody else.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { activityBy, noteBy, PUBLIC, type Written } from '../support/activities.js';
import { arrange, chatOf, converse, unsay, write, type SeenConversation } from '../support/chat.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { block, innerId, publish } from '../support/posts.js';
import { ask, signedBy } from '../support/signed-fetch.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let a: World;
let b: World;
let peer: FakePeer;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  [a, b] = [await network.join('a.example'), await network.join('b.example')];
  peer = stack.use(await startFakePeer(network, 'peer.test'));
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const textsOf = (conversation: SeenConversation | undefined) =>
  conversation?.messages.nodes.map(({ plaintext }) => plaintext);

/** A text for named people, as Mastodon writes it. */
function messageBy(author: PeerActor, readers: readonly string[], more: object = {}): Written {
  const tag = readers.map((href) => ({ type: 'Mention', href }));
  return noteBy(author, { to: readers, cc: [], tag, attachment: [], ...more });
}

async function hear(actor: PeerActor, type: string, object: unknown, to: readonly string[]) {
  expect(await peer.send(a, actor, activityBy(actor, type, object, { to }))).toBe(202);
  await a.settle();
}

function fetchAs(who: PeerActor, uri: string) {
  const { pathname } = new URL(uri);
  return ask(a, pathname, signedBy(a, who, pathname));
}

async function conversationsOf(who: Person): Promise<readonly SeenConversation[]> {
  return (await chatOf(who)).conversations.nodes;
}

test('people of two servers write to each other in one conversation on each', async () => {
  const [ada, ben] = [await a.local('ada'), await b.local('ben')];
  const { conversation } = await converse(ada, await meet(ada, 'ben@b.example'));
  await write(ada, conversation!.id, 'Hello from a');
  await network.settle();
  const { messageRequests } = await chatOf(ben);
  const [request] = messageRequests.nodes;
  await arrange(ben, request!.id, { acceptRequest: true });
  await write(ben, request!.id, 'Hello from b');
  await network.settle();
  const [here] = await conversationsOf(ada);
  const [there] = await conversationsOf(ben);
  expect(textsOf(here)).toEqual(['<p>Hello from a</p>', '<p>Hello from b</p>']);
  expect(textsOf(there)).toEqual(textsOf(here));
  expect(here!.id).toBe(conversation!.id);
  const wrong = await write(ada, conversation!.id, 'A slip');
  await network.settle();
  await unsay(ada, wrong.message!.id);
  await network.settle();
  const [after] = await conversationsOf(ben);
  expect(textsOf(after)!.at(-1)).toBeNull();
});

test('a message is a Note that names everybody to whom it goes, in answer to the last one', async () => {
  const mia = peer.actor('mia');
  const [ada, olga] = [await a.local('ada'), await a.local('olga')];
  const miaHere = await meet(ada, 'mia@peer.test');
  const { conversation } = await converse(ada, miaHere, olga.actorGlobalId);
  await write(ada, conversation!.id, 'First');
  await write(ada, conversation!.id, '**Second**');
  await network.settle();
  const sent = peer.requests
    .filter(({ method }) => method === 'POST')
    .map(({ body }) => JSON.parse(body) as { type: string; to: string[]; object: Written })
    .filter(({ type }) => type === 'Create');
  const [first, second] = sent.map(({ object }) => object);
  expect(second).toMatchObject({
    type: 'Note',
    attributedTo: uriOf(ada),
    cc: [],
    inReplyTo: first!.id,
    directMessage: true,
    conversation: first!['conversation'],
    content: '<p><strong>Second</strong></p>',
  });
  const readers = [mia.uri, uriOf(olga)].toSorted();
  expect((second!['to'] as string[]).toSorted()).toEqual(readers);
  expect((second!['tag'] as { href: string }[]).map(({ href }) => href).toSorted()).toEqual(
    readers,
  );
  expect(sent[1]!.to.toSorted()).toEqual(readers);
  const eve = peer.actor('eve');
  expect((await fetchAs(mia, second!.id)).status).toBe(200);
  const refused = await fetchAs(eve, second!.id);
  expect(refused.status).toBe(404);
  const missing = await fetchAs(eve, `${second!.id.slice(0, -4)}0000`);
  expect(missing.status).toBe(404);
});

test('what names people only is a message; with a picture, or in answer to a post, it is none', async () => {
  const noa = peer.actor('noa');
  const ada = await a.local('adele');
  const to = [uriOf(ada)];
  const note = messageBy(noa, to, { content: '<p>Psst <script>x</script></p>' });
  await hear(noa, 'Create', note, to);
  await hear(noa, 'Create', note, to);
  const [request] = (await chatOf(ada)).messageRequests.nodes;
  const { conversation } = await arrange(ada, request!.id, { acceptRequest: true });
  expect(textsOf(conversation!)).toEqual(['<p>Psst </p>']);
  const others = [
    noteBy(noa, { to, cc: [] }),
    messageBy(noa, [...to, PUBLIC]),
    messageBy(noa, [...to, `${noa.uri}/followers`]),
    messageBy(noa, to, {
      inReplyTo: `https://a.example/posts/${innerId(await publish(a, ada))}`,
    }),
    messageBy(noa, [`${noa.uri}/friends`]),
  ];
  for (const other of others) await hear(noa, 'Create', other, to);
  const reply = messageBy(noa, to, { inReplyTo: note.id, content: '<p>Still there?</p>' });
  await hear(noa, 'Create', reply, to);
  expect(textsOf((await conversationsOf(ada))[0])).toEqual(['<p>Psst </p>', '<p>Still there?</p>']);
});

test('what is only named is asked for by whom it is for, unless they want nothing of its author', async () => {
  const una = peer.actor('una');
  const [ada, zoe] = [await a.local('alma'), await a.local('zoe')];
  const [alma, refusing] = [uriOf(ada), uriOf(zoe)];
  const asked: string[] = [];
  const note = (reader: string): Written => messageBy(una, [reader]);
  const notes = new Map([note(alma), note(refusing)].map((one) => [new URL(one.id).pathname, one]));
  // To nobody in particular, nor to anybody else, it says that there is nothing.
  peer.answer(({ path, headers }) => {
    const found = notes.get(path);
    if (!found) return null;
    const keyId = /keyid="([^"]+)"/i.exec(
      `${String(headers['signature-input'])} ${String(headers['signature'])}`,
    )?.[1];
    asked.push(keyId!);
    const [reader] = found['to'] as string[];
    return keyId === `${reader}#main-key` ? { body: found } : { status: 403, body: {} };
  });
  await block(a, zoe, { actorGlobalId: await meet(zoe, 'una@peer.test') });
  for (const { id, to } of notes.values()) await hear(una, 'Create', id, to as string[]);
  peer.answer(() => null);
  const server = 'https://a.example/actor#main-key';
  expect(asked).toEqual([server, `${alma}#main-key`, server]);
  expect((await chatOf(ada)).messageRequests.nodes).toHaveLength(1);
  expect((await chatOf(zoe)).messageRequests.nodes).toEqual([]);
});

test('an author changes and deletes a message; nobody else does, and what is gone stays so', async () => {
  const [pia, mallory] = [peer.actor('pia'), peer.actor('mallory')];
  const ada = await a.local('agnes');
  const to = [uriOf(ada)];
  const note = messageBy(pia, to);
  await hear(pia, 'Create', note, to);
  const [request] = (await chatOf(ada)).messageRequests.nodes;
  await arrange(ada, request!.id, { acceptRequest: true });
  const updated = new Date(a.clock.now().getTime() + 1000).toISOString();
  await hear(mallory, 'Update', { ...note, content: '<p>Forged</p>', updated }, to);
  await hear(mallory, 'Delete', note.id, to);
  expect(textsOf((await conversationsOf(ada))[0])).toEqual(['<p>Hello</p>']);
  await hear(pia, 'Update', { ...note, content: '<p>Better</p>', updated }, to);
  expect(textsOf((await conversationsOf(ada))[0])).toEqual(['<p>Better</p>']);
  await hear(pia, 'Delete', note.id, to);
  await hear(pia, 'Create', note, to);
  await hear(pia, 'Update', { ...note, content: '<p>Back</p>', updated }, to);
  expect(textsOf((await conversationsOf(ada))[0])).toEqual([null]);
  const never = messageBy(pia, to, { content: '<p>Never</p>' });
  await hear(pia, 'Delete', never.id, to);
  await hear(pia, 'Create', never, to);
  expect(textsOf((await conversationsOf(ada))[0])).toEqual([null]);
});

test('strangers of other servers have five messages, and who is blocked has none', async () => {
  const [quin, rob] = [peer.actor('quin'), peer.actor('rob')];
  const ada = await a.local('astrid');
  const to = [uriOf(ada)];
  for (let index = 0; index < 8; index++) await hear(quin, 'Create', messageBy(quin, to), to);
  expect((await chatOf(ada)).messageRequests.nodes[0]).toMatchObject({ unreadCount: 5 });
  await block(a, ada, { actorGlobalId: await meet(ada, 'rob@peer.test') });
  await hear(rob, 'Create', messageBy(rob, to), to);
  await block(a, ada, { actorGlobalId: await meet(ada, 'rob@peer.test') }, false);
  expect((await chatOf(ada)).messageRequests.nodes).toHaveLength(1);
});

test('strangers have five messages whoever they bring along', async () => {
  const [tom, accomplice] = [peer.actor('tom'), peer.actor('accomplice')];
  const ada = await a.local('annika');
  const write5 = async (from: PeerActor, others: readonly string[]): Promise<void> => {
    for (let index = 0; index < 5; index++)
      await hear(from, 'Create', messageBy(from, others), others);
  };
  await write5(tom, [uriOf(ada), accomplice.uri]);
  await write5(accomplice, [uriOf(ada), tom.uri]);
  await write5(tom, [uriOf(ada), accomplice.uri]);
  const [request] = (await chatOf(ada)).messageRequests.nodes;
  expect(request).toMatchObject({ unreadCount: 10 });
  await arrange(ada, request!.id, { acceptRequest: true });
  await write5(tom, [uriOf(ada), accomplice.uri]);
  expect((await conversationsOf(ada))[0]).toMatchObject({ unreadCount: 15 });
});

test('people of a server that somebody blocks for themselves do not write to them', async () => {
  const other = stack.use(await startFakePeer(network, 'sub.unwanted.test'));
  const [una, ada] = [other.actor('una'), await a.local('aurora')];
  const to = [uriOf(ada)];
  const say = async (): Promise<void> => {
    const note = messageBy(una, to);
    expect(await other.send(a, una, activityBy(una, 'Create', note, { to }))).toBe(202);
    await a.settle();
  };
  const setBlocked = (blocked: boolean) =>
    ada.graphql(
      'mutation ($input: SetDomainBlockInput!) { setDomainBlock(input: $input) { userErrors { code } } }',
      { input: { domain: 'unwanted.test', blocked } },
    );
  await say();
  await setBlocked(true);
  await say();
  expect((await chatOf(ada)).messageRequests.nodes).toEqual([]);
  const unaHere = await meet(ada, 'una@sub.unwanted.test');
  expect((await converse(ada, unaHere)).userErrors).toMatchObject([{ code: 'BLOCKED' }]);
  await setBlocked(false);
  expect((await chatOf(ada)).messageRequests.nodes).toMatchObject([{ unreadCount: 1 }]);
});

test('in a group nothing goes to whom its writer blocks, and they are not given it either', async () => {
  const [vic, wes] = [peer.actor('vic'), peer.actor('wes')];
  const ada = await a.local('alba');
  const [vicHere, wesHere] = [await meet(ada, 'vic@peer.test'), await meet(ada, 'wes@peer.test')];
  const { conversation } = await converse(ada, vicHere, wesHere);
  await write(ada, conversation!.id, 'Before');
  await a.settle();
  await block(a, ada, { actorGlobalId: wesHere });
  const { message } = await write(ada, conversation!.id, 'Behind his back');
  await a.settle();
  const got = (who: PeerActor): string[] =>
    peer.requests
      .filter(
        ({ method, path }) => method === 'POST' && path === new URL(who.uri).pathname + '/inbox',
      )
      .map(({ body }) => body)
      .filter((body) => body.includes('"Create"'));
  expect(got(vic)).toHaveLength(2);
  expect(got(wes)).toHaveLength(1);
  const uri = `https://a.example/messages/${innerId(message!.id)}`;
  expect((await fetchAs(vic, uri)).status).toBe(200);
  expect((await fetchAs(wes, uri)).status).toBe(404);
});

test('what becomes a post as well, or was one, is gone as a whole with its Delete', async () => {
  const xara = peer.actor('xara');
  const ada = await a.local('aino');
  const to = [uriOf(ada)];
  const updated = new Date(a.clock.now().getTime() + 1000).toISOString();
  const first = messageBy(xara, to);
  await hear(xara, 'Create', first, to);
  const [request] = (await chatOf(ada)).messageRequests.nodes;
  await arrange(ada, request!.id, { acceptRequest: true });
  await hear(xara, 'Update', { ...first, to: [PUBLIC], cc: to, updated }, [PUBLIC]);
  await hear(xara, 'Delete', first.id, to);
  const post = noteBy(xara, { attachment: [], cc: to });
  await hear(xara, 'Create', post, [PUBLIC]);
  await hear(xara, 'Update', { ...post, to, cc: [], updated }, to);
  expect(textsOf((await conversationsOf(ada))[0])).toEqual([null]);
});
