/** Reads of remixes: of what videos are made, and what is made of them. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { batchedPage } from '../posts/page-sql.js';
import type { PostId } from '../posts/post.entity.js';
import { selectedVisibleTo, selectPosts, type PostRow } from '../posts/post.queries.js';
import type { RemixKind } from '../posts/remix-policies.js';
import type { RemixOf } from './remix.js';

const OF_POSTS = statement(
  'remixes.of_posts',
  `select part.post_id as "postId", r.kind, case when r.detached_at is null then r.original_id end as "originalId"
   from post_media part join remixes r on r.media_id = part.media_id where part.post_id = any($1::uuid[])`,
);
const REMIXES = batchedPage('remixes.of_originals', {
  select: `${selectPosts('$4::uuid', 'remixes r join posts p on p.id = r.post_id')}
    where r.original_id = owner.id and r.post_id is not null and r.detached_at is null
      and exists (select from post_media part where part.post_id = r.post_id and part.media_id = r.media_id)
      and ($5::text is null or r.kind = $5) and ${selectedVisibleTo('$4::uuid')}`,
  key: 'r.post_id',
});

/** Of what posts are made, as far as they are remixes. */
export function findRemixesOf(reader: Reader, postIds: readonly string[]): Promise<RemixOf[]> {
  return reader.rows<RemixOf>(OF_POSTS, [postIds]);
}

/** A page of the remixes of each of several videos, the newest first. `kind` null = of every kind. */
export function findRemixes(
  reader: Reader,
  originalIds: readonly string[],
  kind: RemixKind | null,
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<(PostRow & { ownerId: PostId })[]> {
  return reader.rows(...REMIXES(originalIds, request, [viewerId, kind]));
}
