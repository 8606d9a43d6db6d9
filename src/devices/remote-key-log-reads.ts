/** What was read last of each person in the log of their server, and what did not fit. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { digestOf } from '../platform/ed25519.js';
import type { KeyLogHead } from './key-log.queries.js';
import type { KeyLogKind } from './key-log.js';
import {
  headOf,
  written,
  type KeyLogContradictionKind,
  type RemoteKeyLogEntry,
  type RemoteKeyLogState,
  type WrittenHead,
} from './remote-key-log.js';

/** Whose entries are read, and where. */
export interface WatchedActor {
  readonly actorId: ActorId;
  readonly origin: string;
}

/** What the log says of somebody. */
export interface RemoteKeyLog {
  readonly head: KeyLogHead;
  readonly entries: readonly RemoteKeyLogEntry[];
}

/** What came of the last look at it. */
export interface RemoteKeyLogRead {
  readonly origin: string;
  readonly state: RemoteKeyLogState;
  readonly triedAt: Date;
  /** The server has shown other keys since then. */
  readonly isStale: boolean;
  /** What was read last; null = nothing ever. */
  readonly log: (RemoteKeyLog & { readonly readAt: Date }) | null;
}

/** What does not fit. */
export interface Contradiction {
  readonly kind: KeyLogContradictionKind;
  /** Null = it is about the log itself. */
  readonly actorId: ActorId | null;
  readonly keptHead: WrittenHead | null;
  readonly shownHead: WrittenHead | null;
  /** The key of the device, or the identity, that it is about. */
  readonly publicKey: Uint8Array | null;
}

/** One that is kept. */
export interface KeptContradiction extends Contradiction {
  readonly foundAt: Date;
}

/** Of one server; the first ones say it all. */
const MOST_CONTRADICTIONS = 50;
const SHOWN_CONTRADICTIONS = 20;

const FIND = statement(
  'remote_key_log_reads.find',
  `select origin, state, tried_at as "triedAt", is_stale as "isStale", read_at as "readAt", head, entries
   from remote_key_log_reads where actor_id = $1`,
);
const KEEP = statement(
  'remote_key_log_reads.keep',
  `insert into remote_key_log_reads as read (actor_id, origin, tried_at, state, read_at, head, entries)
   values ($1, $2, $3, $4, $5, $6::jsonb, $7::jsonb)
   on conflict (actor_id) do update set origin = excluded.origin, tried_at = excluded.tried_at, state = excluded.state,
     is_stale = read.is_stale and excluded.read_at is null,
     read_at = coalesce(excluded.read_at, read.read_at), head = coalesce(excluded.head, read.head),
     entries = coalesce(excluded.entries, read.entries)`,
);
const SPOIL = statement(
  'remote_key_log_reads.spoil',
  'update remote_key_log_reads set is_stale = true where actor_id = $1 and not is_stale',
);
const CONTRADICT = statement(
  'remote_key_log_contradictions.keep',
  `insert into remote_key_log_contradictions (origin, digest, kind, actor_id, kept_head, shown_head, public_key, found_at)
   select $1, $2, $3, $4, $5::jsonb, $6::jsonb, $7, $8
   where (select count(*) from remote_key_log_contradictions where origin = $1) < ${MOST_CONTRADICTIONS}
   on conflict do nothing returning origin`,
);
const CONTRADICTIONS = statement(
  'remote_key_log_contradictions.of',
  `select kind, actor_id as "actorId", kept_head as "keptHead", shown_head as "shownHead", public_key as "publicKey",
     found_at as "foundAt"
   from remote_key_log_contradictions where origin = $1 and (actor_id is null or actor_id = $2)
   order by found_at desc, digest limit ${SHOWN_CONTRADICTIONS}`,
);

interface ReadRow extends Omit<RemoteKeyLogRead, 'log'> {
  readonly readAt: Date | null;
  readonly head: WrittenHead | null;
  readonly entries: readonly WrittenEntry[] | null;
}

interface WrittenEntry {
  readonly index: number;
  readonly kind: KeyLogKind;
  readonly payload: string;
  readonly inclusion: readonly string[];
}

/** What came of the last look; null = nobody has looked. */
export async function findRemoteKeyLog(
  reader: Reader,
  actorId: ActorId,
): Promise<RemoteKeyLogRead | null> {
  const row = await reader.row<ReadRow>(FIND, [actorId]);
  if (!row) return null;
  const { readAt, head, entries, ...rest } = row;
  const log = readAt &&
    head && { readAt, head: headOf(head), entries: (entries ?? []).map(entryOf) };
  return { ...rest, log };
}

/** Keeps what came of a look. @param log null = nothing was read: what was read before stays */
export async function keepRemoteKeyLog(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  { actorId, origin }: WatchedActor,
  state: RemoteKeyLogState,
  log: RemoteKeyLog | null,
): Promise<void> {
  const now = clock.now();
  const said = log && [
    JSON.stringify(written(log.head)),
    JSON.stringify(log.entries.map(writtenEntry)),
  ];
  const values = [actorId, origin, now, state, log && now, ...(said ?? [null, null])];
  await database.transaction((tx) => tx.rows(KEEP, values));
}

/** What was read of somebody is not what their server shows now. */
export async function spoilRemoteKeyLog(tx: Transaction, actorId: ActorId): Promise<void> {
  await tx.rows(SPOIL, [actorId]);
}

/** Keeps what does not fit, each once. @returns whether it is news */
export async function keepContradiction(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  origin: string,
  { kind, actorId, keptHead, shownHead, publicKey }: Contradiction,
): Promise<boolean> {
  const about = [
    kind,
    actorId,
    keptHead,
    shownHead && { ...shownHead, signedAt: '', signature: '' },
  ];
  const key = Buffer.from(publicKey ?? []).toString('base64');
  const digest = await digestOf(Buffer.from(JSON.stringify([...about, key])));
  const heads = [keptHead, shownHead].map((head) => head && JSON.stringify(head));
  const values = [origin, digest, kind, actorId, ...heads, publicKey, clock.now()];
  return (await database.transaction((tx) => tx.row(CONTRADICT, values))) !== null;
}

/** What does not fit of a server and somebody of it, the newest first. */
export function findContradictions(
  reader: Reader,
  { actorId, origin }: WatchedActor,
): Promise<KeptContradiction[]> {
  return reader.rows<KeptContradiction>(CONTRADICTIONS, [origin, actorId]);
}

function entryOf({ payload, inclusion, ...rest }: WrittenEntry): RemoteKeyLogEntry {
  return { ...rest, payload: bytesOf(payload), inclusion: inclusion.map(bytesOf) };
}

function writtenEntry({ payload, inclusion, ...rest }: RemoteKeyLogEntry): WrittenEntry {
  const proof = inclusion.map((hash) => hash.toString('base64'));
  return { ...rest, payload: payload.toString('base64'), inclusion: proof };
}

function bytesOf(text: string): Buffer {
  return Buffer.from(text, 'base64');
}
