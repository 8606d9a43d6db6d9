/** Who is told of what people do with posts and comments. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';

const AUTHORS = statement(
  'notifications.authors',
  `select id as "subjectId", author_id as "recipientId" from posts
   where id = any($1::uuid[]) and is_local and deleted_at is null`,
);

/** The authors of those posts and comments that were made here and are still there. */
export function findLocalAuthors(
  reader: Reader,
  subjectIds: readonly (PostId | CommentId)[],
): Promise<{ subjectId: PostId | CommentId; recipientId: ActorId }[]> {
  return reader.rows(AUTHORS, [subjectIds]);
}
