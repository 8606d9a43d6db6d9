// A profile that changes here is what followers elsewhere see, and the other way round.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { activityBy } from '../support/activities.js';
import { startFakePeer, type FakePeer } from '../support/fake-peer.js';
import { fetchActor } from '../../src/federation/resolve-actor.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { followById, run } from '../support/moves.js';
import { readyPicture } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let a: World;
let b: World;
let peer: FakePeer;
let ada: Person;
let ben: Person;
/** Ada as b has her. */
let adaThere: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  [a, b] = [await network.join('a.example'), await network.join('b.example')];
  peer = stack.use(await startFakePeer(network, 'peer.example'));
  [ada, ben] = [await a.local('ada'), await b.local('ben')];
  adaThere = await meet(ben, 'ada@a.example');
  expect(await followById(ben, adaThere)).toEqual([]);
  await network.settle();
});

afterAll(() => stack.disposeAsync());

interface Profile {
  readonly displayName: string;
  readonly bio: string;
  readonly kind: string;
  readonly isLocked: boolean;
  readonly isDiscoverable: boolean;
  readonly isIndexable: boolean;
  readonly fields: { readonly name: string; readonly value: string }[];
  readonly paymentLinks: { readonly name: string; readonly href: string }[];
}

const LINKS = [
  { name: 'Membership', href: 'https://pay.example/ada' },
  { name: 'By transfer', href: 'payto://iban/DE75512108001245126199' },
];

async function profile(who: Person, id: string): Promise<Profile> {
  const answer = await who.graphql<{ node: Profile }>(
    `query ($id: ID!) { node(id: $id) { ... on Actor {
       displayName bio kind isLocked isDiscoverable isIndexable fields { name value } paymentLinks { name href } } } }`,
    { id },
  );
  expect(answer.errors).toBeUndefined();
  return answer.data.node;
}

async function edit(change: object): Promise<void> {
  expect(await run(ada, 'updateProfile', change)).toEqual([]);
  await network.settle();
}

test('every part of a profile arrives', async () => {
  await edit({
    displayName: 'Ada L.',
    bio: 'Walks a *lot*.',
    kind: 'ORGANIZATION',
    isLocked: true,
    isDiscoverable: true,
    isIndexable: true,
    fields: [{ name: 'Home', value: 'https://ada.example' }],
    paymentLinks: LINKS,
  });
  const seen = await profile(ben, adaThere);
  expect(seen).toMatchObject({
    displayName: 'Ada L.',
    kind: 'ORGANIZATION',
    isLocked: true,
    isDiscoverable: true,
    isIndexable: true,
    fields: [{ name: 'Home', value: expect.stringContaining('ada.example') }],
    paymentLinks: LINKS,
  });
  expect(seen.bio).toContain('<em>lot</em>');
});

test('FEP-0ea0 payment links of others are kept where they lead to a page or an account', async () => {
  const link = (href: unknown, rel: unknown = 'payment') => ({
    type: 'Link',
    name: 'Tip',
    href,
    rel,
  });
  const dee = peer.actor('dee', {
    attachment: [
      ...LINKS.map(({ name, href }) => ({ type: 'Link', name, href, rel: ['payment', 'me'] })),
      link('javascript:alert(1)'),
      link('http://plain.test/'),
      link('https://user:word@bank.test/'),
      link('payto:nobody'),
      link(`https://long.test/${'x'.repeat(1000)}`),
      link(['https://list.test/']),
      link('https://no.test/', 'me'),
      { type: 'PropertyValue', name: 'Home', value: 'x' },
    ],
  });
  await fetchActor(b.services, dee.uri);
  expect((await profile(ben, await meet(ben, 'dee@peer.example'))).paymentLinks).toEqual(LINKS);
});

async function refusals(input: object): Promise<object[]> {
  const { data } = await ada.graphql<{ updateProfile: { userErrors: object[] } }>(
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code path } } }',
    { input },
  );
  return data.updateProfile.userErrors;
}

test('a payment link leads to a page or an account, and has a name', async () => {
  for (const [bad, path] of [
    [{ name: 'x', href: 'javascript:alert(1)' }, 'href'],
    [{ name: 'x', href: 'https://a b.example' }, 'href'],
    [{ name: ' ', href: 'https://a.example' }, 'name'],
  ] as const)
    expect(await refusals({ paymentLinks: [bad] })).toEqual([
      { code: 'INVALID_INPUT', path: ['paymentLinks', '0', path] },
    ]);
  expect(await refusals({ paymentLinks: Array.from({ length: 6 }, () => LINKS[0]!) })).toEqual([
    { code: 'INVALID_INPUT', path: ['paymentLinks'] },
  ]);
});

test('what is changed back arrives, too', async () => {
  for (const displayName of ['One', 'Two', 'One', 'Two']) {
    await edit({ displayName });
    expect((await profile(ben, adaThere)).displayName).toBe(displayName);
  }
  await edit({ isDiscoverable: false, isIndexable: false, isLocked: false, fields: [] });
  expect(await profile(ben, adaThere)).toMatchObject({
    isLocked: false,
    isDiscoverable: false,
    isIndexable: false,
    fields: [],
  });
});

test('pictures are in the document that followers get', async () => {
  const fan = peer.actor('fan');
  const uri = `https://a.example/actors/${ada.actorId}`;
  await peer.send(a, fan, activityBy(fan, 'Follow', uri));
  await network.settle();
  await edit({
    avatarMediaId: await readyPicture(a, ada, { purpose: 'AVATAR' }),
    headerMediaId: await readyPicture(a, ada, { purpose: 'HEADER' }),
  });
  const updates = peer.requests
    .filter(({ body }) => body.includes('"Update"'))
    .map(({ body }) => JSON.parse(body) as { object: Record<string, unknown> });
  const picture = { type: 'Image', mediaType: 'image/jpeg', url: expect.any(String) };
  expect(updates.at(-1)!.object).toMatchObject({ icon: picture, image: picture });
});

test('a new key of a remote actor counts once its server names it', async () => {
  const rita = peer.actor('rita');
  const id = await meet(ada, 'rita@peer.example');
  const other = peer.actor('spare');
  const { publicKeyPem } = other.document['publicKey'] as { publicKeyPem: string };
  const key = { id: rita.keyId, owner: rita.uri, publicKeyPem };
  const document = { ...rita.document, name: 'Rita II', publicKey: key };
  peer.serve('/users/rita', { body: document });
  const update = activityBy(rita, 'Update', document);
  // An actor is asked again at most every five minutes.
  a.clock.advance(6 * 60);
  expect(await peer.send(a, rita, update, { key: other.key })).toBe(202);
  await network.settle();
  expect((await profile(ada, id)).displayName).toBe('Rita II');
});
