/** Which actors may tell a person anything. Asked when a notification is written, and again whenever it is read. */
import { blocksDomainOf } from '../../actors/domain-blocks.queries.js';
import { blockedBetween, isShown } from '../../posts/visibility.js';

/** True when somebody mutes an actor for notifications, too, or blocks their server; all three are SQL expressions. */
function isMuted(actor: string, recipient: string, now: string): string {
  return `(${blocksDomainOf(recipient, actor)} or exists (select from mutes where muter_id = ${recipient} and muted_id = ${actor}
    and mutes_notifications and (expires_at is null or expires_at > ${now})))`;
}

/**
 * True for an actor who may appear in somebody's notifications: shown, no block in either direction, not muted.
 *
 * @param alias alias of `actors` in the statement
 * @param recipient SQL expression of the recipient's actor id
 * @param now SQL expression of the present
 */
export function mayNotify(alias: string, recipient: string, now: string): string {
  return `(${isShown(`${alias}.status`)} and not ${blockedBetween(`${alias}.id`, recipient)}
    and not ${isMuted(`${alias}.id`, recipient, now)})`;
}
