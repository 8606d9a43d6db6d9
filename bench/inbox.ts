// What an activity of another server costs until all of it is done, beside what it cannot cost less than: a signature
// that is checked, a text that is parsed, a row that is durable. And a follow by somebody whom nobody here knew.
import { setTimeout as delay } from 'node:timers/promises';
import { startOurs, startRival, type Contestant } from './contestant.js';
import { treeSeconds } from './cpu.js';
import { compared, limited, type Figure } from './figure.js';
import { startFederationWorld, type FederationWorld } from './federation-world.js';
import { sendAll, signActivity, type SignedActivity } from './peer-actors.js';

const ROUNDS = 5;
/** As many in all as the floor gets at a time: what waking and falling asleep cost is shared by as many. */
const OF_A_KIND = 400;
const OF_FLOOR = 4 * OF_A_KIND;
const COLD_FOLLOWS = 50;
/**
 * 13 ms of CPU where the floor without its PostgreSQL does 13,450 in a second, as GoToSocial needed.
 *
 * @source measured on one machine
 */
const COLD_FOLLOW_FLOORS = 13e-3 * 13_450;

type Kind = 'Like' | 'Comment' | 'Announce' | 'Undo';
const KINDS: readonly Kind[] = ['Like', 'Comment', 'Announce', 'Undo'];

/** Costs of each kind, of their mix, of cold follows, and of the mix with many people known. */
export async function run(): Promise<Figure[]> {
  const few = await measure(1_000);
  const many = await measure(10_000);
  const figures = KINDS.map((kind) =>
    compared(`inbox: floor / ${kind}`, [few.floor, few[kind]], 'CPU ms', null),
  );
  return [
    compared('inbox: floor / one activity of a mix', [few.floor, few.mix], 'CPU ms', {
      atLeast: 0.1,
    }),
    ...figures,
    compared('inbox: with 10,000 people known / 1,000', [many.mix, few.mix], 'CPU ms', {
      atMost: 1.3,
    }),
    compared(
      `inbox: cold follow / ${Math.round(COLD_FOLLOW_FLOORS)} floors`,
      [few.follow, few.bareFloor.map((cost) => cost * COLD_FOLLOW_FLOORS)],
      'CPU ms',
      { atMost: 1 },
    ),
    limited('inbox: actors asked for in one cold follow / 1', few.actors, 1, 'requests'),
    limited('inbox: handles asked for in one cold follow / 1', few.handles, 1, 'requests'),
  ];
}

type Costs = Record<
  Kind | 'mix' | 'floor' | 'bareFloor' | 'follow' | 'actors' | 'handles',
  number[]
>;

async function measure(peers: number): Promise<Costs> {
  await using world = await startFederationWorld(peers, [{ count: 100, hosts: 200 }]);
  const { keys, databaseUrl, postgresProcessId } = world;
  const { publicKeyPem } = keys;
  await using sink = await startRival('./peers.js', [publicKeyPem]);
  const words = ['inbox', publicKeyPem, databaseUrl];
  await using floor = await startRival('./federation-floor.js', words, postgresProcessId);
  const environment = { TRUSTED_PROXIES: 'loopback' };
  const main = ['dist/bench/federated-server.js', String(sink.port)] as const;
  await using ours = await startOurs(world, environment, main);
  const costs = Object.fromEntries(
    [...KINDS, 'mix', 'floor', 'bareFloor', 'follow', 'actors', 'handles'].map((name) => [
      name,
      [],
    ]),
  ) as unknown as Costs;
  await settled(world, "and run_at <= now() + interval '1 minute'");
  for (let round = -1; round < ROUNDS; round++) {
    const one = await measureRound(world, { ours, floor, sink }, round);
    if (round >= 0)
      for (const [name, value] of Object.entries(one)) costs[name as keyof Costs].push(value);
  }
  return costs;
}

interface Servers {
  readonly ours: Contestant;
  readonly floor: Contestant;
  readonly sink: Contestant;
}

