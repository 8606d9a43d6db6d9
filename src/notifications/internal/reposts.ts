/** Reposts as causes. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import type { PostId } from '../../posts/post.entity.js';
import { GATHER_BATCH, type Found, type Gathering } from './gathering.js';
import { findLocalAuthor } from './local-author.js';
import { withdraw, withdrawal } from './withdraw.js';

const SINCE = statement(
  'notifications.reposts_since',
  `select id, actor_id as "actorId" from reposts where post_id = $1 and id > $2 order by id limit ${GATHER_BATCH}`,
);
const WITHDRAW = withdrawal(
  'notifications.withdraw_repost',
  `n.kind = 'REPOST' and n.group_key = $3`,
  'exists (select from reposts r where r.post_id = $4 and r.actor_id = a.actor_id)',
);

/** What the reposts of a post are gathered for; null when nobody here is to be told. */
export async function gatheringOfReposts(
  reader: Reader,
  postId: PostId,
): Promise<Gathering | null> {
  const recipientId = await findLocalAuthor(reader, postId);
  return recipientId && { recipientId, source: 'reposts', subjectId: postId };
}

/** Reposts behind an id, the oldest first. */
export function findRepostsSince(
  reader: Reader,
  postId: PostId,
  sinceId: string,
): Promise<Found[]> {
  return reader.rows<Found>(SINCE, [postId, sinceId]);
}

/** Takes somebody out of the reposts who does not repost it any more. */
export async function withdrawReposter(
  tx: Transaction,
  { recipientId, subjectId }: Gathering,
  actorId: ActorId,
): Promise<void> {
  await withdraw(tx, WITHDRAW, recipientId, [actorId], [subjectId, subjectId]);
}
