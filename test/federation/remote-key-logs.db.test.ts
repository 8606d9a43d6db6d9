// Logs of keys of other servers, honest ones and others, as this server reads, checks and remembers them.
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { forgetKeyLog, listKeyLogs } from '../../src/devices/remote-key-logs.queries.js';
import { findContradictions, findRemoteKeyLog } from '../../src/devices/remote-key-log-reads.js';
import { statement } from '../../src/platform/db/database.js';
import { readRemoteKeyLog } from '../../src/federation/remote-key-logs.js';
import { findRemoteActor } from '../../src/federation/resolve-actor.js';
import { isContinued, isIncluded, leafHashOf } from '../../sdk/src/chat/merkle.js';
import { newId, toGlobalId } from '../../src/platform/ids.js';
import { addDevice, chatter, claim, makeKeyPackages, publish } from '../support/chat-devices.js';
import { saveRule } from '../support/domain-rules.js';
import { startFakePeer, type FakePeer } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { newKey, type TestKey } from '../support/key-packages.js';
import {
  attestedItem,
  draftItem,
  remoteChatter,
  showItems,
  type RemoteChatter,
} from '../support/remote-keys.js';
import { runScheduled } from '../support/scheduled.js';
import { ask } from '../support/signed-fetch.js';
import { nameLog, serveLog, TestKeyLog } from '../support/test-key-log.js';
import type { Person, World } from '../support/world.js';

let network: FederatedNetwork;
let a: World;
let b: World;
let ada: Person;
let peer: FakePeer;
let log: TestKeyLog;
let peers = 0;

beforeAll(async () => {
  network = openNetwork();
  a = await network.join('a.example');
  b = await network.join('b.example');
  ada = await a.local('ada');
});

beforeEach(async () => {
  peer = await startFakePeer(network, `peer${(peers += 1)}.test`);
  log = new TestKeyLog(peer.origin, await newKey());
});

afterEach(async () => {
  await peer[Symbol.asyncDispose]();
});

afterAll(async () => {
  await network[Symbol.asyncDispose]();
});

const now = (): Date => a.clock.now();

/** Somebody with a device, who stands in the log. */
async function logged(name: string): Promise<{ who: RemoteChatter; device: TestKey }> {
  const who = await remoteChatter(peer, name);
  const device = await newKey();
  nameLog(peer, who);
  log.setIdentity(who, now());
  log.addDevice(who, device, now());
  showItems(peer, who.actor, [await attestedItem(who, device, now())]);
  return { who, device };
}

/** What the server here makes of what it is shown. */
async function looked({ actor }: RemoteChatter, as: TestKeyLog = log) {
  await serveLog(peer, as, now(), [actor], {
    proofs: as.entries.length < log.entries.length ? log : as,
  });
  return readRemoteKeyLog(a.services, actor.uri);
}

async function contradictionsOf({ actor }: RemoteChatter): Promise<string[]> {
  const { actorId } = (await findRemoteActor(a.services.database, actor.uri))!;
  const watched = { actorId, origin: peer.origin };
  return (await findContradictions(a.services.database, watched)).map(({ kind }) => kind);
}

async function keptSize(origin: string): Promise<number | null> {
  const row = await a.services.database.row<{ size: number }>(
    statement(
      'test.kept_size',
      `select (head->>'treeSize')::int as size from remote_key_logs where origin = $1`,
    ),
    [origin],
  );
  return row?.size ?? null;
}

test('T13: between two servers of ours the log of a person is read, goes on, and is remembered', async () => {
  const ben = await chatter(await b.local('ben'));
  const device = await addDevice(ben, b.clock.now());
  await publish(ben.who, device.id, await makeKeyPackages(device, 2, b.clock.now()));
  await meet(ada, 'ben@b.example');
  expect(await readRemoteKeyLog(a.services, ben.uri)).toBe('SOUND');
  const first = await keptSize('https://b.example');
  for (let round = 0; round < 25; round++) {
    const other = await chatter(await b.local(`other${round}`));
    await addDevice(other, b.clock.now());
  }
  expect(await readRemoteKeyLog(a.services, ben.uri)).toBe('SOUND');
  expect(await keptSize('https://b.example')).toBe(first! + 50);
  const { actorId } = (await findRemoteActor(a.services.database, ben.uri))!;
  const read = (await findRemoteKeyLog(a.services.database, actorId))!;
  expect(read.log!.entries.map(({ kind }) => kind)).toEqual(['IDENTITY_SET', 'DEVICE_ADDED']);
  expect(
    await findContradictions(a.services.database, { actorId, origin: 'https://b.example' }),
  ).toEqual([]);
});

