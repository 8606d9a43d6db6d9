// Forged documents by every way in which one comes here, and activities that somebody other than their actor sent on.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { fetchRemoteObject } from '../../src/federation/fetch-remote-object.js';
import { probeParkedHosts } from '../../src/federation/jobs/probe-parked-hosts.job.js';
import { fetchActor, findRemoteActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy, answerBy, freshId, noteBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const FORGED = statement(
  'test.forged',
  `select uri from posts where content_html like '%Never said%' or uri = any($1::text[])
   union all select uri from actors where display_name = 'Somebody else'`,
);

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let victim: FakePeer;
let evil: FakePeer;
let alice: PeerActor;
let mallory: PeerActor;
let ada: Person;
let postUri: string;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  victim = stack.use(await startFakePeer(network, 'victim.test'));
  evil = stack.use(await startFakePeer(network, 'evil.test'));
  [alice, mallory] = [victim.actor('alice'), evil.actor('mallory')];
  ada = await world.local('ada');
  postUri = `https://a.example/posts/${innerId(await publish(world, ada))}`;
  for (const actor of [alice, mallory]) await fetchActor(world.services, actor.uri);
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const adaUri = (): string => `https://a.example/actors/${ada.actorId}`;
let doors = 0;

/** Serves something under an address of the evil server. */
function serve(body: object, type?: string): string {
  const path = `/door/${(doors += 1)}`;
  evil.serve(path, { body, ...(type !== undefined && { type }) });
  return evil.origin + path;
}

/** A note that the victim is said to have written, under an identity on the victim's server. */
function forgedNote(): { id: string; uri: string } {
  const id = freshId(alice);
  const said = noteBy(alice, { id, content: '<p>Never said</p>', cc: [adaUri()] });
  return { id, uri: serve(said) };
}

const forgedActor = (): string => serve({ ...alice.document, name: 'Somebody else' });

test('F16 whichever way a forged document comes here, it is not believed', async () => {
  const notes = Array.from({ length: 6 }, forgedNote);
  const [searched, created, answered, quoted, announced, pinned] = notes;
  const context = await ada.context();
  await expect(fetchRemoteObject(context, { url: searched!.uri })).rejects.toThrow();
  // Where alice stands, she says herself who she is.
  await fetchRemoteObject(context, { url: forgedActor() });
  const by = (type: string, object: unknown, more: object = {}) =>
    activityBy(mallory, type, object, more);
  const quoting = { quote: quoted!.uri, quoteUrl: quoted!.uri, cc: [adaUri()] };
  for (const activity of [
    by('Create', created!.uri),
    by('Create', created!.id),
    by('Create', answerBy(mallory, answered!.uri, { cc: [adaUri()] })),
    by('Create', noteBy(mallory, quoting)),
    by('Announce', announced!.uri),
    by('Add', pinned!.uri, { target: `${mallory.uri}/featured` }),
    by('Update', forgedActor()),
    by('Move', mallory.uri, { target: forgedActor() }),
  ])
    expect(await evil.send(world, mallory, activity)).toBe(202);
  await world.settle();
  expect(await world.services.database.rows(FORGED, [notes.map(({ id }) => id)])).toEqual([]);
  expect(await findRemoteActor(world.services.database, alice.uri)).toMatchObject({
    host: victim.host,
  });
});

test('F21 of pages that each name the next one, four are asked for at most', async () => {
  for (let index = 0; index < 50; index++)
    evil.serve(`/page/${index}`, {
      type: 'text/html',
      body: `<html><head><link rel="alternate" type="application/activity+json" href="${evil.origin}/page/${index + 1}"></head></html>`,
    });
  const before = evil.requests.length;
  const url = `${evil.origin}/page/0`;
  await expect(fetchRemoteObject(await ada.context(), { url })).rejects.toThrow();
  expect(evil.requests.length - before).toBeLessThanOrEqual(4);
});

/** As the victim's server would sign it into the document; nobody here looks at it. */
const signature = {
  type: 'RsaSignature2017',
  creator: 'https://victim.test/users/alice#main-key',
  created: '2026-01-01T00:00:00Z',
  signatureValue: 'c2lnbmVk',
};
const hidden = {
  type: 'Note',
  content: 'Never said',
  attributedTo: 'https://victim.test/users/alice',
};

test.each<[string, () => object]>([
  ['F35 with a graph', () => ({ '@graph': [activityBy(alice, 'Like', postUri)] })],
  ['F35 with something included', () => ({ '@included': [hidden] })],
  ['F35 turned round', () => ({ '@reverse': { object: hidden } })],
  [
    'F36 with another meaning of its words',
    () => ({ '@context': { as: 'x', content: 'as:name' } }),
  ],
  ['F37 with another body', () => ({ object: noteBy(alice, { content: 'Never said' }) })],
  ['F37 without its signature', () => ({ signature: undefined })],
])('an activity that another server sends on is not heard: %s', async (_what, change) => {
  const activity = {
    ...activityBy(alice, 'Create', noteBy(alice, { content: 'Never said', cc: [adaUri()] })),
    signature,
    ...change(),
  };
  expect([400, 401]).toContain(await evil.send(world, mallory, activity));
  await world.settle();
  expect(await world.services.database.rows(FORGED, [[activity.id]])).toEqual([]);
});

test('S16 an answer that leads to something huge is not read to its end', async () => {
  const big = evil.actor('big');
  const path = `/.well-known/webfinger?resource=${encodeURIComponent('acct:big@evil.test')}`;
  evil.serve('/huge', {
    type: 'application/jrd+json',
    body: JSON.stringify({ subject: 'acct:big@evil.test', aliases: ['x'.repeat(5_000_000)] }),
  });
  evil.serve(path, { status: 302, headers: { location: `${evil.origin}/huge` }, body: '' });
  await expect(fetchActor(world.services, big.uri)).rejects.toThrow('bytes');
  expect(await findRemoteActor(world.services.database, big.uri)).toBeNull();
});

test('F69 of NodeInfo it counts that it is there; where it leads nobody goes', async () => {
  const back = stack.use(await startFakePeer(network, 'back.test'));
  await world.services.database.rows(
    statement(
      'test.park',
      `insert into unreachable_hosts (host, attempts, next_attempt_at, parked_at, since, id)
       values ($1, 9, now() - interval '1 minute', now(), now(), gen_random_uuid())`,
    ),
    [back.host],
  );
  const links = ['data:application/json,{}', 'http://127.0.0.1/', `${back.origin}/huge`].map(
    (href) => ({ rel: 'http://nodeinfo.diaspora.software/ns/schema/2.1', href }),
  );
  back.serve('/.well-known/nodeinfo', { type: 'application/json', body: { links } });
  await probeParkedHosts.run({ ...world.services, jobId: '0', attempt: 1 }, {});
  expect(back.requests.map(({ path }) => path)).toEqual(['/.well-known/nodeinfo']);
});
