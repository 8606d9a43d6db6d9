// In which form requests are signed: what is taken, what is sent to whom, and how each finds out about the other.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { fetchActor } from '../../src/federation/resolve-actor.js';
import { messageSignatureHeaders } from '../../src/federation/internal/message-signature.js';
import { activityBy } from '../support/activities.js';
import { post, startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import { ask } from '../support/signed-fetch.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let fay: PeerActor;
let rounds = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
});

beforeEach(async () => {
  peer = stack.use(await startFakePeer(network, `peer${(rounds += 1)}.test`));
  fay = peer.actor('fay');
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;
const follow = (): object => activityBy(fay, 'Follow', uriOf(ada));

/** Sends as RFC 9421 says; `tamper` changes what was signed. */
async function sendAnew(
  activity: object,
  tamper: (headers: Record<string, string>) => Record<string, string> = (headers) => headers,
): Promise<number> {
  const text = JSON.stringify(activity);
  const request = {
    method: 'POST' as const,
    url: new URL('https://a.example/inbox'),
    body: Buffer.from(text),
  };
  const headers = messageSignatureHeaders(request, fay, world.clock.now());
  const sent = { 'content-type': 'application/activity+json', ...headers };
  return post(new URL('/inbox', world.origin), tamper(sent), text);
}

/** In which form the peer was sent something since this was asked last; true = RFC 9421. */
function formsOf(method: 'GET' | 'POST'): boolean[] {
  const asked = peer.requests.filter(
    (request) => request.method === method && !request.path.startsWith('/.well-known'),
  );
  peer.requests.length = 0;
  return asked.map(({ headers }) => headers['signature-input'] !== undefined);
}

test('F29 a POST that is signed as RFC 9421 says is heard, and nothing in it may be missing', async () => {
  expect(await sendAnew(follow())).toBe(202);
  const without = (name: string) => (headers: Record<string, string>) =>
    Object.fromEntries(Object.entries(headers).filter(([key]) => key !== name));
  for (const name of ['signature', 'signature-input', 'content-digest'])
    expect([name, await sendAnew(follow(), without(name))]).toEqual([name, 401]);
  const stripped = (headers: Record<string, string>): Record<string, string> => ({
    ...headers,
    'signature-input': headers['signature-input']!.replace(' "content-digest"', ''),
  });
  expect(await sendAnew(follow(), stripped)).toBe(401);
});

test('F29 F45 a GET that is signed as RFC 9421 says opens what its actor may see', async () => {
  expect(await sendAnew(follow())).toBe(202);
  await world.settle();
  const path = `/posts/${innerId(await publish(world, ada, { visibility: 'FOLLOWERS' }))}`;
  const url = new URL(path, 'https://a.example');
  const request = { method: 'GET' as const, url, body: null };
  const headers = messageSignatureHeaders(request, fay, world.clock.now());
  expect((await ask(world, path, headers)).status).toBe(200);
  const { 'signature-input': _input, ...stripped } = headers;
  expect((await ask(world, path, stripped)).status).toBe(404);
});

test('F29 a nonce is used once', async () => {
  const { createHash, sign } = await import('node:crypto');
  const text = JSON.stringify(follow());
  const digest = `sha-256=:${createHash('sha256').update(text).digest('base64')}:`;
  const created = Math.floor(world.clock.now().getTime() / 1000);
  const input = `("@method" "@target-uri" "content-digest");created=${created};keyid="${fay.keyId}";nonce="once"`;
  const base = `"@method": POST\n"@target-uri": https://a.example/inbox\n"content-digest": ${digest}\n"@signature-params": ${input}`;
  const headers = {
    host: 'a.example',
    'content-type': 'application/activity+json',
    'content-digest': digest,
    'signature-input': `a=${input}`,
    signature: `a=:${sign('sha256', Buffer.from(base), fay.key).toString('base64')}:`,
  };
  const target = new URL('/inbox', world.origin);
  expect(await post(target, headers, text)).toBe(202);
  expect(await post(target, headers, text)).toBe(401);
});

test('who has not shown that they read the newer form is sent the older one', async () => {
  expect(await peer.send(world, fay, follow())).toBe(202);
  await world.settle();
  expect(formsOf('POST')).toEqual([false]);
});

test('who signs in the newer form is sent it, and the older one for a week once they refuse it', async () => {
  expect(await sendAnew(follow())).toBe(202);
  await world.settle();
  expect(formsOf('POST')).toEqual([true]);
  await fetchActor(world.services, fay.uri);
  expect(formsOf('GET')).toEqual([true]);

  peer.answer(({ method, path, headers }) =>
    (method === 'POST' || path === '/users/fay') && headers['signature-input'] !== undefined
      ? { status: 401, body: '' }
      : null,
  );
  await publish(world, ada);
  await world.settle();
  expect(formsOf('POST')).toEqual([true, false]);
  await publish(world, ada);
  await world.settle();
  expect(formsOf('POST')).toEqual([false]);
  await fetchActor(world.services, fay.uri);
  expect(formsOf('GET')).toEqual([false]);
  world.clock.advance(8 * 24 * 3600);
  await fetchActor(world.services, fay.uri);
  expect(formsOf('GET')).toEqual([true, false]);
});

test('who refuses both forms did not refuse for the form', async () => {
  expect(await sendAnew(follow())).toBe(202);
  await world.settle();
  formsOf('POST');
  peer.answer(({ method }) => (method === 'POST' ? { status: 403, body: '' } : null));
  await publish(world, ada);
  await world.settle();
  expect(formsOf('POST')).toEqual([true, false]);
  peer.answer(() => null);
  await publish(world, ada);
  await world.settle();
  expect(formsOf('POST')).toEqual([true]);
});

test('who asks for the newer form gets it at once', async () => {
  const wish = { 'accept-signature': 'sig1=("@method" "@target-uri" "content-digest");created' };
  peer.answer(({ method, headers }) =>
    method === 'POST' && headers['signature-input'] === undefined
      ? { status: 401, headers: wish, body: '' }
      : null,
  );
  expect(await peer.send(world, fay, follow())).toBe(202);
  await world.settle();
  expect(formsOf('POST')).toEqual([false, true]);
  await publish(world, ada);
  await world.settle();
  expect(formsOf('POST')).toEqual([true]);
});