test('proofs that a log goes on are for everybody and for ever, and sizes that it never had have none', async () => {
  const answer = await ask(b, '/key-log/consistency?from=3&to=11');
  expect(answer.status).toBe(200);
  expect(answer.headers['cache-control']).toContain('immutable');
  expect(answer.body).toMatchObject({
    id: 'https://b.example/key-log/consistency?from=3&to=11',
    from: 3,
    to: 11,
  });
  for (const query of [
    'from=0&to=4',
    'from=4&to=3',
    'from=1&to=999999',
    'from=-1&to=2',
    'from=1',
    'from=a&to=b',
    'from=1&from=2&to=3',
  ])
    expect((await ask(b, `/key-log/consistency?${query}`)).status).toBe(404);
});

test('somebody whose entries fill several pages is read whole, all of one head', async () => {
  const { who } = await logged('many');
  for (let count = 0; count < 50; count++) log.addDevice(who, await newKey(), now());
  expect(await looked(who)).toBe('SOUND');
  const { actorId } = (await findRemoteActor(a.services.database, who.actor.uri))!;
  expect((await findRemoteKeyLog(a.services.database, actorId))!.log!.entries).toHaveLength(52);
});

test('T13: a rolled-back log, another one, a forged head and another key are kept as evidence beside the kept head', async () => {
  const { who } = await logged('bob');
  for (let count = 0; count < 4; count++) log.addDevice(who, await newKey(), now());
  expect(await looked(who)).toBe('SOUND');
  const size = log.entries.length;
  // What was signed before, and comes late, is a part of it.
  const early = log.fork();
  early.entries.pop();
  expect(await looked(who, early)).toBe('SOUND');
  expect(await keptSize(peer.origin)).toBe(size);
  a.clock.advance(3_600);
  expect(await looked(who, early)).toBe('CONTRADICTED');
  expect(await contradictionsOf(who)).toEqual(['ROLLED_BACK']);
  const other = log.fork();
  other.entries.splice(1, 1);
  for (let count = 0; count < 3; count++) other.addDevice(who, await newKey(), now());
  expect(await looked(who, other)).toBe('CONTRADICTED');
  const alike = log.fork();
  alike.entries.reverse();
  expect(await looked(who, alike)).toBe('CONTRADICTED');
  const replaced = new TestKeyLog(peer.origin, await newKey());
  replaced.entries = [...log.entries];
  expect(await looked(who, replaced)).toBe('CONTRADICTED');
  const forged = log.fork();
  const ofAnother = { ...(await newKey()), publicKey: log.key.publicKey };
  Object.assign(forged, { key: ofAnother });
  expect(await looked(who, forged)).toBe('CONTRADICTED');
  expect(new Set(await contradictionsOf(who))).toEqual(
    new Set(['ROLLED_BACK', 'NOT_CONTINUED', 'OTHER_SERVER_KEY', 'FORGED_HEAD']),
  );
  expect(await keptSize(peer.origin)).toBe(size);
  // The same again is nothing new.
  const before = (await contradictionsOf(who)).length;
  await looked(who, early);
  expect(await contradictionsOf(who)).toHaveLength(before);
  log.addDevice(who, await newKey(), now());
  expect(await looked(who)).toBe('SOUND');
  expect(await keptSize(peer.origin)).toBe(size + 1);
  // Whoever runs the server sees it, and may believe the log anew.
  const { database } = a.services;
  const [listed] = await listKeyLogs(database);
  expect(listed).toMatchObject({ origin: peer.origin, head: { treeSize: size + 1 } });
  expect(listed!.contradictions).toHaveLength(before);
  expect(listed!.contradictions[0]).toMatchObject({ kind: 'ROLLED_BACK', actor: null });
  expect(await forgetKeyLog(database, peer.origin)).toBe(true);
  expect(await forgetKeyLog(database, peer.origin)).toBe(false);
  expect(await looked(who, replaced)).toBe('SOUND');
});

