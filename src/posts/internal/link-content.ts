/** Keeps the rows that a text implies: who is mentioned, which hashtags are used. */
import { randomUUID } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { statementForMany } from '../../platform/db/for-many.js';
import { forgetLink, keepLink } from './keep-link.js';
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
const ADD_HASHTAGS = statementForMany(
  'posts.add_hashtags',
  `insert into hashtags (id, name, display_name, created_at)
   select t.id, t.name, t."displayName", asked.now
   from jsonb_to_recordset($1::jsonb) as asked(now timestamptz, hashtags jsonb)
     cross join lateral jsonb_to_recordset(asked.hashtags) as t(id uuid, name text, "displayName" text)
   order by t.name on conflict (name) do nothing`,
);
const DROP_HASHTAG_USES = statement(
  'posts.drop_hashtag_uses',
  'delete from post_hashtags where post_id = $1',
);
const ADD_HASHTAG_USES = statementForMany(
  'posts.add_hashtag_uses',
  `insert into post_hashtags (hashtag_id, post_id)
   select h.id, asked.id from jsonb_to_recordset($1::jsonb) as asked(id uuid, names text[])
     join hashtags h on h.name = any(asked.names)`,
);

/** What a text implies. */
type LinkedContent = Pick<Content, 'hashtags' | 'mentionedIds' | 'firstLink'>;

/**
 * Makes mentions, hashtags and the link preview of a post or comment those of its text.
 *
 * @returns who was not mentioned before
 */
export async function linkContent(
  tx: Transaction,
  id: PostId | CommentId,
  content: LinkedContent,
  now: Date,
): Promise<ActorId[]> {
  if (content.firstLink === null) await forgetLink(tx, id);
  await tx.rows(DROP_HASHTAG_USES, [id]);
  await tx.rows(DROP_MENTIONS, [id, content.mentionedIds]);
  return linkNewContent(tx, id, content, now);
}

/**
 * The same for what was not there before.
 *
 * @returns who is mentioned
 */
export async function linkNewContent(
  tx: Transaction,
  id: PostId | CommentId,
  content: LinkedContent,
  now: Date,
): Promise<ActorId[]> {
  if (content.firstLink !== null) await keepLink(tx, id, content.firstLink, now);
  if (content.hashtags.length > 0) {
    // By chance: an id with a time in it would tell who follows a hashtag when others, unseen, began to use it.
    const hashtags = content.hashtags.map((hashtag) => ({ ...hashtag, id: randomUUID() }));
    await tx.ask(ADD_HASHTAGS, { hashtags, now });
    await tx.ask(ADD_HASHTAG_USES, { id, names: hashtags.map(({ name }) => name) });
  }
  if (content.mentionedIds.length === 0) return [];
  const added = await tx.rows<{ actorId: ActorId }>(ADD_MENTIONS, [id, content.mentionedIds]);
  return added.map(({ actorId }) => actorId);
}
