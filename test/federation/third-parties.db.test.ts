// Servers that use this one against a third: in its name, or by what they make this one ask of it.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ASK_THIRD } from '../../src/federation/receive/ask-third.js';
import { findSubject } from '../../src/federation/receive/receiving.js';
import { siteOf } from '../../src/platform/site-of.js';
import { BURIALS } from '../../src/federation/receive/tombstones.js';
import { fetchActor } from '../../src/federation/resolve-actor.js';
import { activityBy, answerBy, freshId, noteBy, PUBLIC } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let victim: FakePeer;
let evil: FakePeer;
let alice: PeerActor;
let mallory: PeerActor;
let ada: Person;
let adaUri: string;
let adaPost: string;
let hosts = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  victim = stack.use(await startFakePeer(network, 'victim.test'));
  alice = victim.actor('alice');
  ada = await world.local('ada');
  adaUri = `https://a.example/actors/${ada.actorId}`;
  adaPost = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  await world.settle();
});

beforeEach(async () => {
  hosts += 1;
  evil = stack.use(await startFakePeer(network, `evil${hosts}.test`));
  mallory = evil.actor('mallory');
  victim.requests.length = 0;
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const asked = (): number => victim.requests.filter(({ method }) => method === 'GET').length;

async function send(activity: object, from = mallory): Promise<void> {
  expect(await evil.send(world, from, activity)).toBe(202);
  await world.settle();
}

/** Of the questions that are counted, one is left to the server of Mallory. */
async function nearlyUseUp(): Promise<void> {
  await world.services.rateLimiter.charge(ASK_THIRD, siteOf(evil.host), ASK_THIRD.points - 1);
}

test('F14 what a server only leads on to is not its own, whatever id it has', async () => {
  const address = `${victim.origin}/leads?to=${encodeURIComponent(evil.origin)}`;
  const { pathname, search } = new URL(address);
  victim.serve(pathname + search, {
    status: 302,
    headers: { location: `${evil.origin}/forged` },
    body: '',
  });
  const { publicKey } = mallory.document as { publicKey: { publicKeyPem: string } };
  const keyId = `${address}#main-key`;
  const forged = {
    ...alice.document,
    id: address,
    publicKey: { ...publicKey, id: keyId, owner: address },
  };
  evil.serve('/forged', { body: forged });
  victim.serve(`/.well-known/webfinger?resource=${encodeURIComponent('acct:alice@victim.test')}`, {
    type: 'application/jrd+json',
    body: {
      subject: 'acct:alice@victim.test',
      links: [{ rel: 'self', type: 'application/activity+json', href: address }],
    },
  });
  await expect(fetchActor(world.services, address)).rejects.toThrow('stands somewhere else');
  alice = victim.actor('alice');
  const note = noteBy(alice, { id: address, content: '<p>Never said</p>' });
  evil.serve('/forged', { body: note });
  await send(activityBy(mallory, 'Announce', address));
  const answer = await ada.graphql<{ fetchRemoteObject: { object: unknown } }>(
    'mutation ($input: FetchRemoteObjectInput!) { fetchRemoteObject(input: $input) { object { id } userErrors { code } } }',
    { input: { url: address } },
  );
  expect(answer.data.fetchRemoteObject).toMatchObject({
    object: null,
    userErrors: [{ code: 'NOT_FOUND' }],
  });
});

test('F62 who writes to nobody here makes nobody be looked up', async () => {
  const strangers = Array.from({ length: 8 }, (_, index) => `${victim.origin}/users/n${index}`);
  const note = noteBy(mallory, { to: strangers, cc: [], attachment: [] });
  await send(activityBy(mallory, 'Create', note, { to: strangers }));
  expect(asked()).toBe(0);
});

test('F62 a server whose people nobody follows makes others be asked so often and no more', async () => {
  const written = {
    message: () => {
      const to = [adaUri, freshId(alice)];
      return activityBy(mallory, 'Create', noteBy(mallory, { to, cc: [], attachment: [] }), { to });
    },
    quote: () => {
      const more = { quoteUri: freshId(alice), cc: [adaUri] };
      return activityBy(mallory, 'Create', noteBy(mallory, more));
    },
    answer: () => {
      const more = { cc: [adaUri] };
      return activityBy(mallory, 'Create', answerBy(mallory, freshId(alice), more));
    },
    passedOn: () => {
      const note = { id: freshId(alice), type: 'Note', inReplyTo: adaPost };
      const create = { id: freshId(alice), type: 'Create', actor: alice.uri, object: note };
      return activityBy(mallory, 'Announce', create, { to: [PUBLIC] });
    },
  };
  for (const make of Object.values(written)) {
    evil = stack.use(await startFakePeer(network, `more${(hosts += 1)}.test`));
    mallory = evil.actor('mallory');
    await send(activityBy(mallory, 'Like', adaPost));
    await nearlyUseUp();
    victim.requests.length = 0;
    await send(make());
    const once = asked();
    expect(once).toBeGreaterThan(0);
    for (let index = 0; index < 3; index++) await send(make());
    expect(asked()).toBe(once);
  }
});

test('F49 F62 moves to others make those be asked so often and no more', async () => {
  const target = `${victim.origin}/users/nobody`;
  mallory = evil.actor('restless', { movedTo: target });
  await nearlyUseUp();
  for (let index = 0; index < 4; index++)
    await send(activityBy(mallory, 'Move', mallory.uri, { target }));
  expect(asked()).toBe(1);
});

test('F62 F65 a handle that leads to a server that knows nothing of it leads there so often and no more', async () => {
  await send(activityBy(mallory, 'Like', adaPost));
  const account = encodeURIComponent(`acct:mallory@${evil.host}`);
  evil.serve(`/.well-known/webfinger?resource=${account}`, {
    type: 'application/jrd+json',
    body: {
      subject: 'acct:mallory@victim.test',
      links: [{ rel: 'self', type: 'application/activity+json', href: mallory.uri }],
    },
  });
  victim.requests.length = 0;
  for (let index = 0; index < 8; index++)
    await send(activityBy(mallory, 'Update', mallory.document));
  expect(asked()).toBe(5);
});

test('F60 a list of answers that a server never had makes it be asked three times', async () => {
  const items = Array.from({ length: 30 }, () => freshId(alice));
  const replies = `${evil.origin}/replies`;
  evil.serve('/replies', { body: { id: replies, type: 'Collection', items } });
  const note = noteBy(mallory, { replies, cc: [adaUri] });
  evil.serve(new URL(note.id).pathname, { body: note });
  await send(activityBy(mallory, 'Create', answerBy(mallory, note.id, { cc: [adaUri] })));
  expect(asked()).toBe(3);
});

test('what a server says is gone that nobody here knew stays in mind only so often', async () => {
  const { rateLimiter } = world.services;
  await send(activityBy(mallory, 'Like', adaPost));
  await rateLimiter.charge(BURIALS, siteOf(evil.host), BURIALS.points - 1);
  const [remembered, forgotten] = [noteBy(mallory), noteBy(mallory)].map((note) => ({
    ...note,
    cc: [adaUri],
  }));
  for (const note of [remembered!, forgotten!]) await send(activityBy(mallory, 'Delete', note.id));
  for (const note of [remembered!, forgotten!]) await send(activityBy(mallory, 'Create', note));
  const known = await findSubject(world.services.database, remembered!.id);
  expect([known, (await findSubject(world.services.database, forgotten!.id))?.isDeleted]).toEqual([
    null,
    false,
  ]);
  await send(activityBy(mallory, 'Delete', forgotten!.id));
  expect((await findSubject(world.services.database, forgotten!.id))?.isDeleted).toBe(true);
});
