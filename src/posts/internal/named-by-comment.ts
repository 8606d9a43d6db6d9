/** Whom a comment that is for fewer people than the post is for by name. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { Content } from '../content/compose-content.js';
import type { Post } from '../post.entity.js';

const ANSWERED = statement(
  'comments.answered',
  'select author_id as "authorId" from posts where id = $1',
);

type Answer = Pick<Post, 'authorId' | 'narrowedTo' | 'parentId' | 'rootId'>;

/** What a comment says, with who wrote what it answers among those whom it names, where it is not for all who see that. */
export async function nameAnswered<Named extends Pick<Content, 'mentionedIds'>>(
  tx: Transaction,
  { authorId, narrowedTo, parentId, rootId }: Answer,
  content: Named,
): Promise<Named> {
  if (narrowedTo == null) return content;
  const answered = await tx.row<{ authorId: ActorId }>(ANSWERED, [parentId ?? rootId]);
  if (!answered || answered.authorId === authorId) return content;
  return { ...content, mentionedIds: [...new Set([answered.authorId, ...content.mentionedIds])] };
}
