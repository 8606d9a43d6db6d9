/**
 * Reads of tags. One that waits is for its person and for the author alone; one that was taken off is for nobody.
 * Nobody sees people whom they may not see.
 */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { batchedPage, singlePage } from './page-sql.js';
import type { PhotoTagId } from './photo-tag.js';
import type { PostId } from './post.entity.js';
import { selectedVisibleTo, selectPosts, type PostRow } from './post.queries.js';
import { blockedBetween, isShown, visibleTo } from './visibility.js';

/** A tag as those see it who may. */
export interface PhotoTagRow {
  readonly id: PhotoTagId;
  readonly postId: PostId;
  readonly mediaId: MediaId;
  readonly actorId: ActorId;
  readonly x: number;
  readonly y: number;
  /** The person on it agreed. */
  readonly isConfirmed: boolean;
}

function selectTags(viewer: string): string {
  return `select t.id, t.post_id as "postId", t.media_id as "mediaId", t.actor_id as "actorId", t.x, t.y,
      t.state = 'APPROVED' as "isConfirmed"
    from photo_tags t join posts p on p.id = t.post_id join actors tagged on tagged.id = t.actor_id
      join post_media place on place.post_id = t.post_id and place.media_id = t.media_id
    where t.state <> 'DECLINED' and (t.state = 'APPROVED' or t.actor_id = ${viewer} or p.author_id = ${viewer})
      and ${isShown('tagged.status')} and not ${blockedBetween('t.actor_id', viewer)}`;
}

const BY_IDS = statement(
  'tags.by_ids',
  `${selectTags('$2::uuid')} and t.id = any($1::uuid[]) and ${visibleTo('p', '$2::uuid')}`,
);
const OF_POSTS = statement(
  'tags.of_posts',
  `${selectTags('$2::uuid')} and t.post_id = any($1::uuid[]) order by place.position, t.id`,
);
const WAITING = singlePage('tags.waiting', {
  select: `${selectTags('$3::uuid')} and t.actor_id = $3::uuid and t.state = 'PENDING' and ${visibleTo('p', '$3::uuid')}`,
  key: 't.id',
});
const TAGGED_POSTS = batchedPage('tags.posts', {
  select: `${selectPosts('$4::uuid', 'actors tagged, posts p')}
    where tagged.id = owner.id and ${isShown('tagged.status')} and not ${blockedBetween('owner.id', '$4::uuid')}
      and p.deleted_at is null and ${selectedVisibleTo('$4::uuid')} and p.id in (
        select t.post_id from photo_tags t join post_media place on place.post_id = t.post_id and place.media_id = t.media_id
        where t.actor_id = owner.id and t.state = 'APPROVED')`,
  key: 'p.id',
});

/** Tags that the viewer sees, by id, in no particular order; all others are left out. */
export function findTags(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<PhotoTagRow[]> {
  return reader.rows<PhotoTagRow>(BY_IDS, [ids, viewerId]);
}

/** Tags of posts that the viewer is known to see, picture by picture. */
export function findTagsOfPosts(
  reader: Reader,
  postIds: readonly string[],
  viewerId: ActorId | null,
): Promise<PhotoTagRow[]> {
  return reader.rows<PhotoTagRow>(OF_POSTS, [postIds, viewerId]);
}

/** A page of tags that wait for the viewer's answer, the newest first. */
export async function findWaitingTags(
  reader: Reader,
  viewerId: ActorId,
  request: PageRequest,
): Promise<Page<PhotoTagRow>> {
  return toPage(request, await reader.rows<PhotoTagRow>(...WAITING(request, [viewerId])));
}

/** A page of posts that each of several actors is confirmed to be on and the viewer sees, newest first. */
export function findPostsTagging(
  reader: Reader,
  actorIds: readonly string[],
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<(PostRow & { ownerId: string })[]> {
  return reader.rows(...TAGGED_POSTS(actorIds, request, [viewerId]));
}
