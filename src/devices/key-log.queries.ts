/** Reads of the log of keys, and what proves that it only ever grows. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { bothWays, GREATEST_INTEGER } from '../platform/db/both-ways.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { digestOf, signingKeyOf } from '../platform/ed25519.js';
import { keysVisibleTo } from './devices.queries.js';
import { readNodes } from './internal/append-key-log.js';
import {
  consistencyPath,
  hashOfRange,
  inclusionPath,
  placesOf,
  type LeafRange,
} from './internal/merkle-tree.js';
import type { KeyLogEntryRow } from './key-log.js';

/** An entry in the list of its actor. */
export type ListedKeyLogEntry = KeyLogEntryRow & { readonly ownerId: string };

/** What the server says that its log is, and signs. */
export interface KeyLogHead {
  readonly treeSize: number;
  readonly rootHash: Uint8Array;
  readonly signedAt: Date;
  readonly signature: Uint8Array;
  readonly serverKey: Uint8Array;
}

const SIZE = statement('key_log.size', 'select entries from key_log_size');
const OF_ACTORS = bothWays({
  name: 'key_log.of_actors',
  order: 'asc',
  lowest: ['-1'],
  highest: [GREATEST_INTEGER],
  text: ({ beyond, order }) =>
    `select page.*, owner.id as "ownerId" from unnest($1::uuid[]) as listed(id)
     join actors owner on owner.id = listed.id and ${keysVisibleTo('owner', '$4::uuid')} cross join lateral (
       select entry.index, entry.kind, said.payload, entry.leaf_hash as "leafHash", entry.created_at as "createdAt"
       from key_log_payloads said join key_log_entries entry using (index)
       where said.actor_id = owner.id and said.index ${beyond} $2::int order by said.index ${order} limit $3) page
     order by page.index ${order}`,
});

/** A page of what the log says of each of several actors whose keys the viewer sees, the oldest first. */
export function findKeyLogOf(
  reader: Reader,
  actorIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId,
): Promise<ListedKeyLogEntry[]> {
  const { query, from } = OF_ACTORS(request);
  return reader.rows<ListedKeyLogEntry>(query, [actorIds, ...from, request.size + 1, viewerId]);
}

/** The log as it is now, signed by the server. */
export async function signKeyLogHead({
  database,
  sealer,
  clock,
  config,
}: Pick<Services, 'database' | 'sealer' | 'clock' | 'config'>): Promise<KeyLogHead> {
  const treeSize = await sizeOf(database);
  const rootHash = await rootOf(database, treeSize);
  const signedAt = clock.now();
  const key = await signingKeyOf(sealer.deriveKey('key-log'));
  const signature = key.sign(headText(config.publicUrl.origin, { treeSize, rootHash, signedAt }));
  return { treeSize, rootHash, signedAt, signature, serverKey: key.publicKey };
}

/** What the server signs of its log. */
export function headText(
  origin: string,
  { treeSize, rootHash, signedAt }: Pick<KeyLogHead, 'treeSize' | 'rootHash' | 'signedAt'>,
): Buffer {
  const before = `triptych/key-log/1\0${origin}\0${treeSize}\0`;
  return Buffer.concat([Buffer.from(before), rootHash, Buffer.from(`\0${signedAt.toISOString()}`)]);
}

/** Hashes that prove an entry to be in the log of that size; null when the log has no such entry, or no such size. */
export async function proveInclusion(
  reader: Reader,
  index: number,
  treeSize: number,
): Promise<Uint8Array[] | null> {
  if (index < 0 || index >= treeSize || treeSize > (await sizeOf(reader))) return null;
  return hashesOf(reader, inclusionPath(index, { start: 0, end: treeSize }));
}

/** Hashes that prove the log of one size to begin with that of a smaller one; null when it has no such sizes. */
export async function proveConsistency(
  reader: Reader,
  from: number,
  to: number,
): Promise<Uint8Array[] | null> {
  if (from < 1 || from > to || to > (await sizeOf(reader))) return null;
  return hashesOf(reader, consistencyPath(from, { start: 0, end: to }));
}

async function sizeOf(reader: Reader): Promise<number> {
  return (await reader.row<{ entries: number }>(SIZE))?.entries ?? 0;
}

async function rootOf(reader: Reader, treeSize: number): Promise<Uint8Array> {
  if (treeSize === 0) return digestOf();
  return (await hashesOf(reader, [{ start: 0, end: treeSize }]))[0]!;
}

/** All subtrees are read at once. */
async function hashesOf(reader: Reader, ranges: readonly LeafRange[]): Promise<Uint8Array[]> {
  const nodes = await readNodes(reader, ranges.flatMap(placesOf));
  return Promise.all(ranges.map((range) => hashOfRange(range, nodes)));
}
