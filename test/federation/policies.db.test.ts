// What posts say beside their text, both ways: who may answer and quote, licence, language, how it was made; and approvals.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { licenceAddress, licenceName } from '../../src/federation/documents/licence.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, noteBy, PUBLIC, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { comment, innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const ACTIVITY = { accept: 'application/activity+json' };
const POST = statement(
  'test.policies',
  `select comment_policy as comments, quote_policy as quotes, license, language, ai_disclosure as ai, content_html as html
   from posts where uri = $1`,
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let bob: PeerActor;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  peer = stack.use(await startFakePeer(network, 'gts.test'));
  bob = peer.actor('bob', { following: 'https://gts.test/users/bob/following' });
});

afterAll(() => stack.disposeAsync().then(() => undefined));

async function hear(activity: object): Promise<void> {
  world.clock.advance(1);
  expect(await peer.send(world, bob, activity)).toBe(202);
  await world.settle();
}

async function received(more: object): Promise<Written> {
  const note = noteBy(bob, { cc: [`https://a.example/actors/${ada.actorId}`], ...more });
  await hear(activityBy(bob, 'Create', note));
  return note;
}

const stored = (uri: string) => world.services.database.row<Record<string, unknown>>(POST, [uri]);

async function found(url: string): Promise<{ id: string; canComment: boolean }> {
  const answer = await ada.graphql<{
    fetchRemoteObject: { object: { id: string; viewerPermissions: { canComment: boolean } } };
  }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { ... on PhotoPost { id viewerPermissions { canComment } } } } }',
    { url },
  );
  const { id, viewerPermissions } = answer.data.fetchRemoteObject.object;
  return { id, ...viewerPermissions };
}

async function documentAt(uri: string): Promise<Record<string, unknown>> {
  const answer = await fetch(world.reach(uri), { headers: ACTIVITY });
  return (await answer.json()) as Record<string, unknown>;
}

const bobUri = 'https://gts.test/users/bob';
const FOLLOWERS = `${bobUri}/followers`;
const reply = (rule: object): object => ({ interactionPolicy: { canReply: rule } });
const quote = (rule: object): object => ({ interactionPolicy: { canQuote: rule } });

test.each([
  ['nothing', {}, 'EVERYONE', 'EVERYONE', true],
  ['GoToSocial: everybody', reply({ always: PUBLIC }), 'EVERYONE', 'EVERYONE', true],
  [
    'the author first',
    reply({ always: [bobUri], approvalRequired: [PUBLIC] }),
    'EVERYONE',
    'EVERYONE',
    true,
  ],
  ['followers', reply({ automaticApproval: [bobUri, FOLLOWERS] }), 'FOLLOWERS', 'EVERYONE', false],
  [
    'whom they follow',
    reply({ automaticApproval: `${bobUri}/following` }),
    'FOLLOWING',
    'EVERYONE',
    false,
  ],
  [
    'the named',
    reply({ automaticApproval: [bobUri, 'https://x.test/u'] }),
    'MENTIONED',
    'EVERYONE',
    true,
  ],
  [
    'nobody',
    reply({ automaticApproval: [bobUri], manualApproval: [] }),
    'NOBODY',
    'EVERYONE',
    false,
  ],
  ['Loops: comments off', reply({ manualApproval: [bobUri] }), 'NOBODY', 'EVERYONE', false],
  ['Pixelfed: comments off', { commentsEnabled: false }, 'NOBODY', 'EVERYONE', false],
  ['Pixelfed: an empty list', { capabilities: { reply: '[]' } }, 'NOBODY', 'EVERYONE', false],
  [
    'Mastodon: quotes of followers',
    quote({ automaticApproval: [FOLLOWERS] }),
    'EVERYONE',
    'FOLLOWERS',
    true,
  ],
  ['Mastodon: no quotes', quote({ automaticApproval: [bobUri] }), 'EVERYONE', 'NOBODY', true],
  [
    'what is none',
    { interactionPolicy: { canReply: 7, canQuote: [[]] } },
    'EVERYONE',
    'EVERYONE',
    true,
  ],
  [
    'followers of others',
    reply({ always: ['https://x.test/followers'] }),
    'MENTIONED',
    'EVERYONE',
    true,
  ],
])('a policy of %s', async (_name, more, comments, quotes, canComment) => {
  const named = { tag: [{ type: 'Mention', href: `https://a.example/actors/${ada.actorId}` }] };
  const note = await received({ ...named, ...more });
  expect(await stored(note.id)).toMatchObject({ comments, quotes });
  expect(await found(note.id)).toMatchObject({ canComment });
});

