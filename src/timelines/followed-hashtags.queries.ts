/** Reads of followed hashtags. Only who follows ever asks. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import type { Id } from '../platform/ids.js';
import { singlePage } from '../posts/page-sql.js';

/** A followed hashtag and its place in the list. */
export interface FollowedHashtagRow {
  readonly id: Id<'hashtagfollow'>;
  readonly hashtagId: Id<'hashtag'>;
}

const FOLLOWED = singlePage('followed_hashtags.all', {
  select: `select id, hashtag_id as "hashtagId" from followed_hashtags where follower_id = $3`,
  key: 'id',
});
const AMONG = statement(
  'followed_hashtags.among',
  'select hashtag_id as "hashtagId" from followed_hashtags where follower_id = $1 and hashtag_id = any($2::uuid[])',
);

/** A page of the hashtags that the viewer follows, the last followed first. */
export async function findFollowedHashtags(
  reader: Reader,
  viewerId: ActorId,
  request: PageRequest,
): Promise<Page<FollowedHashtagRow>> {
  return toPage(request, await reader.rows<FollowedHashtagRow>(...FOLLOWED(request, [viewerId])));
}

/** Which of the hashtags the viewer follows. */
export async function findFollowedAmong(
  reader: Reader,
  viewerId: ActorId,
  hashtagIds: readonly string[],
): Promise<Set<string>> {
  const rows = await reader.rows<{ hashtagId: string }>(AMONG, [viewerId, hashtagIds]);
  return new Set(rows.map(({ hashtagId }) => hashtagId));
}
