// Looking up by the address of a page that only says where the document stands.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { noteBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork } from '../support/federation.js';
import type { Person, World } from '../support/world.js';

let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let evil: FakePeer;
let bob: PeerActor;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  peer = stack.use(await startFakePeer(network, 'pages.test'));
  evil = stack.use(await startFakePeer(network, 'evil.test'));
  bob = peer.actor('bob');
});

afterAll(() => stack.disposeAsync());

/** Uri of what is found at an address; null = nothing. */
async function lookUp(url: string): Promise<string | null> {
  const { data, errors } = await ada.graphql<{
    fetchRemoteObject: { object: { uri: string } | null };
  }>(
    `mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) {
       object { ... on Federated { uri } } userErrors { code } } }`,
    { url },
  );
  expect(errors).toBeUndefined();
  return data.fetchRemoteObject.object?.uri ?? null;
}

const page = (links: string) => ({
  type: 'text/html; charset=utf-8',
  body: `<!doctype html><html><head><title>A page</title>${links}</head><body><link rel="alternate" type="application/activity+json" href="/in-body"></body></html>`,
});
const link = (href: string, type = 'application/activity+json'): string =>
  `<link rel="alternate" type='${type}' href="${href}">`;

test('a post and a person are found by pages that lead to them', async () => {
  const note = noteBy(bob);
  peer.serve(new URL(note.id).pathname, { body: note });
  const feed = '<link rel="alternate" type="application/atom+xml" href="/feed">';
  peer.serve('/v/wave', page(feed + link(note.id)));
  expect(await lookUp(`${peer.origin}/v/wave`)).toBe(note.id);
  const profile = 'application/ld+json; profile="https://www.w3.org/ns/activitystreams"';
  peer.serve('/people/bob', page(link('/users/bob', profile)));
  expect(await lookUp(`${peer.origin}/people/bob`)).toBe(bob.uri);
});

test('a person is found by the URI of their account', async () => {
  expect(await lookUp('acct:bob@pages.test')).toBe(bob.uri);
  expect(await lookUp('acct:bob@pages.test/x')).toBe(null);
  expect(await lookUp('acct:@ada@A.example')).toMatch(/^https:..a.example/);
});

test('a page that has a document for browsers alone is asked for as they ask', async () => {
  const note = noteBy(bob);
  peer.serve(new URL(note.id).pathname, { body: note });
  peer.answer(({ path, headers }) => {
    if (path !== '/picky') return null;
    const isDocument = headers['accept']?.includes('activity+json') === true;
    return isDocument ? { status: 406, body: {} } : page(link(note.id));
  });
  expect(await lookUp(`${peer.origin}/picky`)).toBe(note.id);
});

test.each([
  ['names no document', ''],
  ['names one of another type', link('/users/bob', 'application/json')],
  ['names nothing that could be asked for', link('data:application/activity+json,{}')],
  ['names a place in this machine', link('http://127.0.0.1/users/bob')],
])('F18 a page that %s is nothing', async (_what, links) => {
  peer.serve('/nothing', page(links));
  expect(await lookUp(`${peer.origin}/nothing`)).toBeNull();
  expect(peer.requests.some(({ path }) => path === '/in-body')).toBe(false);
});

test('F21 a page that leads to a page is followed once', async () => {
  for (let step = 0; step < 50; step++)
    peer.serve(`/chain/${step}`, page(link(`/chain/${step + 1}`)));
  expect(await lookUp(`${peer.origin}/chain/0`)).toBeNull();
  expect(
    peer.requests.filter(({ path }) => path.startsWith('/chain/')).map(({ path }) => path),
  ).toEqual(['/chain/0', '/chain/0', '/chain/1']);
});

test('F14 a page makes nothing of another server be believed', async () => {
  evil.serve('/forged', { body: { ...bob.document, name: 'Forged' } });
  evil.serve('/page', page(link('/forged')));
  expect(await lookUp(`${evil.origin}/page`)).toBe(bob.uri);
  const { data } = await ada.graphql<{ actor: { displayName: string } }>(
    '{ actor(by: { handle: "bob@pages.test" }) { displayName } }',
  );
  expect(data.actor.displayName).toBe('bob');
});
