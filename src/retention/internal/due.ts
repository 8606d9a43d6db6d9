/** THE rule of what is deleted, in SQL: the preview counts by it, and the job asks it again for each piece under its lock. */
import { LIKE } from '../../posts/reaction-content.js';
import { visibleTo } from '../../posts/visibility.js';

/** Where the parts of the rule stand in a statement. Rules are the row `r`; all are SQL expressions. */
export interface DueExpressions {
  readonly actorId: string;
  readonly now: string;
}

/** What can go, each in a table of its own alias. */
export const DUE_KINDS = ['post', 'comment', 'story'] as const;

/** One of them. */
export type DueKind = (typeof DUE_KINDS)[number];

/** `from` and `where` of everything that goes, with the alias `it`; null ages let nothing go. */
export const DUE: Readonly<Record<DueKind, (given: DueExpressions) => string>> = {
  post: ({ actorId, now }) => `posts it join post_counts counts on counts.post_id = it.id
    where it.author_id = ${actorId} and it.kind <> 'comment' and it.deleted_at is null
      and ${isOlder('r.post_days', now)}
      and not (r.keep_pinned and it.pinned_at is not null)
      and not (r.keep_archived and it.archived_at is not null)
      and not (r.keep_mentioned and it.visibility = 'MENTIONED')
      and not (r.keep_collected and exists (select from collection_items where post_id = it.id))
      and not (r.keep_bookmarked
        and exists (select from bookmarks where owner_id = it.author_id and post_id = it.id))
      and (r.keep_from_reposts is null or counts.reposts < r.keep_from_reposts) and ${IS_NOT_LIKED}`,
  // An answer of somebody else would go along.
  comment: ({ actorId, now }) => `posts it join post_counts counts on counts.post_id = it.id
    where it.author_id = ${actorId} and it.kind = 'comment' and it.deleted_at is null
      and ${isOlder('r.comment_days', now)} and ${IS_NOT_LIKED}
      and not exists (select from posts below where below.parent_id = it.id and below.deleted_at is null)
      and ${visibleTo('it', actorId)}`,
  story: ({ actorId, now }) => `stories it
    where it.author_id = ${actorId} and it.removed_at is null and it.expires_at <= ${now}
      and ${isOlder('r.story_days', now)}
      and not (r.keep_highlighted and exists (select from highlight_items where story_id = it.id))`,
};

const IS_NOT_LIKED = `(r.keep_from_likes is null or counts.likes < r.keep_from_likes)
  and not (r.keep_liked and exists (select from reactions
    where post_id = it.id and actor_id = it.author_id and content = '${LIKE}'))`;

/** Days of 24 hours, whatever the zone of the session says of days. */
function isOlder(days: string, now: string): string {
  return `it.published_at <= ${now} - make_interval(hours => 24 * ${days})`;
}
