/** Whom somebody may want to mention, the closest first. Blocks rule out in both directions. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PostId } from './post.entity.js';
import { blockedBetween, commentVisibleTo, isShown } from './visibility.js';

/** Most people of one answer. */
export const MENTION_COMPLETIONS = 20;

/** What has been typed after the @. */
export interface MentionBeginning {
  /** Beginning of a username or of a word of a display name, in lower case; may be empty. */
  readonly name: string;
  /** Beginning of a domain, in lower case; null when none was typed. */
  readonly domain: string | null;
  /** The post that is commented on, which the viewer is known to see; null = none. */
  readonly postId: PostId | null;
}

// Everybody in the thread and everybody followed is looked at; of all others only so many whose names begin so.
const THREAD_LENGTH = 500;
const STRANGERS = 200;

const likePrefix = (column: string, prefix: string): string =>
  `lower(${column}) like ${prefix} || '%'`;

const COMPLETE = statement(
  'mentions.complete',
  `with thread as materialized (
     select p.author_id as id from posts p
     where $4::uuid is not null and p.deleted_at is null and (p.id = $4 or p.root_id = $4 and ${commentVisibleTo('p', '$1::uuid')})
     order by p.id desc limit ${THREAD_LENGTH}
   ), candidate as (
     select id from thread
     union select followee_id from follows where follower_id = $1 and state = 'ACCEPTED'
     union (select id from actors where $2 <> '' and ${likePrefix('username', '$2')} order by lower(username) limit ${STRANGERS})
     union (select id from actors where $2 <> '' and ${likePrefix('display_name', '$2')} order by lower(display_name) limit ${STRANGERS})
   ), known as (
     select a.id, a.username, a.is_discoverable and a.status <> 'LIMITED' as is_offered, lower(a.username) = $7 as is_exact,
       exists (select from thread where thread.id = a.id) as is_in_thread,
       exists (select from follows where follower_id = $1 and followee_id = a.id and state = 'ACCEPTED') as is_followed,
       exists (select from follows where follower_id = a.id and followee_id = $1 and state = 'ACCEPTED') as is_follower
     from candidate join actors a on a.id = candidate.id
     where a.id <> $1 and ${isShown('a.status')} and a.status <> 'MEMORIAL' and not ${blockedBetween('a.id', '$1::uuid')}
       and (${likePrefix('a.username', '$2')} or ${likePrefix('a.display_name', '$2')}
         or lower(a.display_name) like '% ' || $2 || '%')
       and ($3::text is null or coalesce(a.domain, $6) like $3 || '%')
   )
   select known.id from known left join actor_counts on actor_counts.actor_id = known.id
   where is_in_thread or is_followed or is_follower or is_offered or is_exact
   order by is_exact desc, is_in_thread desc, is_followed and is_follower desc, is_followed desc, is_follower desc,
     coalesce(actor_counts.followers, 0) desc, lower(known.username), known.id
   limit $5`,
);

/**
 * People to mention: those in the thread, then whom the viewer and they follow, then whom the viewer follows, then
 * followers, then others who want to be found and whom the staff did not limit. A whole username comes first, whoever
 * it is.
 *
 * @param localDomain domain of this server
 */
export async function completeMention(
  reader: Reader,
  viewerId: ActorId,
  { name, domain, postId }: MentionBeginning,
  localDomain: string,
  size: number,
): Promise<ActorId[]> {
  const values = [
    viewerId,
    escapeLike(name),
    domain && escapeLike(domain),
    postId,
    size,
    localDomain,
    name,
  ];
  return (await reader.rows<{ id: ActorId }>(COMPLETE, values)).map(({ id }) => id);
}

function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, '\\$&');
}
