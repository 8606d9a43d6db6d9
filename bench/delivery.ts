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
const ROUNDS = 5;
const FLOOR_POSTS = 5;
const MAX_MEGABYTES = 64;
const SAMPLE_MS = 20;
/** Looking costs PostgreSQL CPU that is counted. */
const LOOK_MS = 25;
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
    3 * (ROUNDS + 1),
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
  for (let round = -1; round < ROUNDS; round++) {
    const note = round < 0 ? (): void => undefined : keep;
    const ofFew = await publish(world, ours, few);
    await peers.ask({});
    const ofMany = await publish(world, ours, many);
    note('requests', ((await peers.ask({})) as { deliveries: number }).deliveries);
    note('ours', (ofMany.cpu - ofFew.cpu) / (HOSTS - FEW));
    note('waitMany', ofMany.waited);
    note('waitFew', ofFew.waited);
    note('memory', ofMany.megabytes);
    note('whole', ofMany.othersAfter);
    await peers.ask({ hanging: HANGING });
    note('besideDead', (await publish(world, ours, many, HANGING)).othersAfter);
    await peers.ask({});
    await forget(world);
    note('floor', await floorOf(floor));
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
  readonly cpu: number;
  readonly megabytes: number;
}

async function publish(
  world: FederationWorld,
  ours: Contestant,
  author: FollowedAuthor,
  dead = '',
): Promise<Published> {
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
  await reached(world, dead);
  const othersAfter = performance.now() - startedAt;
  if (dead === '') await settled(world);
  clearInterval(sampler);
  return {
    waited,
    othersAfter,
    cpu: (treeSeconds(ours.roots) - before.cpu) * 1000,
    megabytes: (peak - before.bytes) / 1e6,
  };
}

/** Waits until the newest post is delivered everywhere but there. */
async function reached({ pool }: FederationWorld, dead: string): Promise<void> {
  const open = `select count(d.*) filter (where d.state = 'PENDING' and d.host <> $1)::int as waiting, count(s.*)::int as known
    from posts p left join sent_activities s on s.subject_id = p.id left join deliveries d on d.activity_id = s.id
    where p.id = (select id from posts order by id desc limit 1)`;
  for (;;) {
    const { rows } = await pool.query<{ waiting: number; known: number }>(open, [dead]);
    if (rows[0]!.known > 0 && rows[0]!.waiting === 0) return;
    await delay(LOOK_MS);
  }
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
