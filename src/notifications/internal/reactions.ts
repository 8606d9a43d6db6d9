/** Likes and other reactions as causes. One person has one reaction to one thing, so the two kinds exclude each other. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { LIKE } from '../../posts/reaction-content.js';
import { GATHER_BATCH, type Found, type Gathering } from './gathering.js';
import { findLocalAuthor } from './local-author.js';
import { withdraw, withdrawal } from './withdraw.js';

/** A reaction as a round finds it. */
export interface FoundReaction extends Found {
  readonly isLike: boolean;
}

const SINCE = statement(
  'notifications.reactions_since',
  `select id, actor_id as "actorId", content = '${LIKE}' as "isLike" from reactions
   where post_id = $1 and id > $2 order by id limit ${GATHER_BATCH}`,
);
const WITHDRAW = withdrawal(
  'notifications.withdraw_reactions',
  `n.kind in ('LIKE', 'REACTION') and n.group_key = $3`,
  `exists (select from reactions r where r.post_id = $4 and r.actor_id = a.actor_id
     and (r.content = '${LIKE}') = (n.kind = 'LIKE'))`,
);

/** What the reactions to a post or comment are gathered for; null when nobody here is to be told. */
export async function gatheringOfReactions(
  reader: Reader,
  subjectId: PostId | CommentId,
): Promise<Gathering | null> {
  const recipientId = await findLocalAuthor(reader, subjectId);
  return recipientId && { recipientId, source: 'reactions', subjectId };
}

/** Reactions behind an id, the oldest first. */
export function findReactionsSince(
  reader: Reader,
  subjectId: PostId | CommentId,
  sinceId: string,
): Promise<FoundReaction[]> {
  return reader.rows<FoundReaction>(SINCE, [subjectId, sinceId]);
}

/** Takes actors out of the likes or reactions in which they are no more. */
export async function withdrawReactions(
  tx: Transaction,
  { recipientId, subjectId }: Gathering,
  actorIds: readonly ActorId[],
): Promise<void> {
  await withdraw(tx, WITHDRAW, recipientId, actorIds, [subjectId, subjectId]);
}
