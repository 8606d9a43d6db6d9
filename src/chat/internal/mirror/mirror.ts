/** A conversation that another server orders, as it stands here. */
import { createHash } from 'node:crypto';
import type { ActorId } from '../../../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../../../platform/db/database.js';
import type { ConversationId } from '../../conversation.js';
import type { MirrorEntry } from './read-entry.js';

/** What has to be known of it. */
export interface Mirror {
  readonly id: ConversationId;
  readonly hubUri: string;
  readonly hubOrigin: string;
  readonly groupId: Buffer;
  readonly epoch: number;
  readonly lastSequence: number;
  readonly disappearingSeconds: number | null;
  /** Its hub did not answer when it was asked last. */
  readonly isHubSilent: boolean;
}

/** Why something that a hub said is not believed. */
export type HubFault =
  /** Two different things at one place. */
  | 'EQUIVOCATION'
  /** Somebody of here who has not written it, or a device that they do not have. */
  | 'FORGED_DEVICE'
  /** Bytes that are not what they are said to be. */
  | 'MISMATCH';

/** More faults of one conversation are not kept. */
const MOST_FAULTS = 100;

const COLUMNS = `id, hub_uri as "hubUri", hub_origin as "hubOrigin", mls_group_id as "groupId", epoch,
  last_sequence as "lastSequence", disappearing_seconds as "disappearingSeconds",
  exists (select from silent_hubs where origin = hub_origin) as "isHubSilent"`;
const FIND = statement(
  'mirrors.find',
  `select ${COLUMNS} from conversations where id = $1 and hub_uri is not null`,
);
const BY_IDS = statement(
  'mirrors.by_ids',
  `select ${COLUMNS} from conversations where id = any($1::uuid[]) and hub_uri is not null`,
);
const BY_URI = statement(
  'mirrors.by_uri',
  `select ${COLUMNS} from conversations where hub_uri = $1`,
);
const LOCK = statement(
  'mirrors.lock',
  `select ${COLUMNS} from conversations where id = $1 and hub_uri is not null for update`,
);
const MOVE = statement(
  'mirrors.move',
  'update conversations set last_sequence = $2, epoch = $3, updated_at = $4 where id = $1',
);
const PLACE = statement(
  'mirror_places.add',
  'insert into mirror_places (conversation_id, sequence, digest, placed_at) values ($1, $2, $3, $4) on conflict do nothing',
);
const PLACED = statement(
  'mirror_places.find',
  'select digest from mirror_places where conversation_id = $1 and sequence = $2',
);
const BLAME = statement(
  'hub_faults.add',
  `insert into hub_faults (conversation_id, sequence, kind, digest, seen_at)
   select $1, $2, $3, $4, $5 where (select count(*) from hub_faults where conversation_id = $1) < ${MOST_FAULTS}
   on conflict do nothing`,
);
// People of here whose devices get what is written.
const READERS = statement(
  'mirrors.readers',
  `select distinct device.actor_id as id from conversation_devices device join actors a on a.id = device.actor_id
   where device.conversation_id = $1 and device.left_sequence is null and a.domain is null order by 1`,
);

/** A mirror; null when there is none, or when this server orders the conversation. */
export function findMirror(reader: Reader, id: ConversationId): Promise<Mirror | null> {
  return reader.row<Mirror>(FIND, [id]);
}

/** Those of several conversations that other servers order. */
export function findMirrors(reader: Reader, ids: readonly string[]): Promise<Mirror[]> {
  return reader.rows<Mirror>(BY_IDS, [ids]);
}

/** The mirror of a conversation by its identity; null when it is not known here. */
export function findMirrorByUri(reader: Reader, uri: string): Promise<Mirror | null> {
  return reader.row<Mirror>(BY_URI, [uri]);
}

/** Locks a mirror until the end of the transaction; null when it is gone. */
export function lockMirror(tx: Transaction, id: ConversationId): Promise<Mirror | null> {
  return tx.row<Mirror>(LOCK, [id]);
}

/** Moves a mirror that the caller has locked on to a place. */
export async function moveMirror(
  tx: Transaction,
  mirror: Mirror,
  { sequence, epoch, now }: { sequence: number; epoch: number; now: Date },
): Promise<Mirror> {
  await tx.rows(MOVE, [mirror.id, sequence, epoch, now]);
  return { ...mirror, lastSequence: sequence, epoch };
}

/** What makes two entries the same. */
export function digestOfEntry({ kind, epoch }: MirrorEntry, content: Buffer): Buffer {
  return createHash('sha256').update(`${kind} ${epoch} `).update(content).digest();
}

/** Remembers what stands at a place; null = nothing for anybody here. */
export async function rememberPlace(
  tx: Transaction,
  { id }: Mirror,
  sequence: number,
  { digest, now }: { digest: Buffer | null; now: Date },
): Promise<void> {
  await tx.rows(PLACE, [id, sequence, digest, now]);
}

/** What stood at a place; null when nothing did, or when it is too long ago. */
export async function digestAt(
  tx: Transaction,
  { id }: Mirror,
  sequence: number,
): Promise<Buffer | null> {
  return (await tx.row<{ digest: Buffer | null }>(PLACED, [id, sequence]))?.digest ?? null;
}

/** Keeps that a hub said what cannot be believed. */
export async function blameHub(
  tx: Transaction,
  { id }: Mirror,
  fault: { sequence: number; kind: HubFault; digest: Buffer; now: Date },
): Promise<void> {
  await tx.rows(BLAME, [id, fault.sequence, fault.kind, fault.digest, fault.now]);
}

/** People of here whose devices get what is written now. */
export async function readersHere(reader: Reader, id: ConversationId): Promise<ActorId[]> {
  return (await reader.rows<{ id: ActorId }>(READERS, [id])).map((row) => row.id);
}
