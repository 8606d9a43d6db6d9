/** Pages as they were computed. One of a person is there for that person alone. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Database, type Reader } from '../platform/db/database.js';
import { NOBODYS_SNAPSHOTS, SNAPSHOTS_PER_OWNER, type FeedSnapshotId } from './feed.js';
import type { FeedSnapshot, StoredRejection, WholeSnapshot } from './snapshot.js';

const COLUMNS = `s.id, s.owner_id as "ownerId", s.algorithm, s.version, s.choice, s.weights, s.seed, s.input_digest as "inputDigest",
  s.entries, s.placed_ids as "placedIds", s.computed_at as "computedAt", s.expires_at as "expiresAt"`;
const SEEN_BY = `(s.owner_id is null or s.owner_id = $2::uuid) and s.expires_at > $3`;

const BY_IDS = statement(
  'feed_snapshots.by_ids',
  `select ${COLUMNS} from feed_snapshots s where s.id = any($1::uuid[]) and ${SEEN_BY}`,
);
const CONTINUATION = statement(
  'feed_snapshots.continuation',
  `select ${COLUMNS} from feed_snapshots s where s.continues_id = $1 and ${SEEN_BY}`,
);
const BY_KEY = statement(
  'feed_snapshots.by_key',
  `select ${COLUMNS} from feed_snapshots s where s.shared_key = $1 and ${SEEN_BY}`,
);
const REJECTED = statement(
  'feed_snapshots.rejected',
  `select s.rejected from feed_snapshots s where s.id = $1 and ${SEEN_BY}`,
);
const WHOLE = statement(
  'feed_snapshots.whole',
  `select ${COLUMNS}, s.input, s.rejected from feed_snapshots s where s.id = $1`,
);

/** Snapshots by id, as far as the viewer may see them. */
export function findSnapshots(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
  now: Date,
): Promise<FeedSnapshot[]> {
  return reader.rows<FeedSnapshot>(BY_IDS, [ids, viewerId, now]);
}

/** The snapshot that goes on where another one ends; null = none yet. */
export function findContinuation(
  reader: Reader,
  id: FeedSnapshotId,
  viewerId: ActorId | null,
  now: Date,
): Promise<FeedSnapshot | null> {
  return reader.row<FeedSnapshot>(CONTINUATION, [id, viewerId, now]);
}

/** What people who are not signed in share. */
export function findAnonymous(
  reader: Reader,
  key: string,
  now: Date,
): Promise<FeedSnapshot | null> {
  return reader.row<FeedSnapshot>(BY_KEY, [key, null, now]);
}

/** Candidates of a page that have no place in it. */
export async function findRejected(
  reader: Reader,
  id: FeedSnapshotId,
  viewerId: ActorId | null,
  now: Date,
): Promise<readonly StoredRejection[]> {
  const row = await reader.row<Pick<WholeSnapshot, 'rejected'>>(REJECTED, [id, viewerId, now]);
  return row?.rejected ?? [];
}

/** A snapshot with its input, whoever owns it: for the command line. */
export function findWholeSnapshot(reader: Reader, id: string): Promise<WholeSnapshot | null> {
  return reader.row<WholeSnapshot>(WHOLE, [id]);
}

const INSERT = statement(
  'feed_snapshots.insert',
  `insert into feed_snapshots (id, owner_id, shared_key, continues_id, algorithm, version, choice, weights, seed, input,
     input_digest, entries, rejected, placed_ids, computed_at, expires_at)
   values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8::jsonb, $9, $10::jsonb, $11, $12::jsonb, $13::jsonb, $14::uuid[], $15, $16)
   on conflict do nothing returning true as stored`,
);
// Whoever has a profile forgotten changes this row, and waits.
const KNOWS = statement(
  'feed_snapshots.may_know',
  `select from feed_preferences f where f.owner_id = $1 and f.is_profiled and coalesce(f.forgotten_before <= $2, true)
     and not exists (select from interest_resets r where r.owner_id = $1 and r.reset_at > $2) for share of f`,
);

/** What a snapshot is found by besides its id. */
export interface SnapshotPlace {
  readonly sharedKey: string | null;
  readonly continuesId: FeedSnapshotId | null;
}

/**
 * Stores a page. TAKEN: another request stored one in this place first. FORGOTTEN: it knows a profile of which something
 * was forgotten since. Opens its own transaction.
 */
export function storeSnapshot(
  database: Database,
  snapshot: WholeSnapshot,
  place: SnapshotPlace,
): Promise<'STORED' | 'TAKEN' | 'FORGOTTEN'> {
  const { ownerId, computedAt, input } = snapshot;
  return database.transaction(async (tx) => {
    if (input.viewer.profile !== null && !(await tx.row(KNOWS, [ownerId, computedAt])))
      return 'FORGOTTEN';
    return (await insert(tx, snapshot, place)) ? 'STORED' : 'TAKEN';
  });
}

async function insert(
  reader: Reader,
  snapshot: WholeSnapshot,
  { sharedKey, continuesId }: SnapshotPlace,
): Promise<boolean> {
  const { id, ownerId, algorithm, version, seed, inputDigest, placedIds } = snapshot;
  const stored = await reader.row(INSERT, [
    id,
    ownerId,
    sharedKey,
    continuesId,
    algorithm,
    version,
    JSON.stringify(snapshot.choice),
    JSON.stringify(snapshot.weights),
    seed,
    JSON.stringify(snapshot.input),
    inputDigest,
    JSON.stringify(snapshot.entries),
    JSON.stringify(snapshot.rejected),
    placedIds,
    snapshot.computedAt,
    snapshot.expiresAt,
  ]);
  return stored !== null;
}

const SWEEP = statement(
  'feed_snapshots.sweep',
  `delete from feed_snapshots where id in (
     (select id from feed_snapshots where expires_at <= $1 limit 1000)
     union all (select id from feed_snapshots where owner_id is null order by id desc offset $2 limit 1000)
     union all (select s.id from (select id, row_number() over (partition by owner_id order by id desc) as place
       from feed_snapshots where owner_id is not null) s where s.place > ${SNAPSHOTS_PER_OWNER} limit 1000))
   returning true as gone`,
);

/** Removes some of what is kept no longer. @returns how many; 0 = all are gone */
export async function sweepSnapshots(
  reader: Reader,
  now: Date,
  mostShared = NOBODYS_SNAPSHOTS,
): Promise<number> {
  return (await reader.rows(SWEEP, [now, mostShared])).length;
}