async function measureRound(
  world: FederationWorld,
  { ours, floor, sink }: Servers,
  round: number,
): Promise<Record<keyof Costs, number>> {
  const of: Record<string, number> = {};
  const likes = write(world, 'Like', round);
  const batches: Record<Kind, readonly object[]> = {
    Like: likes,
    Comment: write(world, 'Comment', round),
    Announce: write(world, 'Announce', round),
    Undo: likes.map((like) => ({ ...like, id: `${like.id}/undo`, type: 'Undo', object: like })),
  };
  for (const kind of KINDS) {
    const signed = batches[kind].map((one) => signActivity(world.keys, one as (typeof likes)[0]));
    of[kind] = await costOf(ours.roots, signed.length, async () => {
      await sendAll(ours.port, signed);
      await settled(world);
    });
  }
  const mix = KINDS.reduce((sum, kind) => sum + of[kind]!, 0) / KINDS.length;
  const plain = Array.from({ length: 4 }, () => write(world, 'Comment', round));
  const signed = plain.flat().map((one) => signActivity(world.keys, one));
  const before = treeSeconds([floor.roots[0]!]);
  const both = await costOf(floor.roots, OF_FLOOR, () => sendAll(floor.port, signed));
  const bareFloor = ((treeSeconds([floor.roots[0]!]) - before) / OF_FLOOR) * 1000;
  return {
    ...of,
    mix,
    floor: both,
    bareFloor,
    ...(await followColdly(world, ours, sink, round)),
  } as Record<keyof Costs, number>;
}

let numbers = 0;

function write(
  { peerUris, postUris }: FederationWorld,
  kind: Exclude<Kind, 'Undo'>,
  round: number,
): { id: string; actor: string; type: string; object: unknown }[] {
  return Array.from({ length: OF_A_KIND }, (_, index) => {
    const actor = peerUris[(index + (round + 1) * OF_A_KIND) % peerUris.length]!;
    const id = `${new URL(actor).origin}/things/${(numbers += 1)}`;
    const object = postUris[index % postUris.length]!;
    const to = ['https://www.w3.org/ns/activitystreams#Public'];
    const context = { '@context': 'https://www.w3.org/ns/activitystreams' };
    if (kind !== 'Comment') return { ...context, id, type: kind, actor, object, to };
    const note = {
      id: `${id}/note`,
      type: 'Note',
      attributedTo: actor,
      inReplyTo: object,
      content: `<p>What a <a href="https://one.example/tags/light" class="mention hashtag" rel="tag">#light</a>, number ${numbers}.</p>`,
      published: new Date().toISOString(),
      to,
      cc: [`${actor}/followers`],
      tag: [{ type: 'Hashtag', href: 'https://one.example/tags/light', name: '#light' }],
      attachment: [],
    };
    return { ...context, id, type: 'Create', actor, to, cc: note.cc, object: note };
  });
}

/** CPU ms of each of so many. */
async function costOf(
  roots: readonly number[],
  count: number,
  work: () => Promise<void>,
): Promise<number> {
  const before = treeSeconds(roots);
  await work();
  return ((treeSeconds(roots) - before) / count) * 1000;
}

/** Waits until everything is carried out, and what followed from it is done. */
async function settled({ pool }: FederationWorld, when = 'and run_at <= now()'): Promise<void> {
  const open = `select from graphile_worker._private_jobs where true ${when} limit 1`;
  while ((await pool.query(open)).rowCount !== 0) await delay(100);
  const { rows } = await pool.query<{ n: number }>(
    'select count(*)::int as n from received_activities where handled_at is null or refusal is not null',
  );
  if (rows[0]?.n !== 0) throw new Error(`${rows[0]?.n} activities were not carried out`);
}

/** Follows by people nobody knew: until each is accepted and has been told. */
async function followColdly(
  world: FederationWorld,
  ours: Contestant,
  sink: Contestant,
  round: number,
): Promise<{ follow: number; actors: number; handles: number }> {
  await sink.ask({});
  const object = `https://bench.example/actors/${world.authors[0]!.actorId}`;
  const signed: SignedActivity[] = Array.from({ length: COLD_FOLLOWS }, (_, index) => {
    const origin = `https://cold${index}.example`;
    const actor = `${origin}/users/new${round + 1}x${index}`;
    const id = `${origin}/follows/${(numbers += 1)}`;
    return signActivity(world.keys, { id, type: 'Follow', actor, object } as { actor: string });
  });
  const follow = await costOf(ours.roots, COLD_FOLLOWS, async () => {
    await sendAll(ours.port, signed, 8);
    await settled(world);
  });
  const counts = (await sink.ask({})) as { actors: number; handles: number; deliveries: number };
  if (counts.deliveries !== COLD_FOLLOWS)
    throw new Error(`${counts.deliveries} of ${COLD_FOLLOWS} follows were answered`);
  return {
    follow,
    actors: counts.actors / COLD_FOLLOWS,
    handles: counts.handles / COLD_FOLLOWS,
  };
}
