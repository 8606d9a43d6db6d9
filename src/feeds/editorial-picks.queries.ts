/** Picks of the staff that are in force, as far as their posts are seen. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PostId } from '../posts/post.entity.js';
import { postListedTo } from '../posts/visibility.js';
import type { EditorialCriterion } from './editorial-pick.js';
import type { EditorialPickId } from './feed.js';

/** A pick. */
export interface EditorialPickRow {
  readonly id: EditorialPickId;
  readonly postId: PostId;
  /** Null when the person is gone. */
  readonly curatorId: ActorId | null;
  readonly criterion: EditorialCriterion;
  /** Sanitised HTML. */
  readonly reason: string;
  readonly pickedAt: Date;
  readonly expiresAt: Date;
}

const PICKS = `select pick.id, pick.post_id as "postId", pick.curator_id as "curatorId", pick.criterion, pick.reason_html as reason,
    pick.picked_at as "pickedAt", pick.expires_at as "expiresAt"
  from editorial_picks pick join posts p on p.id = pick.post_id
  where pick.withdrawn_at is null and pick.expires_at > $3 and p.visibility = 'PUBLIC' and ${postListedTo('p', '$2::uuid')}`;
const BY_IDS = statement('editorial_picks.by_ids', `${PICKS} and pick.id = any($1::uuid[])`);
const OF_POSTS = statement(
  'editorial_picks.of_posts',
  `${PICKS} and pick.post_id = any($1::uuid[])`,
);

/** Picks by id. */
export function findPicks(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
  now: Date,
): Promise<EditorialPickRow[]> {
  return reader.rows<EditorialPickRow>(BY_IDS, [ids, viewerId, now]);
}

/** Picks of posts; a post has one at most. */
export function findPicksOfPosts(
  reader: Reader,
  postIds: readonly string[],
  viewerId: ActorId | null,
  now: Date,
): Promise<EditorialPickRow[]> {
  return reader.rows<EditorialPickRow>(OF_POSTS, [postIds, viewerId, now]);
}
