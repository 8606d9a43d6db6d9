/** Beginning an encrypted conversation: a group of one device, which then lets the others in. */
import { createHash } from 'node:crypto';
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import { findWithoutDevices, requireDevice } from '../devices/devices.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, Invalid } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { MOST_ENCRYPTED_MEMBERS, type ConversationId } from './conversation.js';
import { BEGINNINGS } from './create-conversation.js';
import { joinGroup } from './internal/encrypted-group.js';
import { requireGroupId } from './internal/group-id.js';
import { openMailboxes } from './internal/mailbox.js';
import { joinMembers } from './internal/members.js';
import { requireReachable } from './internal/reachable.js';
import { requireChatter } from './internal/chatting.js';
import { requireFewStrangers } from './internal/require-few-strangers.js';
import { ConversationExists } from './mls.errors.js';

/** What begins. */
export interface EncryptedOpening {
  /** Everybody but the viewer, who may be among them. */
  readonly memberIds: readonly ActorId[];
  /** False: between two, of which there is one. */
  readonly isGroup: boolean;
  readonly mlsGroupId: Buffer;
  /** The device that made the group, and is alone in it. */
  readonly deviceId: ChatDeviceId;
}

const INSERT = statement(
  'conversations.insert_encrypted',
  `insert into conversations (id, participants_digest, is_group, created_at, updated_at, encryption, mls_group_id)
   values ($1, $2, $3, $4, $4, 'MLS', $5) on conflict do nothing returning id`,
);
// A group that was made and never used stands in nobody's way: nobody but its maker has heard of it.
const CLEAR = statement(
  'conversations.clear_unused',
  'delete from conversations where participants_digest = $1 and last_sequence = 0 and mls_group_id <> $2',
);
const OWN = statement(
  'conversations.own_group',
  `select conversation.id from conversations conversation join conversation_devices device
     on device.conversation_id = conversation.id and device.device_id = $2
   where conversation.mls_group_id = $1 and conversation.hub_origin is null and conversation.last_sequence = 0`,
);
const KNOWN = statement(
  'conversations.encrypted_by_participants',
  'select id from conversations where participants_digest = $1',
);

/**
 * Begins an encrypted conversation at epoch 0, of which nobody hears before its first commit. A repeat answers with what was
 * made. Opens its own transaction.
 *
 * @throws {Invalid} INVALID_INPUT for nobody, more than 249 others, or a wrong group id
 * @throws {NotFound} NOT_FOUND, {@link Forbidden} BLOCKED with the place of whom in `memberIds`
 * @throws {Conflict} NO_CHAT_DEVICE with the place of whom in `memberIds`: nobody could let this person in
 * @throws {ConversationExists} ALREADY_EXISTS when the two have a conversation, or the group id is taken
 * @throws {RateLimited} RATE_LIMITED for more than 60 in an hour, or more than 60 strangers in a day
 */
export async function createEncryptedConversation(
  context: CommandContext,
  { memberIds, isGroup, mlsGroupId, deviceId }: EncryptedOpening,
): Promise<ConversationId> {
  const viewer = requireViewer(context);
  const otherIds = [...new Set(memberIds)].filter((id) => id !== viewer.actorId);
  requireCount(otherIds.length, isGroup);
  requireGroupId(mlsGroupId);
  await requireRate(context, BEGINNINGS, viewer.accountId);
  await requireFewStrangers(context, requireChatter(context), otherIds);
  const now = context.clock.now();
  return context.database.transaction(async (tx) => {
    await requireDevice(tx, viewer, deviceId);
    await requireReachable(tx, { viewerId: viewer.actorId, memberIds, field: 'memberIds' });
    const digest = isGroup ? null : digestOf([viewer.actorId, otherIds[0]!]);
    const id = await insert(tx, digest, { isGroup, mlsGroupId, now });
    if (!id) return findAgain(tx, digest, { mlsGroupId, deviceId });
    await requireDevices(tx, { memberIds, otherIds }, now);
    const creatorId = viewer.actorId;
    const people = { id, actorIds: [creatorId, ...otherIds], adderId: creatorId };
    await joinMembers(tx, { ...people, role: isGroup ? 'MEMBER' : 'ADMIN', sequence: 0, now });
    const device = { deviceId, actorId: creatorId };
    await openMailboxes(tx, [device]);
    await joinGroup(tx, id, [device], { sequence: 0, epoch: 0 });
    return id;
  });
}

/** Asked of people who are shown to the viewer alone, so that it tells nothing of others. */
async function requireDevices(
  tx: Transaction,
  { memberIds, otherIds }: Record<'memberIds' | 'otherIds', readonly ActorId[]>,
  now: Date,
): Promise<void> {
  const without = await findWithoutDevices(tx, otherIds, now);
  const missing = memberIds.findIndex((id) => without.has(id));
  if (missing < 0) return;
  const path = ['memberIds', String(missing)];
  throw new Conflict('This person has no device that chats encrypted.', 'NO_CHAT_DEVICE', path);
}

async function insert(
  tx: Transaction,
  digest: Buffer | null,
  { isGroup, mlsGroupId, now }: { isGroup: boolean; mlsGroupId: Buffer; now: Date },
): Promise<ConversationId | null> {
  if (digest) await tx.rows(CLEAR, [digest, mlsGroupId]);
  const id = newId<'conversation'>(now);
  return (await tx.row(INSERT, [id, digest, isGroup, now, mlsGroupId])) ? id : null;
}

/** What this device made of this group before, if its first commit is still to come. */
async function findAgain(
  tx: Transaction,
  digest: Buffer | null,
  { mlsGroupId, deviceId }: Pick<EncryptedOpening, 'mlsGroupId' | 'deviceId'>,
): Promise<ConversationId> {
  const again = await tx.row<{ id: ConversationId }>(OWN, [mlsGroupId, deviceId]);
  if (again) return again.id;
  const known = digest && (await tx.row<{ id: ConversationId }>(KNOWN, [digest]));
  throw new ConversationExists(known?.id ?? null, [known ? 'memberIds' : 'mlsGroupId']);
}

function requireCount(others: number, isGroup: boolean): void {
  if (others === 0)
    throw new Invalid('A conversation needs somebody else.', ['memberIds'], 'MIN_ITEMS', '1');
  const most = isGroup ? MOST_ENCRYPTED_MEMBERS - 1 : 1;
  if (others > most)
    throw new Invalid(`At most ${most} others.`, ['memberIds'], 'MAX_ITEMS', String(most));
}

/** Encrypted or not, the same two people have one conversation of each kind. */
function digestOf(actorIds: readonly ActorId[]): Buffer {
  return createHash('sha256').update(`mls ${actorIds.toSorted().join()}`).digest();
}
