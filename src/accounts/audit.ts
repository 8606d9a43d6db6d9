/**
 * The record of what the staff does. An entry is written in the transaction of the act, never changed, and
 * carries a digest over itself and the entry before it: a gap or a change shows.
 */
import { createHash } from 'node:crypto';
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { newId, type Id } from '../platform/ids.js';

/** Identity of an entry. */
export type AuditEntryId = Id<'auditentry'>;

/** What was done, to what. */
export interface AuditAct {
  /** Name of the command. */
  readonly action: string;
  /** Global id of what it was done to; null for the server itself. */
  readonly subjectId: string | null;
  /** What else must be known later; plain JSON without secrets. */
  readonly details: object;
}

/** An entry of the record. */
export interface AuditRow extends AuditAct {
  readonly id: AuditEntryId;
  /** 1, 2, 3 … without gaps. */
  readonly number: bigint;
  /** Null for the command line. */
  readonly actorId: ActorId | null;
  readonly createdAt: Date;
  /** SHA-256, hexadecimal. */
  readonly digest: string;
}

const LOCK = statement(
  'audit.lock',
  `select pg_advisory_xact_lock(hashtextextended('audit_entries', 0))`,
);
const LAST = statement(
  'audit.last',
  `select number::text, encode(digest, 'hex') as digest from audit_entries e order by e.number desc limit 1`,
);
const INSERT = statement(
  'audit.insert',
  `insert into audit_entries (number, id, actor_id, action, subject_id, details, created_at, digest)
   values ($1, $2, $3, $4, $5, $6::jsonb, $7, decode($8, 'hex'))`,
);
const COLUMNS = `id, number::text, actor_id as "actorId", action, subject_id as "subjectId", details,
  created_at as "createdAt", encode(digest, 'hex') as digest`;
const FORWARD = statement(
  'audit.forward',
  `select ${COLUMNS} from audit_entries e where e.number < $1 order by e.number desc limit $2`,
);
const BACKWARD = statement(
  'audit.backward',
  `select ${COLUMNS} from audit_entries e where e.number > $1 order by e.number limit $2`,
);
const BY_IDS = statement(
  'audit.by_ids',
  `select ${COLUMNS} from audit_entries where id = any($1::uuid[])`,
);

const GREATEST = '9223372036854775807';

/** Adds an entry inside the transaction of the act; from here to its end other acts of the staff wait. */
export async function recordAct(
  context: CommandContext,
  tx: Transaction,
  act: AuditAct,
): Promise<void> {
  await tx.rows(LOCK);
  const last = await tx.row<{ number: string; digest: string }>(LAST);
  const now = context.clock.now();
  const entry = {
    ...act,
    number: BigInt(last?.number ?? 0) + 1n,
    actorId: context.viewer?.actorId ?? null,
    createdAt: now,
  };
  await tx.rows(INSERT, [
    entry.number,
    newId<'auditentry'>(now),
    entry.actorId,
    act.action,
    act.subjectId,
    JSON.stringify(act.details),
    now,
    digestOf(last?.digest ?? '', entry),
  ]);
}

/** A page of the record, newest first; one more than the page shows. */
export async function listAuditEntries(reader: Reader, request: PageRequest): Promise<AuditRow[]> {
  const from = request.from?.[0] ?? (request.isBackward ? '0' : GREATEST);
  const list = request.isBackward ? BACKWARD : FORWARD;
  return (await reader.rows<StoredEntry>(list, [from, request.size + 1])).map(toRow);
}

/** Entries by id, in no particular order. */
export async function findAuditEntries(
  reader: Reader,
  ids: readonly AuditEntryId[],
): Promise<AuditRow[]> {
  return (await reader.rows<StoredEntry>(BY_IDS, [ids])).map(toRow);
}

/** Number of the first entry that is not what it was, or that is missing; null when the record is whole. */
export async function findAuditGap(reader: Reader): Promise<bigint | null> {
  let digest = '';
  let expected = 1n;
  for (;;) {
    const request = { size: 499, isBackward: true, from: [String(expected - 1n)] };
    const rows = await listAuditEntries(reader, request);
    for (const row of rows) {
      digest = digestOf(digest, row);
      if (row.number !== expected || row.digest !== digest) return expected;
      expected += 1n;
    }
    if (rows.length === 0) return null;
  }
}

/** The driver gives numbers of 64 bits as text. */
type StoredEntry = Omit<AuditRow, 'number'> & { readonly number: string };

type Digested = Pick<
  AuditRow,
  'number' | 'actorId' | 'action' | 'subjectId' | 'details' | 'createdAt'
>;

function digestOf(before: string, entry: Digested): string {
  const { number, actorId, action, subjectId, details, createdAt } = entry;
  const parts = [before, String(number), actorId, action, subjectId, sorted(details), createdAt];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}

/** The same object with its keys in order: the database keeps none. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).filter(([, part]) => part !== undefined);
  return Object.fromEntries(
    entries
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, part]) => [key, sorted(part)]),
  );
}

function toRow(row: StoredEntry): AuditRow {
  return { ...row, number: BigInt(row.number) };
}
