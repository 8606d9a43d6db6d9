/** What somebody does with a conversation for themselves: read, mute, archive, accept. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { requireActing } from '../platform/require-viewer.js';
import { conversationUpdated } from './chat.events.js';
import { conversationVisibleTo } from './conversation-visibility.js';
import type { ConversationId } from './conversation.js';
import { addHubErrand } from './run-hub-errands.js';

/** What to change; absent = as it is. */
export interface ConversationChange {
  readonly isMuted?: boolean;
  readonly isArchived?: boolean;
  /** It is no request any more. */
  readonly isAccepted?: true;
  /** Everything up to here is read; it never goes back, and not beyond the last message. */
  readonly readSequence?: number;
}

const UPDATE = statement(
  'conversations.update_member',
  `update conversation_members member set is_muted = coalesce($3, is_muted), is_archived = coalesce($4, is_archived),
     is_request = is_request and $5::boolean is not true,
     last_read_sequence = greatest(last_read_sequence, least(coalesce($6::int, 0), conversation.last_sequence))
   from conversations conversation
   where conversation.id = member.conversation_id and member.conversation_id = $1 and member.actor_id = $2
     and ${conversationVisibleTo('conversation', 'member')}
   returning conversation.hub_uri is not null as "isMirrored"`,
);

/**
 * Changes a conversation for whoever acts alone; the others do not hear of it. A repeat changes nothing. Opens its own
 * transaction.
 *
 * @throws {NotFound} NOT_FOUND for a conversation that the viewer does not see
 */
export async function updateConversation(
  context: CommandContext,
  conversationId: ConversationId,
  { isMuted, isArchived, isAccepted, readSequence }: ConversationChange,
): Promise<void> {
  const { actorId } = requireActing(context);
  await context.database.transaction(async (tx) => {
    const change = [isMuted ?? null, isArchived ?? null, isAccepted ?? null, readSequence ?? null];
    const values = [conversationId, actorId, ...change];
    const changed = await tx.row<{ isMirrored: boolean }>(UPDATE, values);
    if (!changed) throw new NotFound(['conversationId']);
    // What passes goes through the hub, which has to know who wants it.
    if (isAccepted && changed.isMirrored) {
      const errand = { conversationId, actorId, kind: 'accept', signatureKey: null } as const;
      await addHubErrand(tx, errand, context.clock.now());
    }
    await tx.append(conversationUpdated, { conversationId, actorId });
  });
}
