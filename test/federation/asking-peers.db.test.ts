// What slices below the gateway ask of other servers: signed by whoever asks, and answered whatever the answer is.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OutsideUnavailable } from '../../src/platform/outside-unavailable.js';
import type { PeerQuestion } from '../../src/platform/peers.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let a: World;
let b: World;
let ada: Person;

beforeAll(async () => {
  network = openNetwork();
  a = await network.join('a.example');
  b = await network.join('b.example', { SIGNED_FETCH: 'required' });
  ada = await a.local('ada');
  await b.local('ben');
});
afterAll(async () => {
  await network[Symbol.asyncDispose]();
});

const question = (url: string, more: Partial<PeerQuestion> = {}): PeerQuestion => {
  return { method: 'GET', url, as: ada.actorId, maxBytes: 65_536, timeoutMs: 5000, ...more };
};

test('a question is signed by whoever asks, and every answer is one', async () => {
  const { peers, http } = a.services;
  const ben = `https://b.example/actors/${(await b.local('ben')).actorId}`;
  for (const as of [ada.actorId, null]) {
    const answer = await peers.ask(question(`${ben}/outbox`, { as }));
    expect(answer).toMatchObject({ status: 200, contentType: expect.stringContaining('json') });
  }
  const limits = { maxBytes: 65_536, timeoutMs: 5000 };
  expect(await http.ask(`${ben}/outbox`, { method: 'GET' }, limits)).toMatchObject({ status: 401 });
  expect(await peers.ask(question(`${ben}/nothing`))).toMatchObject({ status: 404 });
  const refused = await peers.ask(
    question('https://b.example/inbox', { method: 'POST', body: Buffer.from('{}') }),
  );
  expect(refused.status).toBe(400);
  await expect(peers.ask(question(`${ben}/outbox`, { maxBytes: 10 }))).rejects.toThrow(
    OutsideUnavailable,
  );
  await expect(peers.ask(question('https://c.example/x'))).rejects.toThrow(OutsideUnavailable);
});

test('an actor is found here, or asked for', async () => {
  const { peers } = a.services;
  expect(await peers.findActor(`https://a.example/actors/${ada.actorId}`)).toBe(ada.actorId);
  const ben = `https://b.example/actors/${(await b.local('ben')).actorId}`;
  expect(await peers.findActor(ben)).toEqual(expect.any(String));
  for (const uri of ['https://a.example/actors/nobody', 'https://c.example/x', 'no address'])
    expect(await peers.findActor(uri)).toBeNull();
});