test('T13: a device or an identity that is shown and not logged, and an entry that is not in the log, are found', async () => {
  const { who, device } = await logged('eve');
  const id = await meet(ada, `eve@${peer.host}`);
  const ghost = await newKey();
  showItems(peer, who.actor, [
    await attestedItem(who, device, now()),
    await attestedItem(who, ghost, now()),
  ]);
  await claim(ada, [id]);
  expect(await looked(who)).toBe('CONTRADICTED');
  expect(await contradictionsOf(who)).toEqual(['GHOST_DEVICE']);
  log.addDevice(who, ghost, now());
  expect(await looked(who)).toBe('SOUND');
  a.clock.advance(60);
  const swapped = { ...who, identity: await newKey() };
  showItems(peer, who.actor, [await attestedItem(swapped, await newKey(), now())]);
  peer.answer(() => null);
  await claim(ada, [id]);
  expect(await looked(who)).toBe('CONTRADICTED');
  expect(new Set(await contradictionsOf(who))).toEqual(new Set(['GHOST_DEVICE', 'OTHER_IDENTITY']));
  await serveLog(peer, log, now(), [who.actor], {
    change: (path, body) => {
      if (!path.endsWith('/key-log')) return { body };
      const { orderedItems, ...page } = body as { orderedItems: { payload: string }[] };
      const says = JSON.parse(Buffer.from(orderedItems[0]!.payload, 'base64').toString()) as object;
      const payload = Buffer.from(JSON.stringify({ ...says, version: 9 })).toString('base64');
      return {
        body: {
          ...page,
          orderedItems: [{ ...orderedItems[0], payload }, ...orderedItems.slice(1)],
        },
      };
    },
  });
  expect(await readRemoteKeyLog(a.services, who.actor.uri)).toBe('CONTRADICTED');
  expect(await contradictionsOf(who)).toContain('NOT_INCLUDED');
});

test('a log that is huge, slow, of somebody else, of nobody, or no log is not to be had, and costs little', async () => {
  const { who } = await logged('odd');
  const { uri } = who.actor;
  const pathOf = (more = '') => `${new URL(uri).pathname}/key-log${more}`;
  const good = (await log.answer(pathOf(), now())) as Record<string, unknown>;
  const answers: object[] = [
    { body: 'x'.repeat(200_000) },
    { body: '{', hangs: true },
    { body: { ...good, padding: 'x'.repeat(200_000) } },
    { status: 404, body: {} },
    { status: 302, headers: { location: 'http://127.0.0.1/' }, body: {} },
    { body: { ...good, head: null } },
    { body: { ...good, consistency: 'https://elsewhere.test/' } },
    { body: { ...good, consistency: `${peer.origin}/${'x'.repeat(100_000)}` } },
    { body: { ...good, head: { ...(good['head'] as object), treeSize: -1 } } },
    { body: { ...good, head: { ...(good['head'] as object), signedAt: 'yesterday' } } },
    { body: { ...good, head: { ...(good['head'] as object), serverKey: 'AAAA' } } },
    { body: { ...good, orderedItems: [{ place: 0, kind: 'PARTY', payload: '', inclusion: [] }] } },
    { body: { ...good, orderedItems: (good['orderedItems'] as object[]).toReversed() } },
    { body: { ...good, id: `${uri}/key-log?page=2` } },
  ];
  for (const answer of answers) {
    peer.answer(({ path }) => (path === pathOf() ? (answer as { body: object }) : null));
    expect(await readRemoteKeyLog(a.services, uri)).toBe('UNAVAILABLE');
  }
  expect(await contradictionsOf(who)).toEqual([]);
  // Pages without end.
  const before = peer.requests.length;
  peer.answer(({ path }) =>
    path.startsWith(pathOf())
      ? {
          body: {
            ...good,
            id: `${peer.origin}${path}`,
            next: `${uri}/key-log?after=1&size=${peer.requests.length}`,
          },
        }
      : null,
  );
  expect(await readRemoteKeyLog(a.services, uri)).toBe('UNAVAILABLE');
  expect(peer.requests.length - before).toBeLessThan(40);
  expect(await readRemoteKeyLog(a.services, `${peer.origin}/users/nobody`)).toBeNull();
  expect(await readRemoteKeyLog(a.services, 'https://nowhere.test/users/nobody')).toBeNull();
});

