/**
 * Who sees a story: the rule for things with an owner, and whom it mentions, as long as it lasts or stands in a
 * highlight. After that its author alone. What the staff removed is for nobody.
 */
import { ownedVisibleTo } from '../posts/visibility.js';

/**
 * The rule in SQL.
 *
 * @param alias alias of `stories` in the statement
 * @param viewer SQL expression of the onlooker's actor id, null = anonymous; write `$1::uuid`, not `$1`
 * @param now SQL expression of the present
 */
export function storyVisibleTo(alias: string, viewer: string, now: string): string {
  return `(${alias}.removed_at is null and (${isLive(alias, now)} or ${alias}.author_id = ${viewer}
      or exists (select from highlight_items where story_id = ${alias}.id))
    and ${storyAddressedTo(alias, viewer, `${alias}.id`)})`;
}

/**
 * The rule without the time.
 *
 * @param id SQL expression of the story's id
 */
export function storyAddressedTo(alias: string, viewer: string, id: string): string {
  const isMentioned = `exists (select from story_mentions where story_id = ${id} and actor_id = ${viewer})`;
  return ownedVisibleTo(alias, viewer, { owner: `${alias}.author_id`, isMentioned });
}

/** True until the end of a story; arguments as for `storyVisibleTo`. */
export function isLive(alias: string, now: string): string {
  return `${alias}.expires_at > ${now}::timestamptz`;
}
