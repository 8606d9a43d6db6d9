// Quotes between servers (FEP-044f and what came before it): asked for, allowed, refused, taken back, and forged.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { judgeProofs } from '../../src/federation/internal/integrity-proof.js';
import { statement } from '../../src/platform/db/database.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { activityBy, freshId, noteBy, PUBLIC, type Written } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const ACTIVITY = { accept: 'application/activity+json' };
const POST = statement(
  'test.quoting',
  `select p.id, quoted.uri as quoted, p.quote_detached_at is not null as "isDetached", p.content_html as html
   from posts p left join posts quoted on quoted.id = p.quoted_id where p.uri = $1`,
);
const SENT = statement(
  'test.sent_quotes',
  `select body::jsonb as body from sent_activities where body::jsonb->>'type' = $1 order by position desc limit 1`,
);
const NOTICES = statement(
  'test.quote_notices',
  `select n.kind from notifications n join posts p on p.id = n.post_id where p.uri = $1`,
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let ada: Person;
let peer: FakePeer;
let other: FakePeer;
let bob: PeerActor;
let eve: PeerActor;
let postId: string;
let postUri: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
  peer = stack.use(await startFakePeer(network, 'mastodon.test'));
  other = stack.use(await startFakePeer(network, 'other.test'));
  [bob, eve] = [peer.actor('bob'), other.actor('eve')];
});

