// Where what is for followers is brought: each inbox once, whatever becomes of those behind it; and which hosts are ruled out.
import { randomInt } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { setActorSuspended } from '../../src/actors/set-actor-status.js';
import { respondToFollowRequest } from '../../src/actors/respond-to-follow-request.js';
import { removeFollower } from '../../src/actors/unfollow-actor.js';
import { inboxesOfFollowers } from '../../src/federation/recipients.queries.js';
import { fetchActor, findRemoteActor } from '../../src/federation/resolve-actor.js';
import { statement } from '../../src/platform/db/database.js';
import { activityBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { openNetwork, type FederatedNetwork } from '../support/federation.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let stack: AsyncDisposableStack;
let world: World;
let near: FakePeer;
let far: FakePeer;
let ada: Person;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  near = stack.use(await startFakePeer(network, 'near.test'));
  far = stack.use(await startFakePeer(network, 'far.test'));
  ada = await world.local('ada');
});

afterAll(() => stack.disposeAsync().then(() => undefined));

const uriOf = (who: Person): string => `https://a.example/actors/${who.actorId}`;

async function hear(peer: FakePeer, actor: PeerActor, activity: object): Promise<void> {
  expect(await peer.send(world, actor, activity)).toBe(202);
  await world.settle();
}

async function inboxes(): Promise<string[]> {
  const found = await inboxesOfFollowers(world.services.database, ada.actorId);
  for (const { inboxUrl, host } of found) expect(new URL(inboxUrl).host).toBe(host);
  return found.map(({ inboxUrl }) => inboxUrl).toSorted();
}

test('each inbox of followers is found once, and as long as somebody behind it counts', async () => {
  const [nell, ned, fred] = [near.actor('nell'), near.actor('ned'), far.actor('fred')];
  expect(await inboxes()).toEqual([]);
  for (const [peer, actor] of [
    [near, nell],
    [near, ned],
    [far, fred],
  ] as const)
    await hear(peer, actor, activityBy(actor, 'Follow', uriOf(ada)));
  expect(await inboxes()).toEqual(['https://far.test/inbox', 'https://near.test/inbox']);

  const here = await Promise.all([nell, ned].map(({ uri }) => fetchActor(world.services, uri)));
  const suspend = (place: number, isSuspended: boolean): Promise<unknown> =>
    world.services.database.transaction((tx) =>
      setActorSuspended(tx, here[place]!.actorId, isSuspended, world.clock.now()),
    );
  await suspend(0, true);
  expect(await inboxes()).toContain('https://near.test/inbox');
  await suspend(1, true);
  expect(await inboxes()).toEqual(['https://far.test/inbox']);
  await suspend(1, false);
  expect(await inboxes()).toContain('https://near.test/inbox');
  await removeFollower(await ada.context(), here[1]!.actorId);
  expect(await inboxes()).toEqual(['https://far.test/inbox']);
});

test('a follower who gets another inbox is reached there, by followers from before and after', async () => {
  const bea = await world.local('bea');
  const nora = near.actor('nora', { endpoints: {} });
  await hear(near, nora, activityBy(nora, 'Follow', uriOf(bea)));
  const ofBea = async () =>
    (await inboxesOfFollowers(world.services.database, bea.actorId)).map((one) => one.inboxUrl);
  expect(await ofBea()).toEqual([`${nora.uri}/inbox`]);
  near.serve('/users/nora', {
    body: { ...nora.document, endpoints: { sharedInbox: 'https://near.test/inbox' } },
  });
  await fetchActor(world.services, nora.uri);
  expect(await ofBea()).toEqual(['https://near.test/inbox']);
});

test('who has only asked to follow is sent nothing until that is accepted', async () => {
  const cleo = await world.local('cleo');
  await world.services.database.rows(
    statement('test.follower_inboxes.lock', 'update actors set is_locked = true where id = $1'),
    [cleo.actorId],
  );
  const nils = near.actor('nils');
  await hear(near, nils, activityBy(nils, 'Follow', uriOf(cleo)));
  const { database } = world.services;
  expect(await inboxesOfFollowers(database, cleo.actorId)).toEqual([]);
  const { actorId } = (await findRemoteActor(database, nils.uri))!;
  await respondToFollowRequest(await cleo.context(), { actorId, accept: true });
  expect(await inboxesOfFollowers(database, cleo.actorId)).toEqual([
    { inboxUrl: 'https://near.test/inbox', host: 'near.test' },
  ]);
});

const RULES = statement(
  'test.rules',
  `insert into domain_rules (id, domain, severity, rejects_media, rejects_reports, is_obfuscated, created_at, updated_at)
   select gen_random_uuid(), domain, severity, false, false, false, now(), now()
   from unnest($1::text[], $2::text[]) rule(domain, severity) on conflict (domain) do nothing`,
);
const MODE = statement(
  'test.mode',
  `insert into server_settings (key, value) values ('federation_mode', to_jsonb($1::text))
   on conflict (key) do update set value = excluded.value`,
);
const TOGETHER = statement('test.together', 'select suspended_hosts($1::text[]) as host');
const EACH = statement(
  'test.each',
  `select host from (select distinct unnest($1::text[]) as host) one
   where (select severity from domain_policy(array[host])) = 'SUSPEND'`,
);

test('which of many hosts are ruled out is the same as for each alone', async () => {
  const labels = ['a', 'b', 'evil', 'example', 'Test', 'co'];
  const name = (): string =>
    Array.from({ length: randomInt(1, 5) }, () => labels[randomInt(labels.length)]!).join('.');
  const { database } = world.services;
  const domains = Array.from({ length: 40 }, () => name().toLowerCase());
  const severities = domains.map(() => ['NONE', 'LIMIT', 'SUSPEND'][randomInt(3)]!);
  await database.rows(RULES, [domains, severities]);
  const hosts = Array.from(
    { length: 300 },
    () => name() + ['', '', ':8443', '.'][randomInt(4)]!,
  ).concat('[2001:db8::1]', '192.0.2.1', '');
  const asked = async (query: typeof TOGETHER): Promise<string[]> =>
    (await database.rows<{ host: string }>(query, [hosts])).map(({ host }) => host).toSorted();
  for (const mode of ['open', 'allow-list']) {
    await database.rows(MODE, [mode]);
    const together = await asked(TOGETHER);
    expect(together).toEqual(await asked(EACH));
    expect(together.length).toBeGreaterThan(0);
  }
  expect(await database.rows(TOGETHER, [[]])).toEqual([]);
});