test('who has no log is believed when first seen; whose server hides its log is found', async () => {
  const plain = await remoteChatter(peer, 'plain');
  showItems(peer, plain.actor, [await draftItem(plain.actor.uri, await newKey(), now())]);
  expect(await readRemoteKeyLog(a.services, plain.actor.uri)).toBe('NONE');
  const { who } = await logged('kim');
  expect(await looked(who)).toBe('SOUND');
  a.clock.advance(3_600);
  expect(await readRemoteKeyLog(a.services, plain.actor.uri)).toBe('CONTRADICTED');
  expect(await contradictionsOf(plain)).toEqual(['WITHHELD']);
});

test('people are looked at by the clock, again after hours or once they show other keys, and never who is suspended', async () => {
  const { who, device } = await logged('dan');
  const id = await meet(ada, `dan@${peer.host}`);
  await claim(ada, [id]);
  await serveLog(peer, log, now(), [who.actor]);
  const asked = (): number => peer.requests.filter(({ path }) => path.endsWith('/key-log')).length;
  await runScheduled(a, 'watchKeyLogs');
  expect(asked()).toBe(1);
  a.clock.advance(1_200);
  await runScheduled(a, 'watchKeyLogs');
  expect(asked()).toBe(1);
  const second = await newKey();
  log.addDevice(who, second, now());
  showItems(peer, who.actor, [
    await attestedItem(who, device, now()),
    await attestedItem(who, second, now()),
  ]);
  await serveLog(peer, log, now(), [who.actor]);
  await claim(ada, [id]);
  await runScheduled(a, 'watchKeyLogs');
  expect(asked()).toBe(2);
  expect(await contradictionsOf(who)).toEqual([]);
  a.clock.advance(7 * 3_600);
  await saveRule(await a.admin(), peer.host, 'SUSPEND');
  await runScheduled(a, 'watchKeyLogs');
  expect(asked()).toBe(2);
});

const MANY_WHO_ARE_DOWN = statement(
  'test.many_who_are_down',
  `with made as (
     insert into actors (id, username, domain, uri, url, joined_at, updated_at)
     select ('00000000-0000-7000-8000-' || lpad(number::text, 12, '0'))::uuid, 'down' || number, 'down.test',
       'https://down.test/' || number, 'https://down.test/' || number, $1, $1
     from generate_series(1, 250) number returning id, uri),
   reached as (
     insert into remote_actors (actor_id, host, inbox_url, key_id, public_key_pem, key_log_uri, fetched_at)
     select id, 'down.test', uri || '/inbox', uri || '#key', '', uri || '/key-log', $1 from made returning actor_id)
   insert into remote_key_lists (actor_id, tried_at, asked_at) select actor_id, $1, $1 from reached`,
);

test('a server of many people that is down lets those of other servers wait for no turn', async () => {
  const { who } = await logged('flo');
  await claim(ada, [await meet(ada, `flo@${peer.host}`)]);
  await serveLog(peer, log, now(), [who.actor]);
  await a.services.database.transaction((tx) => tx.rows(MANY_WHO_ARE_DOWN, [now()]));
  await runScheduled(a, 'watchKeyLogs');
  expect(peer.requests.filter(({ path }) => path.endsWith('/key-log'))).toHaveLength(1);
});

test('whoever names no log and is not to be had any more is asked again after hours, as everybody is', async () => {
  const lea = await remoteChatter(peer, 'lea');
  showItems(peer, lea.actor, [await draftItem(lea.actor.uri, await newKey(), now())]);
  await claim(ada, [await meet(ada, `lea@${peer.host}`)]);
  a.clock.advance(1_200);
  const { pathname } = new URL(lea.actor.uri);
  peer.serve(pathname, { status: 404, body: {} });
  const asked = (): number => peer.requests.filter(({ path }) => path === pathname).length;
  const before = asked();
  await runScheduled(a, 'watchKeyLogs');
  expect(asked()).toBe(before + 1);
  a.clock.advance(1_200);
  await runScheduled(a, 'watchKeyLogs');
  expect(asked()).toBe(before + 1);
});

interface SeenLog {
  readonly origin: string;
  readonly state: string;
  readonly head: { readonly treeSize: number; readonly rootHash: string } | null;
  readonly entries: readonly {
    readonly index: number;
    readonly payload: string;
    readonly inclusion: readonly string[];
  }[];
  readonly growth: readonly {
    readonly from: number;
    readonly to: number;
    readonly hashes: readonly string[];
  }[];
  readonly contradictions: readonly { readonly kind: string; readonly publicKey: string | null }[];
}