beforeEach(async () => {
  postId = await publish(world, ada);
  postUri = `https://a.example/posts/${innerId(postId)}`;
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

interface Quoting {
  readonly id: string;
  readonly quoted: string | null;
  readonly isDetached: boolean;
  readonly html: string;
}

const quoting = (uri: string) => world.services.database.row<Quoting>(POST, [uri]);
const sent = async (type: string) =>
  (await world.services.database.row<{ body: Record<string, unknown> }>(SENT, [type]))?.body;
const adaUri = (): string => `https://a.example/actors/${ada.actorId}`;

async function hear(from: FakePeer, actor: PeerActor, activity: object): Promise<void> {
  world.clock.advance(1);
  expect(await from.send(world, actor, activity)).toBe(202);
  await world.settle();
}

async function documentAt(uri: string): Promise<{ status: number; body: Record<string, unknown> }> {
  const answer = await fetch(world.reach(uri), { headers: ACTIVITY });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

/** A quote as Mastodon 4.5 writes it. */
function quoteBy(actor: PeerActor, uri: string, more: object = {}): Written {
  const link = `<p class="quote-inline">RE: <a href="${uri}">${uri}</a></p>`;
  const said = { content: `${link}<p>Look at this</p>`, attachment: [] };
  return noteBy(actor, { ...said, quote: uri, quoteUri: uri, _misskey_quote: uri, ...more });
}

const request = (actor: PeerActor, note: Written, object = postUri): Written =>
  activityBy(actor, 'QuoteRequest', object, { instrument: note, to: [adaUri()] });

/** A post of the peer that is known here, as somebody named Ada in it. */
async function known(from: FakePeer, actor: PeerActor, more: object = {}): Promise<Written> {
  const note = noteBy(actor, { cc: [adaUri()], ...more });
  from.serve(new URL(note.id).pathname, { body: note });
  await hear(from, actor, activityBy(actor, 'Create', note));
  return note;
}

test('a request is answered by the policy with a stamp that is served, and the quote is shown and told', async () => {
  const note = quoteBy(bob, postUri);
  const asked = request(bob, note);
  await hear(peer, bob, asked);
  const accept = (await sent('Accept'))!;
  expect(accept).toMatchObject({
    actor: adaUri(),
    to: [bob.uri],
    object: {
      id: asked.id,
      type: 'QuoteRequest',
      actor: bob.uri,
      object: postUri,
      instrument: note.id,
    },
    result: expect.stringMatching(/^https:\/\/a\.example\/quote-authorizations\//),
  });
  expect(await documentAt(String(accept['result']))).toMatchObject({
    status: 200,
    body: {
      id: accept['result'],
      type: 'QuoteAuthorization',
      attributedTo: adaUri(),
      interactingObject: note.id,
      interactionTarget: postUri,
    },
  });
  expect(await quoting(note.id)).toMatchObject({
    quoted: postUri,
    isDetached: false,
    html: '<p>Look at this</p>',
  });
  expect(await world.services.database.rows(NOTICES, [note.id])).toEqual([{ kind: 'QUOTE' }]);
  const delivered = peer.requests.filter(
    ({ path, body }) => path === '/users/bob/inbox' && body.includes('"Accept"'),
  );
  expect(delivered).toHaveLength(1);
  await hear(peer, bob, asked);
  await hear(
    peer,
    bob,
    activityBy(bob, 'Create', { ...note, quoteAuthorization: accept['result'] }),
  );
  expect(await quoting(note.id)).toMatchObject({ quoted: postUri });
});

test('detaching takes the stamp back: it is gone, its server is told, and a new request is refused', async () => {
  const note = quoteBy(bob, postUri);
  await hear(peer, bob, request(bob, note));
  const { result } = (await sent('Accept'))!;
  const answer = await ada.graphql<{ detachQuote: { userErrors: unknown[] } }>(
    'mutation ($postId: ID!) { detachQuote(input: { postId: $postId }) { userErrors { code } } }',
    { postId: toGlobalId('post', (await quoting(note.id))!.id) },
  );
  expect(answer.data.detachQuote.userErrors).toEqual([]);
  await world.settle();
  const gone = (await sent('Delete'))!;
  expect(gone).toMatchObject({ actor: adaUri(), object: result });
  const { body } = await documentAt(adaUri());
  const published = body['assertionMethod'] as { id: string; publicKeyMultibase: string }[];
  const keys = published.map(({ id, publicKeyMultibase: multibase }) => ({ id, multibase }));
  expect(judgeProofs(gone, adaUri(), keys, world.clock.now())).toBe('VALID');
  expect((await documentAt(String(result))).status).toBe(404);
  await hear(peer, bob, request(bob, note));
  expect(await sent('Reject')).toMatchObject({ to: [bob.uri], object: { instrument: note.id } });
  expect(await quoting(note.id)).toMatchObject({ isDetached: true });
});

test('whom the author does not let quote is refused; who may not see the post hears nothing', async () => {
  const closed = await publish(world, ada, { quotePolicy: 'NOBODY' });
  const uri = `https://a.example/posts/${innerId(closed)}`;
  const note = quoteBy(bob, uri);
  await hear(peer, bob, request(bob, note, uri));
  expect(await sent('Reject')).toMatchObject({ object: { object: uri, instrument: note.id } });
  expect(await quoting(note.id)).toBeNull();
  const hidden = await publish(world, ada, { visibility: 'FOLLOWERS' });
  const hiddenUri = `https://a.example/posts/${innerId(hidden)}`;
  await hear(peer, bob, request(bob, quoteBy(bob, hiddenUri), hiddenUri));
  expect(await sent('Reject')).toMatchObject({ object: { object: uri } });
});

test('hostile: a request for a post of somebody else, or for one that quotes something else, gets no stamp', async () => {
  const foreign = quoteBy(eve, postUri);
  other.serve(new URL(foreign.id).pathname, { body: foreign });
  await hear(peer, bob, request(bob, foreign));
  await hear(peer, bob, request(bob, { ...foreign, attributedTo: bob.uri }));
  const plain = noteBy(bob);
  await hear(peer, bob, request(bob, plain));
  expect(await sent('Reject')).toMatchObject({ object: { instrument: plain.id } });
  const inserted = quoteBy(bob, postUri, { attributedTo: `${peer.origin}/users/somebody` });
  await hear(peer, bob, request(bob, inserted));
  for (const note of [foreign, plain, inserted]) expect(await quoting(note.id)).toBeNull();
  expect((await sent('Accept'))?.['object']).not.toMatchObject({ object: postUri });
});

test('our quote asks the author, carries the stamp once it is allowed, and drops out when it is refused or taken back', async () => {
  const theirs = await known(peer, bob);
  const found = await ada.graphql<{ fetchRemoteObject: { object: { id: string } } }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { id } } }',
    { url: theirs.id },
  );
  const quotedPostId = found.data.fetchRemoteObject.object.id;
  const quote = async (): Promise<{ uri: string; asked: Record<string, unknown> }> => {
    const id = await publish(world, ada, { caption: 'See', quotedPostId });
    await world.settle();
    return { uri: `https://a.example/posts/${innerId(id)}`, asked: (await sent('QuoteRequest'))! };
  };
  const { uri, asked } = await quote();
  expect(asked).toMatchObject({
    actor: adaUri(),
    object: theirs.id,
    to: [bob.uri],
    instrument: { id: uri, quote: theirs.id },
  });
  const { body } = await documentAt(uri);
  expect(body).toMatchObject({
    quote: theirs.id,
    quoteUri: theirs.id,
    _misskey_quote: theirs.id,
    tag: [{ type: 'Link', href: theirs.id, mediaType: expect.stringContaining('profile=') }],
    content: expect.stringContaining(`<p class="quote-inline">RE: <a href="${theirs.id}">`),
  });
  expect(body).not.toHaveProperty('quoteAuthorization');
  for (const [from, actor, result] of [
    [other, eve, `${other.origin}/stamps/1`],
    [peer, bob, `${other.origin}/stamps/1`],
  ] as const)
    await hear(from, actor, activityBy(actor, 'Accept', asked, { result }));
  expect((await documentAt(uri)).body).not.toHaveProperty('quoteAuthorization');
  const result = `${peer.origin}/stamps/1`;
  await hear(peer, bob, activityBy(bob, 'Accept', asked['id'], { result }));
  expect((await documentAt(uri)).body).toMatchObject({ quoteAuthorization: result });
  await hear(other, eve, activityBy(eve, 'Delete', result));
  expect(await quoting(uri)).toMatchObject({ isDetached: false });
  await hear(peer, bob, activityBy(bob, 'Delete', { id: result, type: 'QuoteAuthorization' }));
  expect(await quoting(uri)).toMatchObject({ isDetached: true });
  expect((await documentAt(uri)).body).not.toHaveProperty('quote');

  const second = await quote();
  await hear(other, eve, activityBy(eve, 'Reject', second.asked));
  expect(await quoting(second.uri)).toMatchObject({ isDetached: false });
  await hear(peer, bob, activityBy(bob, 'Reject', second.asked));
  expect(await quoting(second.uri)).toMatchObject({ isDetached: true });
  const before = await sent('QuoteRequest');
  await publish(world, ada, { visibility: 'FOLLOWERS', quotedPostId });
  await world.settle();
  expect(await sent('QuoteRequest')).toEqual(before);
});

test('what our people quote of each other has a stamp from the start', async () => {
  const id = await publish(world, ada, { quotedPostId: postId });
  await world.settle();
  const { body } = await documentAt(`https://a.example/posts/${innerId(id)}`);
  expect(await documentAt(String(body['quoteAuthorization']))).toMatchObject({
    status: 200,
    body: { attributedTo: adaUri(), interactingObject: body['id'], interactionTarget: postUri },
  });
});

test('a quote of a third server counts with the stamp of who is quoted, and stays a link without', async () => {
  const theirs = await known(other, eve);
  const stampUri = `${other.origin}/stamps/9`;
  const toAda = { cc: [adaUri()] };
  const honest = quoteBy(bob, theirs.id, { ...toAda, quoteAuthorization: stampUri });
  const stamp = {
    id: stampUri,
    type: 'QuoteAuthorization',
    attributedTo: eve.uri,
    interactingObject: honest.id,
    interactionTarget: theirs.id,
  };
  other.serve('/stamps/9', { body: stamp });
  await hear(peer, bob, activityBy(bob, 'Create', honest));
  expect(await quoting(honest.id)).toMatchObject({
    quoted: theirs.id,
    html: '<p>Look at this</p>',
  });
  // The stamp of another post, of another author, of the quoting server itself, of nobody, and none.
  peer.serve('/stamps/9', { body: { ...stamp, id: `${peer.origin}/stamps/9` } });
  other.serve('/stamps/x', {
    body: { ...stamp, id: `${other.origin}/stamps/x`, attributedTo: bob.uri },
  });
  const forged = [
    stampUri,
    `${other.origin}/stamps/x`,
    `${peer.origin}/stamps/9`,
    `${other.origin}/none`,
    null,
  ];
  for (const quoteAuthorization of forged) {
    const note = quoteBy(bob, theirs.id, {
      ...toAda,
      ...(quoteAuthorization && { quoteAuthorization }),
    });
    await hear(peer, bob, activityBy(bob, 'Create', note));
    expect([quoteAuthorization, await quoting(note.id)]).toMatchObject([
      quoteAuthorization,
      { quoted: null, html: expect.stringContaining('RE: <a') },
    ]);
  }
  await hear(other, eve, activityBy(eve, 'Delete', stampUri));
  expect(await quoting(honest.id)).toMatchObject({ isDetached: true });
});

test('an Update brings the quote once it was allowed, also of a post that did not change', async () => {
  const theirs = await known(other, eve);
  const updated = '2026-11-01T00:00:00Z';
  const note = quoteBy(bob, theirs.id, { cc: [adaUri()], updated });
  await hear(peer, bob, activityBy(bob, 'Create', note));
  expect(await quoting(note.id)).toMatchObject({ quoted: null });
  const quoteAuthorization = `${other.origin}/stamps/late`;
  other.serve('/stamps/late', {
    body: {
      id: quoteAuthorization,
      type: 'QuoteAuthorization',
      attributedTo: eve.uri,
      interactingObject: note.id,
      interactionTarget: theirs.id,
    },
  });
  await hear(peer, bob, activityBy(bob, 'Update', { ...note, quoteAuthorization }));
  expect(await quoting(note.id)).toMatchObject({ quoted: theirs.id, html: '<p>Look at this</p>' });
});

test('Misskey and Fedibird quote without asking: known or fetched once, as the author lets people quote', async () => {
  const theirs = noteBy(eve);
  other.serve(new URL(theirs.id).pathname, { body: theirs });
  const link = `<a href="${theirs.id}">${theirs.id}</a>`;
  const misskey = noteBy(bob, {
    cc: [adaUri()],
    attachment: [],
    content: `<p>So true<span><br><br>RE: </span>${link}</p>`,
    _misskey_quote: theirs.id,
    quoteUrl: theirs.id,
  });
  await hear(peer, bob, activityBy(bob, 'Create', misskey));
  expect(await quoting(misskey.id)).toMatchObject({ quoted: theirs.id, html: '<p>So true</p>' });
  const fedibird = noteBy(bob, {
    cc: [adaUri()],
    attachment: [],
    content: `<p>Yes<span class="quote-inline"><br/>QT: ${link}</span></p>`,
    quoteUri: theirs.id,
  });
  await hear(peer, bob, activityBy(bob, 'Create', fedibird));
  expect(await quoting(fedibird.id)).toMatchObject({ quoted: theirs.id, html: '<p>Yes</p>' });
  const path = new URL(theirs.id).pathname;
  expect(other.requests.filter((asked) => asked.path === path)).toHaveLength(1);
  const tagged = noteBy(bob, {
    cc: [adaUri()],
    tag: [{ type: 'Link', rel: 'https://misskey-hub.net/ns#_misskey_quote', href: postUri }],
  });
  await hear(peer, bob, activityBy(bob, 'Create', tagged));
  expect(await quoting(tagged.id)).toMatchObject({ quoted: postUri });
  const closed = await publish(world, ada, { quotePolicy: 'NOBODY' });
  const unasked = noteBy(bob, {
    cc: [adaUri()],
    _misskey_quote: `https://a.example/posts/${innerId(closed)}`,
  });
  await hear(peer, bob, activityBy(bob, 'Create', unasked));
  expect(await quoting(unasked.id)).toMatchObject({ quoted: null });
});

test('hostile: quotes in a circle, of themselves, and of what is none end, and ask for little', async () => {
  const [first, second] = [freshId(bob), freshId(eve)];
  const one = quoteBy(bob, second, { id: first, cc: [adaUri()], quote: null });
  const two = quoteBy(eve, first, { id: second, to: [PUBLIC], quote: null });
  peer.serve(new URL(first).pathname, { body: one });
  other.serve(new URL(second).pathname, { body: two });
  const asked = peer.requests.length;
  await hear(peer, bob, activityBy(bob, 'Create', one));
  expect(await quoting(first)).toMatchObject({ quoted: second });
  expect(await quoting(second)).toMatchObject({ quoted: null });
  expect(peer.requests.slice(asked).filter(({ path }) => path === new URL(first).pathname)).toEqual(
    [],
  );
  await hear(other, eve, activityBy(eve, 'Update', { ...two, cc: [adaUri()] }));
  expect(await quoting(second)).toMatchObject({ quoted: first });
  const read = await ada.graphql<{ node: unknown }>(
    `query ($id: ID!) { node(id: $id) { ... on TextPost { quotedPost { quotedPost { quotedPost { id } } } } } }`,
    { id: toGlobalId('post', (await quoting(first))!.id) },
  );
  expect(read.errors).toBeUndefined();
  for (const quote of [
    freshId(bob),
    'javascript:alert(1)',
    bob.uri,
    { type: 'Note', id: postUri },
    7,
  ]) {
    const id = freshId(bob);
    const note = quoteBy(bob, postUri, {
      id,
      cc: [adaUri()],
      quote,
      quoteUri: quote,
      _misskey_quote: quote,
    });
    await hear(peer, bob, activityBy(bob, 'Create', note));
    expect([quote, (await quoting(id))?.quoted]).toEqual([quote, null]);
  }
  const self = freshId(bob);
  await hear(
    peer,
    bob,
    activityBy(bob, 'Create', quoteBy(bob, self, { id: self, cc: [adaUri()] })),
  );
  expect(await quoting(self)).toMatchObject({ quoted: null });
});

test('two servers of ours quote each other', async () => {
  const b = await network.join('b.example');
  b.clock.advance((world.clock.now().getTime() - b.clock.now().getTime()) / 1000);
  const ben = await b.local('ben');
  const found = await ben.graphql<{ fetchRemoteObject: { object: { id: string } } }>(
    'mutation ($url: URL!) { fetchRemoteObject(input: { url: $url }) { object { id } } }',
    { url: postUri },
  );
  const id = await publish(b, ben, {
    caption: 'From afar',
    quotedPostId: found.data.fetchRemoteObject.object.id,
  });
  await network.settle();
  const uri = `https://b.example/posts/${innerId(id)}`;
  expect(await quoting(uri)).toMatchObject({ quoted: postUri, html: '<p>From afar</p>' });
  const answer = await fetch(b.reach(uri), { headers: ACTIVITY });
  expect(await answer.json()).toMatchObject({
    quoteAuthorization: expect.stringMatching(/^https:\/\/a\.example\/quote-authorizations\//),
  });
});
