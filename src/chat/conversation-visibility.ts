/** Who sees a conversation, and what in it. */
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import { blockedBetween, isShown } from '../posts/visibility.js';

/**
 * True when somebody who takes part sees a conversation: something was written, or they began it, and between two people
 * there is no block, nor one of the other's whole server.
 *
 * @param conversation alias of `conversations`
 * @param member alias of the viewer's row in `conversation_members`
 */
export function conversationVisibleTo(conversation: string, member: string): string {
  return `((${conversation}.last_sequence > 0 or ${member}.has_begun) and (${conversation}.is_group or not exists (
    select from conversation_members other where other.conversation_id = ${conversation}.id
      and other.actor_id <> ${member}.actor_id and (${blockedBetween('other.actor_id', `${member}.actor_id`)}
        or ${blocksDomainOf(`${member}.actor_id`, 'other.actor_id')}))))`;
}

/** True for what people write to each other, as against what keeps their group together. @param message alias of `chat_messages` */
export function isForReading(message: string): string {
  return `${message}.kind in ('PLAINTEXT', 'APPLICATION')`;
}

/**
 * True when somebody who sees the conversation sees a message in it: its sender is shown, and no block stands between, nor one
 * of the sender's whole server. What is encrypted is never withheld: whoever lacks one message of a group may not be able to
 * read the next ones, and apps hide what a block is to hide.
 *
 * @param message alias of `chat_messages`
 * @param viewer SQL expression of the viewer's actor id
 */
export function messageVisibleTo(message: string, viewer: string): string {
  return `(${message}.kind <> 'PLAINTEXT' or ${isShown(`(select status from actors where id = ${message}.sender_id)`)}
    and not ${blockedBetween(`${message}.sender_id`, viewer)} and not ${blocksDomainOf(viewer, `${message}.sender_id`)})`;
}
