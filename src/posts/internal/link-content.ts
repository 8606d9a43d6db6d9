/** Keeps the rows that a text implies: who is mentioned, which hashtags are used. */
import { randomUUID } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { keepLink } from './keep-link.js';
import type { Content } from '../content/compose-content.js';
import type { CommentId, PostId } from '../post.entity.js';

const DROP_MENTIONS = statement(
  'posts.drop_mentions',
  'delete from post_mentions where post_id = $1 and actor_id <> all($2::uuid[])',
);
const ADD_MENTIONS = statement(
  'posts.add_mentions',
  `insert into post_mentions (post_id, actor_id) select $1, id from unnest($2::uuid[]) as id
   on conflict do nothing returning actor_id as "actorId"`,
);
// In the order of names, so that two posts with the same new hashtags never wait for each other in a circle.
const ADD_HASHTAGS = statement(
  'posts.add_hashtags',
  `insert into hashtags (id, name, display_name, created_at)
   select id, name, "displayName", $2 from jsonb_to_recordset($1::jsonb) as t(id uuid, name text, "displayName" text)
   order by name on conflict (name) do nothing`,
);
const DROP_HASHTAG_USES = statement(
  'posts.drop_hashtag_uses',
  'delete from post_hashtags where post_id = $1',
);
const ADD_HASHTAG_USES = statement(
  'posts.add_hashtag_uses',
  'insert into post_hashtags (hashtag_id, post_id) select id, $1 from hashtags where name = any($2::text[])',
);

/**
 * Makes mentions, hashtags and the link preview of a post or comment those of its text.
 *
 * @returns who was not mentioned before
 */
export async function linkContent(
  tx: Transaction,
  id: PostId | CommentId,
  content: Pick<Content, 'hashtags' | 'mentionedIds' | 'firstLink'>,
  now: Date,
): Promise<ActorId[]> {
  await keepLink(tx, id, content.firstLink, now);
  await tx.rows(DROP_HASHTAG_USES, [id]);
  if (content.hashtags.length > 0) {
    // By chance: an id with a time in it would tell who follows a hashtag when others, unseen, began to use it.
    const hashtags = content.hashtags.map((hashtag) => ({ ...hashtag, id: randomUUID() }));
    await tx.rows(ADD_HASHTAGS, [JSON.stringify(hashtags), now]);
    await tx.rows(ADD_HASHTAG_USES, [id, hashtags.map(({ name }) => name)]);
  }
  await tx.rows(DROP_MENTIONS, [id, content.mentionedIds]);
  if (content.mentionedIds.length === 0) return [];
  const added = await tx.rows<{ actorId: ActorId }>(ADD_MENTIONS, [id, content.mentionedIds]);
  return added.map(({ actorId }) => actorId);
}