async function shown(who: Person, actorId: string, sizes: readonly number[] = []) {
  const { data } = await who.graphql<{
    read: { keyLog: SeenLog | null; userErrors: readonly { code: string }[] };
  }>(
    `mutation ($input: ReadRemoteKeyLogInput!) { read: readRemoteKeyLog(input: $input) { userErrors { code }
       keyLog { origin state readAt head { treeSize rootHash signedAt signature serverKey } entries { index kind payload inclusion }
         growth { from to hashes } contradictions { kind publicKey foundAt keptHead { treeSize } shownHead { treeSize signature } } } } }`,
    { input: { actorId, sizes } },
  );
  return data.read;
}

const bytes = (text: string): Buffer => Buffer.from(text, 'base64');

test('T13: clients get the log of another server with all that proves it, and check it themselves', async () => {
  const { who } = await logged('fay');
  const id = await meet(ada, `fay@${peer.host}`);
  await serveLog(peer, log, now(), [who.actor]);
  const first = (await shown(ada, id)).keyLog!;
  expect(first).toMatchObject({
    origin: peer.origin,
    state: 'SOUND',
    growth: [],
    contradictions: [],
  });
  const tree = { size: first.head!.treeSize, root: bytes(first.head!.rootHash) };
  for (const { index, payload, inclusion } of first.entries)
    expect(
      isIncluded({ index, hash: leafHashOf(bytes(payload)) }, tree, inclusion.map(bytes)),
    ).toBe(true);
  for (let count = 0; count < 5; count++) log.addDevice(who, await newKey(), now());
  await serveLog(peer, log, now(), [who.actor]);
  const asked = peer.requests.length;
  expect((await shown(ada, id)).keyLog!.head!.treeSize).toBe(2);
  expect(peer.requests).toHaveLength(asked);
  a.clock.advance(601);
  const later = (await shown(ada, id, [1, 2, 7, 9_999])).keyLog!;
  const next = { size: later.head!.treeSize, root: bytes(later.head!.rootHash) };
  expect(next.size).toBe(7);
  const growth = new Map(later.growth.map((one) => [one.from, one.hashes.map(bytes)]));
  expect(isContinued(tree, next, growth.get(2)!)).toBe(true);
  expect([...growth.keys()]).toEqual([1, 2, 7]);
  expect(growth.get(7)).toEqual([]);
  // A server that hides what it said before is seen by whoever has it, whatever their own server says.
  const other = log.fork();
  other.entries.splice(0, 1);
  other.addDevice(who, await newKey(), now());
  a.clock.advance(601);
  await serveLog(peer, other, now(), [who.actor]);
  const forked = (await shown(ada, id, [2])).keyLog!;
  expect(forked.state).toBe('CONTRADICTED');
  expect(forked.contradictions.map(({ kind }) => kind)).toContain('NOT_CONTINUED');
});

test('the log of who is blocked, suspended, unknown or of this server is not shown; who does not answer delays nobody twice', async () => {
  const { who } = await logged('gus');
  const id = await meet(ada, `gus@${peer.host}`);
  const local = await a.local('neighbour');
  const refused = async (person: Person, actorId: string) =>
    (await shown(person, actorId)).userErrors.map(({ code }) => code);
  expect(await refused(ada, local.actorGlobalId)).toEqual(['NOT_FOUND']);
  expect(await refused(ada, toGlobalId('actor', newId(now())))).toEqual(['NOT_FOUND']);
  expect((await shown(ada, id)).keyLog).toMatchObject({
    state: 'UNAVAILABLE',
    head: null,
    entries: [],
  });
  const asked = peer.requests.length;
  expect((await shown(ada, id)).keyLog).toMatchObject({ state: 'UNAVAILABLE' });
  expect(peer.requests).toHaveLength(asked);
  await serveLog(peer, log, now(), [who.actor]);
  a.clock.advance(601);
  expect((await shown(ada, id)).keyLog).toMatchObject({ state: 'SOUND' });
  await local.graphql(
    'mutation ($input: SetBlockInput!) { setBlock(input: $input) { userErrors { code } } }',
    { input: { actorId: id, blocked: true } },
  );
  expect(await refused(local, id)).toEqual(['NOT_FOUND']);
  await saveRule(await a.admin(), peer.host, 'SUSPEND');
  await a.settle();
  expect(await refused(ada, id)).toEqual(['NOT_FOUND']);
});
