/**
 * People of other servers who are named before anybody here knows them. What is for named people is for them, too: once
 * one becomes known, they are mentioned where they were named.
 */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import type { CommentId, PostId } from './post.entity.js';

/** So many of one text. */
const MOST_AWAITED = 20;

const DROP = statement(
  'awaited_mentions.drop',
  'delete from awaited_mentions where post_id = $1 and uri <> all($2::text[])',
);
const ADD = statement(
  'awaited_mentions.add',
  `insert into awaited_mentions (uri, post_id)
   select named.uri, p.id from posts p cross join unnest($2::text[]) named (uri)
   where p.id = $1 and p.deleted_at is null and not exists (select from actors where uri = named.uri)
   limit ${MOST_AWAITED} on conflict do nothing`,
);
const ARRIVED = statement(
  'awaited_mentions.arrived',
  `with named as (delete from awaited_mentions where uri = $1 returning post_id)
   insert into post_mentions (post_id, actor_id) select post_id, $2 from named on conflict do nothing`,
);
const FIND = statement(
  'awaited_mentions.of_thread',
  `select a.uri from posts p join awaited_mentions a on a.post_id = coalesce(p.root_id, p.id)
   where p.id = $1 order by a.uri limit $2`,
);

/** Remembers those whom a text names now and nobody here knows. Needs a transaction. */
export async function awaitMentions(
  tx: Transaction,
  id: PostId | CommentId,
  uris: readonly string[],
): Promise<void> {
  await tx.rows(DROP, [id, uris]);
  if (uris.length > 0) await tx.rows(ADD, [id, uris]);
}

/** Somebody is known from now on: they are mentioned where they were named. Needs a transaction. */
export async function mentionArrived(
  tx: Transaction,
  uri: string,
  actorId: ActorId,
): Promise<void> {
  await tx.rows(ARRIVED, [uri, actorId]);
}

/** Those whom a post, or the post of a comment, names and nobody here knows. */
export async function findAwaited(
  reader: Reader,
  id: PostId | CommentId,
  limit: number,
): Promise<string[]> {
  return (await reader.rows<{ uri: string }>(FIND, [id, limit])).map(({ uri }) => uri);
}
