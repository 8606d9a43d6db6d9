/** Reads of remixes: of what videos are made, what is made of them, and who may make what. */
import type { ActorId } from '../actors/actor.entity.js';
import type { RemixPolicy } from '../actors/visibility.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { batchedPage } from '../posts/page-sql.js';
import type { PostId } from '../posts/post.entity.js';
import { selectedVisibleTo, selectPosts, type PostRow } from '../posts/post.queries.js';
import type { RemixKind, RemixOf, RemixPolicies } from './remix.js';

const OF_POSTS = statement(
  'remixes.of_posts',
  `select part.post_id as "postId", r.kind, case when r.detached_at is null then r.original_id end as "originalId"
   from post_media part join remixes r on r.media_id = part.media_id where part.post_id = any($1::uuid[])`,
);
const REMIXES = batchedPage('remixes.of_originals', {
  select: `${selectPosts('$4::uuid', 'remixes r join posts p on p.id = r.post_id')}
    where r.original_id = owner.id and r.post_id is not null and r.detached_at is null
      and ($5::text is null or r.kind = $5) and ${selectedVisibleTo('$4::uuid')}`,
  key: 'r.post_id',
});

/** A policy by its name: of the post, else as its author has set for themselves now. */
const policyOf = (column: string, setting: string) =>
  `coalesce(chosen.${column}, settings->>'${setting}', 'EVERYONE') as ${column}`;
const POLICIES = statement(
  'remixes.policies',
  `select p.id, ${policyOf('duet', 'defaultDuetPolicy')}, ${policyOf('stitch', 'defaultStitchPolicy')},
     ${policyOf('sound', 'defaultSoundPolicy')}
   from posts p left join remix_policies chosen on chosen.post_id = p.id
     left join accounts on accounts.actor_id = p.author_id
   where p.id = any($1::uuid[])`,
);

/** Of what posts are made, as far as they are remixes. */
export function findRemixesOf(reader: Reader, postIds: readonly string[]): Promise<RemixOf[]> {
  return reader.rows<RemixOf>(OF_POSTS, [postIds]);
}

/** A page of the remixes of each of several videos, the newest first. `kind` null = of every kind. */
export function findRemixes(
  reader: Reader,
  originalIds: readonly string[],
  kind: RemixKind | null,
  request: PageRequest,
  viewerId: ActorId | null,
): Promise<(PostRow & { ownerId: PostId })[]> {
  return reader.rows(...REMIXES(originalIds, request, [viewerId, kind]));
}

interface PolicyRow {
  readonly id: PostId;
  readonly duet: RemixPolicy;
  readonly stitch: RemixPolicy;
  readonly sound: RemixPolicy;
}

/** Who may make what of posts. */
export async function findRemixPolicies(
  reader: Reader,
  postIds: readonly string[],
): Promise<Map<PostId, RemixPolicies>> {
  const rows = await reader.rows<PolicyRow>(POLICIES, [postIds]);
  return new Map(
    rows.map(({ id, duet, stitch, sound }) => [id, { DUET: duet, STITCH: stitch, SOUND: sound }]),
  );
}
