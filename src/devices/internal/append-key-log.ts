/** Writes to the log of keys: nothing in it ever changes, and everybody can prove what was in it. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import { digestOf } from '../../platform/ed25519.js';
import { Conflict } from '../../platform/errors.js';
import type { KeyLogKind } from '../key-log.js';
import { completedBy, hashLeaf, hashPair, nameOf, type NodePlace } from './merkle-tree.js';

/** What happened to the keys of somebody. */
export interface KeyFact {
  readonly kind: KeyLogKind;
  readonly actorId: ActorId;
  /** The signature key of the device that it is about; null = the identity. */
  readonly signatureKey: Uint8Array | null;
  /** What the entry says: flat, in the order in which it is written. */
  readonly says: Readonly<Record<string, string | number>>;
}

interface NodeRow extends NodePlace {
  readonly hash: Buffer;
}

// The first entry makes the row: a migration that did would stand in the way of a backup that is restored.
const LOCK = statement(
  'key_log.lock',
  `insert into key_log_size (entries) values (0)
   on conflict (is_only) do update set entries = key_log_size.entries returning entries`,
);
const GROW = statement('key_log.grow', 'update key_log_size set entries = $1');
const NODES = statement(
  'key_log.nodes',
  `select node.level, node.position, node.hash from key_log_nodes node
   join unnest($1::int[], $2::int[]) as wanted(level, position) using (level, position)`,
);
const INSERT_ENTRY = statement(
  'key_log.insert_entry',
  `insert into key_log_entries (index, kind, leaf_hash, key_digest, created_at) values ($1, $2, $3, $4, $5)
   on conflict do nothing returning index`,
);
const INSERT_PAYLOAD = statement(
  'key_log.insert_payload',
  'insert into key_log_payloads (index, actor_id, payload) values ($1, $2, $3)',
);
const INSERT_NODES = statement(
  'key_log.insert_nodes',
  `insert into key_log_nodes (level, position, hash) select * from unnest($1::int[], $2::int[], $3::bytea[])`,
);

/**
 * Appends to the log, in order. From here to the end of the transaction nobody else can, so it is the last thing that a
 * command does.
 *
 * @throws {Conflict} ALREADY_EXISTS for a device whose signature key was ever that of one
 */
export async function appendToKeyLog(
  tx: Transaction,
  facts: readonly KeyFact[],
  now: Date,
): Promise<void> {
  let { entries } = (await tx.row<{ entries: number }>(LOCK))!;
  for (const fact of facts) {
    await insertEntry(tx, { index: entries, fact, now });
    entries += 1;
  }
  await tx.rows(GROW, [entries]);
}

interface NewEntry {
  readonly index: number;
  readonly fact: KeyFact;
  readonly now: Date;
}

async function insertEntry(tx: Transaction, { index, fact, now }: NewEntry): Promise<void> {
  const { kind, actorId, signatureKey, says } = fact;
  const payload = Buffer.from(JSON.stringify({ kind, ...says, at: now.toISOString() }));
  const leaf = await hashLeaf(payload);
  const digest = signatureKey && (await digestOf(signatureKey));
  if (!(await tx.row(INSERT_ENTRY, [index, kind, leaf, digest, now])))
    throw new Conflict('This key was that of a device before.', 'ALREADY_EXISTS', ['signatureKey']);
  await tx.rows(INSERT_PAYLOAD, [index, actorId, payload]);
  const nodes = await newNodes(tx, index, leaf);
  await tx.rows(INSERT_NODES, [
    nodes.map(({ level }) => level),
    nodes.map(({ position }) => position),
    nodes.map(({ hash }) => hash),
  ]);
}

/** The leaf, and every subtree that it completes. */
async function newNodes(tx: Transaction, index: number, leaf: Buffer): Promise<NodeRow[]> {
  const siblings = completedBy(index);
  const hashes = await readNodes(tx, siblings);
  let hash = leaf;
  const nodes: NodeRow[] = [{ level: 0, position: index, hash }];
  for (const sibling of siblings) {
    hash = await hashPair(hashes.get(nameOf(sibling))!, hash);
    nodes.push({ level: sibling.level + 1, position: sibling.position >> 1, hash });
  }
  return nodes;
}

/** Hashes of stored subtrees. */
export async function readNodes(
  reader: Reader,
  places: readonly NodePlace[],
): Promise<Map<string, Buffer>> {
  if (places.length === 0) return new Map();
  const rows = await reader.rows<NodeRow>(NODES, [
    places.map(({ level }) => level),
    places.map(({ position }) => position),
  ]);
  return new Map(rows.map((row) => [nameOf(row), row.hash]));
}
