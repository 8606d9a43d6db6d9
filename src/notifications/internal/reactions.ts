/** Likes and other reactions as causes. One person has one reaction to one thing, so the two kinds exclude each other. */
import type { Reader, Transaction } from '../../platform/db/database.js';
import type { CommentId, PostId } from '../../posts/post.entity.js';
import { LIKE } from '../../posts/reaction-content.js';
import { sinceEach, type Found, type Gathering, type Since } from './gathering.js';
import { findLocalAuthors } from './local-author.js';
import { withdraw, withdrawal, type Deed } from './withdraw.js';

/** A reaction as a round finds it. */
export interface FoundReaction extends Found {
  readonly isLike: boolean;
}

const SINCE = sinceEach(
  'notifications.reactions_since',
  `select id, actor_id as "actorId", content = '${LIKE}' as "isLike" from reactions
   where post_id = g."subjectId" and id > g."sinceId"`,
);
const WITHDRAW = withdrawal(
  'notifications.withdraw_reactions',
  `n.kind in ('LIKE', 'REACTION') and n.group_key = w."subjectId"::text`,
  `exists (select from reactions r where r.post_id = w."subjectId" and r.actor_id = w."actorId"
     and (r.content = '${LIKE}') = (n.kind = 'LIKE'))`,
);

/** What the reactions to posts and comments are gathered for; those of which nobody here is to be told are left out. */
export async function gatheringsOfReactions(
  reader: Reader,
  subjectIds: readonly (PostId | CommentId)[],
): Promise<Gathering[]> {
  const authors = await findLocalAuthors(reader, subjectIds);
  return authors.map((one) => ({ ...one, source: 'reactions' }));
}

/** Reactions behind an id, the oldest first. */
export function findReactionsSince(
  reader: Reader,
  since: readonly Since[],
): Promise<FoundReaction[]> {
  return reader.rows<FoundReaction>(SINCE, [JSON.stringify(since)]);
}

/** Takes actors out of the likes or reactions in which they are no more. */
export function withdrawReactions(tx: Transaction, deeds: readonly Deed[]): Promise<void> {
  return withdraw(tx, WITHDRAW, deeds);
}
