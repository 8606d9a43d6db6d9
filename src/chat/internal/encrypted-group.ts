/** An encrypted conversation as it stands while its row is locked: its epoch, and which devices are in it. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../devices/device.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { NotFound } from '../../platform/errors.js';
import { conversationVisibleTo } from '../conversation-visibility.js';
import type { ConversationId, ConversationRole } from '../conversation.js';

/** What a command has to know of a group. */
export interface EncryptedGroup {
  readonly id: ConversationId;
  readonly isGroup: boolean;
  readonly groupId: Buffer;
  readonly epoch: number;
  readonly lastSequence: number;
  readonly disappearingSeconds: number | null;
  /** It is of servers that know no hub. */
  readonly hasNoHub: boolean;
  /** Of whoever acts. */
  readonly role: ConversationRole;
}

/** A device that stands in the tree of a group. */
export interface GroupDevice {
  readonly deviceId: ChatDeviceId;
  readonly actorId: ActorId;
  /** False: it left or was revoked, gets nothing any more, and the next commit removes it. */
  readonly isReceiving: boolean;
  /** It is of somebody of this server. */
  readonly isLocal: boolean;
}

const LOCK = statement(
  'conversations.lock_group',
  `select id from conversations where id = $1 and encryption = 'MLS' for update`,
);
// A statement after the lock: what was accepted until then counts.
const READ = statement(
  'conversations.group',
  `select conversation.id, conversation.is_group as "isGroup", conversation.mls_group_id as "groupId", conversation.epoch,
     conversation.last_sequence as "lastSequence", conversation.disappearing_seconds as "disappearingSeconds",
     exists (select from draft_conversations draft where draft.conversation_id = conversation.id) as "hasNoHub", member.role
   from conversations conversation join conversation_members member
     on member.conversation_id = conversation.id and member.actor_id = $2
   where conversation.id = $1 and conversation.encryption = 'MLS' and ${conversationVisibleTo('conversation', 'member')}`,
);
const DEVICES = statement(
  'conversation_devices.in_group',
  `select device.device_id as "deviceId", device.actor_id as "actorId", device.left_sequence is null as "isReceiving",
     a.domain is null as "isLocal"
   from conversation_devices device join actors a on a.id = device.actor_id
   where device.conversation_id = $1 and device.removed_epoch is null`,
);
// Whoever left at the very place at which they had come has missed nothing, and goes on from there.
const JOIN = statement(
  'conversation_devices.join',
  `insert into conversation_devices (conversation_id, device_id, actor_id, joined_sequence, joined_epoch)
   select $1, device.id, device.actor_id, $4, $5 from unnest($2::uuid[], $3::uuid[]) as device(id, actor_id)
   on conflict (conversation_id, device_id, joined_sequence) do update
     set joined_epoch = excluded.joined_epoch, left_sequence = null, removed_epoch = null, removed_sequence = null`,
);
const REMOVE = statement(
  'conversation_devices.remove',
  `update conversation_devices set left_sequence = coalesce(left_sequence, $3), removed_epoch = $4, removed_sequence = $3
   where conversation_id = $1 and device_id = any($2::uuid[]) and removed_epoch is null`,
);
const EMPTY = statement(
  'conversation_devices.empty',
  `update conversation_devices set left_sequence = coalesce(left_sequence, $2), removed_epoch = $3
   where conversation_id = $1 and removed_epoch is null`,
);
const STOP = statement(
  'conversation_devices.stop',
  `update conversation_devices set left_sequence = $3
   where conversation_id = $1 and device_id = any($2::uuid[]) and left_sequence is null`,
);

/** Where in a conversation its group changes. */
export interface GroupPlace {
  readonly sequence: number;
  readonly epoch: number;
}

/**
 * Locks an encrypted conversation until the end of the transaction.
 *
 * @throws {NotFound} NOT_FOUND when there is none that this person sees
 */
export async function lockGroup(
  tx: Transaction,
  id: ConversationId,
  actorId: ActorId,
): Promise<EncryptedGroup> {
  await tx.rows(LOCK, [id]);
  return readLockedGroup(tx, id, actorId);
}

/** As `lockGroup`, of a conversation that the caller has locked. @throws {NotFound} as there */
export async function readLockedGroup(
  tx: Transaction,
  id: ConversationId,
  actorId: ActorId,
): Promise<EncryptedGroup> {
  const group = await tx.row<EncryptedGroup>(READ, [id, actorId]);
  if (!group) throw new NotFound(['conversationId']);
  return group;
}

/** Every device in the tree of a group. */
export function devicesOf(tx: Transaction, id: ConversationId): Promise<GroupDevice[]> {
  return tx.rows<GroupDevice>(DEVICES, [id]);
}

/** Lets devices in: what comes after this place is for them. */
export async function joinGroup(
  tx: Transaction,
  id: ConversationId,
  devices: readonly Pick<GroupDevice, 'deviceId' | 'actorId'>[],
  { sequence, epoch }: GroupPlace,
): Promise<void> {
  const ids = devices.map(({ deviceId }) => deviceId);
  const actorIds = devices.map(({ actorId }) => actorId);
  await tx.rows(JOIN, [id, ids, actorIds, sequence, epoch]);
}

/** Takes devices out of the tree: the commit that does it is the last that they get. */
export async function removeFromGroup(
  tx: Transaction,
  id: ConversationId,
  deviceIds: readonly ChatDeviceId[],
  { sequence, epoch }: GroupPlace,
): Promise<void> {
  await tx.rows(REMOVE, [id, deviceIds, sequence, epoch]);
}

/** Takes all devices out of the tree, as it is given up. */
export async function emptyGroup(
  tx: Transaction,
  { id, lastSequence, epoch }: EncryptedGroup,
): Promise<void> {
  await tx.rows(EMPTY, [id, lastSequence, epoch]);
}

/** Gives devices nothing more of what comes after a place; they stand in the tree until a commit removes them. */
export async function stopDelivery(
  tx: Transaction,
  id: ConversationId,
  deviceIds: readonly ChatDeviceId[],
  sequence: number,
): Promise<void> {
  await tx.rows(STOP, [id, deviceIds, sequence]);
}
