/** Who is told of what people do with a post or comment. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';

const AUTHOR = statement(
  'notifications.author',
  'select author_id as "authorId" from posts where id = $1 and is_local and deleted_at is null',
);

/** The author of a post or comment that was made here and is still there; null otherwise. */
export async function findLocalAuthor(
  reader: Reader,
  subjectId: PostId | CommentId,
): Promise<ActorId | null> {
  return (await reader.row<{ authorId: ActorId }>(AUTHOR, [subjectId]))?.authorId ?? null;
}
