/** An encrypted conversation without a hub: its row here, and what comes into it. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../../devices/device.js';
import { statement, type Transaction } from '../../../platform/db/database.js';
import { newId } from '../../../platform/ids.js';
import {
  MOST_ENCRYPTED_MEMBERS,
  type ChatMessageId,
  type ConversationId,
} from '../../conversation.js';
import { joinGroup } from '../encrypted-group.js';
import { openMailboxes, post } from '../mailbox.js';
import { joinMembers } from '../members.js';
import { storeEnvelope } from '../store-envelope.js';
import type { DraftWelcome } from './draft-welcomes.js';

/** It as it stands while its row is locked. */
export interface DraftGroup {
  readonly id: ConversationId;
  readonly epoch: number;
  readonly lastSequence: number;
  readonly contextUri: string | null;
}

/** What a first message says of a group. */
export interface DraftBeginning {
  readonly groupId: Uint8Array;
  readonly epoch: number;
  readonly contextUri: string | null;
  readonly senderId: ActorId;
  /** Everybody to whom it is addressed and who is known here. */
  readonly recipientIds: readonly ActorId[];
}

const FIELDS = `conversation.id, conversation.epoch, conversation.last_sequence as "lastSequence", draft.context_uri as "contextUri"
  from conversations conversation join draft_conversations draft on draft.conversation_id = conversation.id`;
const LOCK = statement(
  'draft_conversations.lock',
  `select ${FIELDS} where conversation.mls_group_id = $1 and conversation.hub_origin is null for update of conversation`,
);
const LOCK_CONTEXT = statement(
  'draft_conversations.lock_context',
  `select ${FIELDS} where draft.context_uri = $1 and exists (select from conversation_members
     where conversation_id = conversation.id and actor_id = $2) order by conversation.id limit 1 for update of conversation`,
);
const INSERT = statement(
  'draft_conversations.insert',
  `with begun as (
     insert into conversations (id, participants_digest, is_group, created_at, updated_at, encryption, mls_group_id, epoch)
     values ($1, null, $2, $3, $3, 'MLS', $4, $5) on conflict do nothing returning id)
   insert into draft_conversations (conversation_id, context_uri) select id, $6 from begun returning conversation_id as id`,
);
const DEVICES = statement(
  'draft_conversations.welcomed',
  `select device.id as "deviceId", device.actor_id as "actorId" from chat_devices device
   where device.id = any($1::uuid[]) and device.revoked_at is null and not exists (select from conversation_devices stay
     where stay.conversation_id = $2 and stay.device_id = device.id and stay.removed_epoch is null)`,
);
const COUNT = statement(
  'draft_conversations.count_members',
  'select count(*)::int as count from conversation_members where conversation_id = $1',
);

/** The conversation of a group, locked; null when none is known that has no hub. */
export function lockDraftGroup(tx: Transaction, groupId: Uint8Array): Promise<DraftGroup | null> {
  return tx.row<DraftGroup>(LOCK, [groupId]);
}

/** The conversation that has this name for somebody who takes part in it, locked; null = none. */
export function lockDraftContext(
  tx: Transaction,
  contextUri: string,
  senderId: ActorId,
): Promise<DraftGroup | null> {
  return tx.row<DraftGroup>(LOCK_CONTEXT, [contextUri, senderId]);
}

/** Begins one; null when there is a conversation of this group already. */
export async function beginDraftGroup(
  tx: Transaction,
  { groupId, epoch, contextUri, senderId, recipientIds }: DraftBeginning,
  now: Date,
): Promise<DraftGroup | null> {
  const isGroup = recipientIds.length > 1;
  const id = newId<'conversation'>(now);
  if (!(await tx.row(INSERT, [id, isGroup, now, groupId, epoch, contextUri]))) return null;
  const group = { id, epoch, lastSequence: 0, contextUri };
  await letIn(tx, group, [senderId, ...recipientIds], senderId, now);
  return group;
}

/** Lets people in whom a member names; whoever is in stays, and nobody is let in beyond the greatest number. */
export async function letIn(
  tx: Transaction,
  { id, lastSequence: sequence }: DraftGroup,
  actorIds: readonly ActorId[],
  adderId: ActorId,
  now: Date,
): Promise<void> {
  const { count } = (await tx.row<{ count: number }>(COUNT, [id]))!;
  const fitting = actorIds.slice(0, Math.max(0, MOST_ENCRYPTED_MEMBERS - count));
  // Without a hub everybody may change the group.
  await joinMembers(tx, { id, actorIds: fitting, adderId, role: 'ADMIN', sequence, now });
}

/** Gives the devices of a Welcome what comes from here on, and the Welcome itself. */
export async function placeWelcome(
  tx: Transaction,
  { id, epoch, lastSequence: sequence }: DraftGroup,
  welcome: DraftWelcome,
  now: Date,
): Promise<void> {
  const devices = await tx.rows<{ deviceId: ChatDeviceId; actorId: ActorId }>(DEVICES, [
    welcome.deviceIds,
    id,
  ]);
  if (devices.length === 0) return;
  const messageId: ChatMessageId = newId(now);
  await openMailboxes(tx, devices);
  await joinGroup(tx, id, devices, { sequence, epoch });
  await storeEnvelope(tx, {
    id: messageId,
    conversationId: id,
    sequence,
    senderId: welcome.senderId,
    kind: 'WELCOME',
    epoch,
    senderDeviceId: null,
    ciphertext: welcome.data,
    clientMessageId: null,
    uri: welcome.uri,
    expiresAt: null,
    frank: null,
    sentAt: now,
  });
  await post(
    tx,
    devices.map((device) => ({ ...device, messageId })),
  );
}
