/** The log of keys of another server, for somebody of ours who checks it for themselves. */
import { LRUCache } from 'lru-cache';
import type { ActorId } from '../actors/actor.entity.js';
import { keysVisibleTo } from '../devices/devices.queries.js';
import { findConsistencyUrl } from '../devices/keep-remote-head.js';
import type { RemoteKeyLogState } from '../devices/remote-key-log.js';
import {
  findContradictions,
  findRemoteKeyLog,
  type KeptContradiction,
  type RemoteKeyLog,
  type RemoteKeyLogRead,
} from '../devices/remote-key-log-reads.js';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Invalid, NotFound, TooMany } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { originOf } from './addresses.js';
import { asksForProof, readRemoteKeyLog } from './remote-key-logs.js';
import { isAbsence } from './resolve-actor.js';

/** What is asked of a log. */
export interface KeyLogQuestion {
  readonly actorId: ActorId;
  /** Sizes of which somebody knows the head, and wants proven how they fit to the present one. */
  readonly sizes: readonly number[];
}

/** That the log of one size begins with that of a smaller one. */
export interface Growth {
  readonly from: number;
  readonly to: number;
  /** Empty = its server says that there is no proof. */
  readonly hashes: readonly Buffer[];
}

/** What is shown of the log. */
export interface ShownKeyLog {
  readonly origin: string;
  readonly state: RemoteKeyLogState;
  /** Null = nothing was ever read. */
  readonly log: (RemoteKeyLog & { readonly readAt: Date }) | null;
  readonly growth: readonly Growth[];
  readonly contradictions: readonly KeptContradiction[];
}

/** Sizes of one question. */
export const MOST_SIZES = 8;

const LARGEST_SIZE = 2 ** 31 - 1;
const LIMIT = { name: 'remote-key-log', points: 300, windowSeconds: 3600, failsClosed: false };
/** What was read, or tried, is not asked for again so soon, as long as nothing has changed. */
const FRESH_SECONDS = 10 * 60;

const VISIBLE = statement(
  'remote_key_logs.visible_actor',
  `select a.uri from actors a where a.id = $1 and a.domain is not null and a.domain_severity <> 'SUSPEND'
     and ${keysVisibleTo('a', '$2::uuid')}`,
);

/** What was proven once is so for ever. */
const proofs = new LRUCache<string, readonly Buffer[]>({ max: 2_000 });

/**
 * What the log of the server of somebody says of them, asked for when it was not in ten minutes.
 *
 * @throws {TooMany} LIMIT_EXCEEDED for more than 8 sizes
 * @throws {Invalid} INVALID_INPUT for what can be no size
 * @throws {NotFound} NOT_FOUND for who is no person of another server, or one whose keys the viewer does not see
 * @throws {RateLimited} RATE_LIMITED for more than 300 questions in an hour
 */
export async function showRemoteKeyLog(
  context: CommandContext,
  { actorId, sizes }: KeyLogQuestion,
): Promise<ShownKeyLog> {
  const viewer = requireViewer(context);
  await requireRate(context, LIMIT, viewer.accountId);
  requireSizes(sizes);
  const { database } = context;
  const actor = await database.row<{ uri: string }>(VISIBLE, [actorId, viewer.actorId]);
  const origin = actor && originOf(actor.uri);
  if (!actor || origin === null) throw new NotFound(['actorId']);
  const known = await findRemoteKeyLog(database, actorId);
  const isKnown = known && isFresh(known, context.clock.now());
  if (!isKnown) await readRemoteKeyLog(context, actor.uri);
  const read = isKnown ? known : await findRemoteKeyLog(database, actorId);
  const log = read?.log ?? null;
  return {
    origin,
    state: read?.state ?? 'UNAVAILABLE',
    log,
    growth: log ? await growthOf(context, origin, sizes, log.head.treeSize) : [],
    contradictions: await findContradictions(database, { actorId, origin }),
  };
}

function requireSizes(sizes: readonly number[]): void {
  if (sizes.length > MOST_SIZES)
    throw new TooMany(`At most ${MOST_SIZES} sizes.`, MOST_SIZES, ['sizes']);
  if (!sizes.every((size) => size >= 1 && size <= LARGEST_SIZE))
    throw new Invalid('A log has from 1 entry on.', ['sizes'], 'MIN_VALUE', '1');
}

function isFresh({ triedAt, isStale }: RemoteKeyLogRead, now: Date): boolean {
  return !isStale && triedAt > addSeconds(now, -FRESH_SECONDS);
}

/** What the server does not answer now is left out. */
async function growthOf(
  context: CommandContext,
  origin: string,
  sizes: readonly number[],
  treeSize: number,
): Promise<Growth[]> {
  const url = await findConsistencyUrl(context, origin);
  if (url === null) return [];
  const found: Growth[] = [];
  for (const size of new Set(sizes)) {
    const [from, to] = [Math.min(size, treeSize), Math.max(size, treeSize)];
    if (from === to || from === 0) continue;
    const hashes = await proofOf(context, url, [from, to]);
    if (hashes) found.push({ from, to, hashes });
  }
  return found;
}

async function proofOf(
  context: CommandContext,
  url: string,
  [from, to]: readonly [number, number],
): Promise<readonly Buffer[] | null> {
  const name = `${url} ${from} ${to}`;
  const known = proofs.get(name);
  if (known) return known;
  try {
    const hashes = await asksForProof(context, url)(from, to);
    if (hashes) proofs.set(name, hashes);
    return hashes ?? [];
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return null;
  }
}
