// What it costs to tell other servers of a post, beside signing and posting alone; how long the author waits for that;
// and what one server that never answers costs the others.
import { Agent } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { toGlobalId } from '../src/platform/ids.js';
import { send, startOurs, startRival, type Contestant } from './contestant.js';
import { treeBytes, treeSeconds } from './cpu.js';
import {
  startFederationWorld,
  type FederationWorld,
  type FollowedAuthor,
} from './federation-world.js';
import { compared, limited, type Figure } from './figure.js';

const [FEW, MANY] = [10, 10_000];
const HOSTS = 200;
const ROUNDS = 9;
/** A server runs for weeks: what its code costs until it is compiled is no part of a delivery. */
const WARM_UPS = 8;
const FLOOR_POSTS = 5;
const MAX_MEGABYTES = 64;
const SAMPLE_MS = 20;
const LOOK_MS = 5;
const HANGING = 'h0.example';

const PUBLISH = `mutation ($input: PublishPhotoPostInput!) {
  publishPhotoPost(input: $input) { post { id } userErrors { message } }
}`;

/** Cost of a delivery, requests, waits, memory, and others beside a dead host. */
export async function run(): Promise<Figure[]> {
  await using world = await startFederationWorld(
    MANY,
    [
      { count: MANY, hosts: HOSTS },
      { count: FEW, hosts: FEW },
    ],
    3 * ROUNDS + 2 * WARM_UPS,
  );
  const { publicKeyPem, privateKeyPem } = world.keys;
  await using peers = await startRival('./peers.js', [publicKeyPem]);
  const port = String(peers.port);
  await using floor = await startRival('./federation-floor.js', ['delivery', privateKeyPem, port]);
  const environment = { ENTITLEMENT_POSTS_PER_DAY: '1000000' };
  const main = ['dist/bench/federated-server.js', port] as const;
  await using ours = await startOurs(world, environment, main);
  const [many, few] = world.authors as [FollowedAuthor, FollowedAuthor];
  const found: Record<string, number[]> = {};
  const keep = (name: string, value: number): void => void (found[name] ??= []).push(value);
  await settled(world);
  for (let round = 0; round < WARM_UPS; round++) {
    for (const author of [few, many]) await publish(world, ours, peers, author);
    await floorOf(floor);
  }
  for (let round = 0; round < ROUNDS; round++) {
    const ofFew = await publish(world, ours, peers, few);
    const ofMany = await publish(world, ours, peers, many);
    keep('requests', ofMany.requests);
    keep('ours', (ofMany.cpu - ofFew.cpu) / (HOSTS - FEW));
    keep('waitMany', ofMany.waited);
    keep('waitFew', ofFew.waited);
    keep('memory', ofMany.megabytes);
    keep('whole', ofMany.othersAfter);
    keep('besideDead', (await publish(world, ours, peers, many, HANGING)).othersAfter);
    await peers.ask({});
    await forget(world);
    keep('floor', await floorOf(floor));
  }
  const of = (name: string): number[] => found[name]!;
  const unit = 'CPU ms per delivery';
  return [
    compared('delivery: floor / one more server', [of('floor'), of('ours')], unit, {
      atLeast: 0.6,
    }),
    limited(
      `delivery: requests for ${MANY} followers / ${HOSTS}`,
      of('requests'),
      HOSTS,
      'requests',
    ),
    compared(
      'delivery: author waits with 10,000 followers / 10',
      [of('waitMany'), of('waitFew')],
      'ms',
      { atMost: 1.3 },
    ),
    compared(
      'delivery: others reached beside a host that hangs / without',
      [of('besideDead'), of('whole')],
      'ms',
      { atMost: 1.1 },
    ),
    limited(`delivery: memory added / ${MAX_MEGABYTES} MB`, of('memory'), MAX_MEGABYTES, 'MB'),
  ];
}

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

interface Published {
  /** Until the author had the answer, in ms. */
  readonly waited: number;
  /** Until every host but a dead one had it, in ms. */
  readonly othersAfter: number;
  readonly requests: number;
  readonly cpu: number;
  readonly megabytes: number;
}

async function publish(
  world: FederationWorld,
  ours: Contestant,
  peers: Contestant,
  author: FollowedAuthor,
  hanging = '',
): Promise<Published> {
  await peers.ask({ hanging });
  const before = { cpu: treeSeconds(ours.roots), bytes: treeBytes(ours.roots) };
  let peak = before.bytes;
  const sampler = setInterval(() => (peak = Math.max(peak, treeBytes(ours.roots))), SAMPLE_MS);
  const startedAt = performance.now();
  const media = toGlobalId('media', author.mediaIds.pop()!);
  const input = { mediaIds: [media], common: { caption: 'Morning #light', visibility: 'PUBLIC' } };
  const text = await send(
    ours,
    { query: PUBLISH, variables: { input }, token: author.token },
    agent,
  );
  const waited = performance.now() - startedAt;
  if (!text.includes('"id"')) throw new Error(`not published: ${text.slice(0, 500)}`);
  await reached(peers, author.hosts);
  const othersAfter = performance.now() - startedAt;
  if (hanging === '') await settled(world);
  clearInterval(sampler);
  return {
    waited,
    othersAfter,
    requests: await deliveriesTo(peers),
    cpu: (treeSeconds(ours.roots) - before.cpu) * 1000,
    megabytes: (peak - before.bytes) / 1e6,
  };
}

/** Waits until so many hosts have it, one that hangs among them. */
async function reached(peers: Contestant, hosts: number): Promise<void> {
  while ((await deliveriesTo(peers)) < hosts) await delay(LOOK_MS);
}

async function deliveriesTo(peers: Contestant): Promise<number> {
  return ((await peers.ask({ look: true })) as { deliveries: number }).deliveries;
}

async function settled({ pool }: FederationWorld): Promise<void> {
  const open = `select from graphile_worker._private_jobs where run_at <= now() + interval '1 minute' limit 1`;
  while ((await pool.query(open)).rowCount !== 0) await delay(100);
}

/** What hangs is given up, and its host is as good as before. */
async function forget(world: FederationWorld): Promise<void> {
  await world.pool.query(`update deliveries set state = 'FAILED' where state = 'PENDING'`);
  const open = `select from graphile_worker._private_jobs where locked_at is not null limit 1`;
  while ((await world.pool.query(open)).rowCount !== 0) await delay(100);
  await world.pool.query('delete from unreachable_hosts');
  await world.pool.query('delete from delivery_turns');
  await world.pool.query(
    `delete from graphile_worker._private_jobs where key like 'deliverDue:again%' and locked_at is null`,
  );
}

/** CPU ms of one delivery, when nothing is kept of it. */
async function floorOf(floor: Contestant): Promise<number> {
  const all = Array.from(
    { length: HOSTS * FLOOR_POSTS },
    (_, index) => `h${index % HOSTS}.example`,
  );
  const before = treeSeconds(floor.roots);
  await floor.ask({ hosts: all, body: JSON.stringify({ content: 'x'.repeat(2_000) }) });
  return ((treeSeconds(floor.roots) - before) / all.length) * 1000;
}
