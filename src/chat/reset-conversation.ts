/** Beginning the group of an encrypted conversation anew, when the old one cannot go on. */
import type { ChatDeviceId } from '../devices/device.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Forbidden } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import type { ConversationId } from './conversation.js';
import { requireChatter } from './internal/chatting.js';
import { emptyGroup, joinGroup, lockGroup } from './internal/encrypted-group.js';
import { requireGroupId } from './internal/group-id.js';
import { openMailboxes } from './internal/mailbox.js';
import { memberIdsOf } from './internal/members.js';
import { tellOfGroup } from './internal/news-of-group.js';
import { ConversationExists } from './mls.errors.js';

/** A group in place of another. */
export interface Reset {
  readonly conversationId: ConversationId;
  /** The device that made the new group, and is alone in it. */
  readonly deviceId: ChatDeviceId;
  readonly mlsGroupId: Buffer;
}

const LIMIT = { name: 'chat_reset', points: 10, windowSeconds: 24 * 3600, failsClosed: false };

const TAKEN = statement(
  'conversations.group_id_taken',
  'select id from conversations where mls_group_id = $1 and hub_origin is null',
);
const RENEW = statement(
  'conversations.renew_group',
  `update conversations set mls_group_id = $2, epoch = 0, group_info = null, updated_at = $3 where id = $1`,
);

/**
 * Gives a conversation a new group at epoch 0 with one device; its first commit lets the others in. Who takes part stays,
 * and so does what was written. A repeat changes nothing. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a conversation that the viewer does not see, or a device that is not theirs
 * @throws {Invalid} INVALID_INPUT for a wrong group id
 * @throws {Forbidden} FORBIDDEN for whoever is no admin
 * @throws {ConversationExists} ALREADY_EXISTS when the group id is taken
 * @throws {RateLimited} RATE_LIMITED for more than 10 in a day
 */
export async function resetConversation(context: CommandContext, reset: Reset): Promise<void> {
  const chatter = requireChatter(context);
  const { conversationId, deviceId, mlsGroupId } = reset;
  requireGroupId(mlsGroupId);
  await requireRate(context, LIMIT, chatter.countedBy);
  await context.database.transaction(async (tx) => {
    await requireDevice(tx, chatter, deviceId);
    const group = await lockGroup(tx, conversationId, chatter.actorId);
    if (group.groupId.equals(mlsGroupId)) return;
    if (group.role !== 'ADMIN')
      throw new Forbidden('Only an admin begins the group anew.', 'FORBIDDEN', ['conversationId']);
    if (await tx.row(TAKEN, [mlsGroupId])) throw new ConversationExists(null, ['mlsGroupId']);
    await emptyGroup(tx, group);
    await tx.rows(RENEW, [conversationId, mlsGroupId, context.clock.now()]);
    const device = { deviceId, actorId: chatter.actorId };
    await openMailboxes(tx, [device]);
    await joinGroup(tx, conversationId, [device], { sequence: group.lastSequence, epoch: 0 });
    const memberIds = [...(await memberIdsOf(tx, conversationId))];
    await tellOfGroup(tx, conversationId, memberIds);
  });
}
