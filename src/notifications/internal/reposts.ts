/** Reposts as causes. */
import type { Reader, Transaction } from '../../platform/db/database.js';
import type { PostId } from '../../posts/post.entity.js';
import { sinceEach, type Found, type Gathering, type Since } from './gathering.js';
import { findLocalAuthors } from './local-author.js';
import { withdraw, withdrawal, type Deed } from './withdraw.js';

const SINCE = sinceEach(
  'notifications.reposts_since',
  `select id, actor_id as "actorId" from reposts where post_id = g."subjectId" and id > g."sinceId"`,
);
const WITHDRAW = withdrawal(
  'notifications.withdraw_repost',
  `n.kind = 'REPOST' and n.group_key = w."subjectId"::text`,
  'exists (select from reposts r where r.post_id = w."subjectId" and r.actor_id = w."actorId")',
);

/** What the reposts of posts are gathered for; those of which nobody here is to be told are left out. */
export async function gatheringsOfReposts(
  reader: Reader,
  postIds: readonly PostId[],
): Promise<Gathering[]> {
  const authors = await findLocalAuthors(reader, postIds);
  return authors.map((one) => ({ ...one, source: 'reposts' }));
}

/** Reposts behind an id, the oldest first. */
export function findRepostsSince(reader: Reader, since: readonly Since[]): Promise<Found[]> {
  return reader.rows<Found>(SINCE, [JSON.stringify(since)]);
}

/** Takes those out of the reposts who do not repost it any more. */
export function withdrawReposts(tx: Transaction, deeds: readonly Deed[]): Promise<void> {
  return withdraw(tx, WITHDRAW, deeds);
}