test('licence, languages and how it was made are read, and what is none of these is nothing', async () => {
  const full = await received({
    content: '<p>Bonjour</p>',
    contentMap: { en: '<p>Hello</p>', fr: '<p>Bonjour</p>' },
    license: 'https://creativecommons.org/licenses/by-sa/4.0',
    digitalSourceType: 'http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia',
  });
  expect(await stored(full.id)).toEqual({
    comments: 'EVERYONE',
    quotes: 'EVERYONE',
    license: 'CC-BY-SA-4.0',
    language: 'fr',
    ai: 'GENERATED',
    html: '<p>Bonjour</p>',
  });
  const mapped = await received({
    content: undefined,
    contentMap: { de: '<p>Hallo</p>', en: 'x' },
  });
  expect(await stored(mapped.id)).toMatchObject({ language: 'de', html: '<p>Hallo</p>' });
  const odd = await received({ license: { a: 1 }, digitalSourceType: ['x'], contentMap: [7] });
  expect(await stored(odd.id)).toMatchObject({ license: null, ai: 'NONE', language: null });
  for (const name of ['CC0-1.0', 'CC-BY-4.0', 'CC-BY-NC-ND-3.0'])
    expect(licenceName(licenceAddress(name)!)).toBe(name);
  expect([licenceAddress('All mine'), licenceAddress(null)]).toEqual([null, null]);
});

test('our posts say who may answer, quote, like and repost, under which licence, and how they were made', async () => {
  const id = await publish(world, ada, {
    commentPolicy: 'FOLLOWING',
    quotePolicy: 'NOBODY',
    license: 'CC-BY-4.0',
    aiDisclosure: 'ASSISTED',
  });
  const author = `https://a.example/actors/${ada.actorId}`;
  expect(await documentAt(`https://a.example/posts/${innerId(id)}`)).toMatchObject({
    commentsEnabled: true,
    capabilities: { announce: PUBLIC, like: PUBLIC, reply: null },
    interactionPolicy: {
      canLike: { automaticApproval: [PUBLIC] },
      canAnnounce: { automaticApproval: [PUBLIC] },
      canReply: { automaticApproval: [`${author}/following`] },
      canQuote: { automaticApproval: [author] },
    },
    license: 'https://creativecommons.org/licenses/by/4.0',
    digitalSourceType:
      'http://cv.iptc.org/newscodes/digitalsourcetype/compositeWithTrainedAlgorithmicMedia',
  });
});

test('a comment of ours carries its approval; one that the author refuses is hidden; nobody else decides', async () => {
  const note = await received({});
  const { id } = await found(note.id);
  const comments = [await comment(ada, id, 'First'), await comment(ada, id, 'Second')];
  await world.settle();
  const [first, second] = comments.map((one) => `https://a.example/comments/${innerId(one)}`);
  const eve = peer.actor('eve');
  const result = `${peer.origin}/approvals/1`;
  world.clock.advance(1);
  for (const type of ['Accept', 'Reject'])
    expect(await peer.send(world, eve, activityBy(eve, type, first, { result }))).toBe(202);
  await hear(activityBy(bob, 'Accept', first, { result: 'https://elsewhere.test/1' }));
  expect(await documentAt(first!)).not.toHaveProperty('approvedBy');
  const request = { type: 'ReplyRequest', id: `${first}#x`, object: note.id, instrument: first };
  await hear(activityBy(bob, 'Accept', request, { result }));
  expect(await documentAt(first!)).toMatchObject({
    approvedBy: result,
    replyAuthorization: result,
  });
  const update = peer.requests.findLast(({ body }) => body.includes('"Update"'));
  expect(JSON.parse(update!.body)).toMatchObject({ object: { id: first, approvedBy: result } });
  await hear(activityBy(bob, 'Reject', second));
  const hidden = statement('test.hidden', 'select uri from posts where hidden_through = id');
  expect(await world.services.database.rows(hidden)).toEqual([{ uri: second }]);
});

test('whom a server lets comment is for that server to say, but where nobody may', async () => {
  const carl = peer.actor('carl');
  const [open, closed] = [
    await received(reply({ automaticApproval: [FOLLOWERS] })),
    await received(reply({ automaticApproval: [bobUri] })),
  ];
  for (const { id } of [open, closed]) {
    world.clock.advance(1);
    const answer = noteBy(carl, { inReplyTo: id, attachment: [] });
    expect(await peer.send(world, carl, activityBy(carl, 'Create', answer))).toBe(202);
    await world.settle();
    expect((await stored(answer.id)) !== null).toBe(id === open.id);
  }
});
