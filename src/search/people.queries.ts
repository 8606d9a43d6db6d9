/**
 * People by their names. Who does not want to be found is found by their followers and by whoever knows the whole name.
 * Blocks rule out in both directions.
 */
import type { ActorId } from '../actors/actor.entity.js';
import { bothWays, LOWEST_ID } from '../platform/db/both-ways.js';
import type { Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { blockedBetween, isShown } from '../posts/visibility.js';
import type { WrittenName } from './search-text.js';

/** A person and the sort key: how well the name fits, followers, id. */
export interface FoundActor {
  readonly id: ActorId;
  readonly fit: number;
  readonly followers: number;
}

// Of people whom the viewer does not follow only so many are looked at, whose names begin so or are alike.
const STRANGERS = 5000;

const FOLLOWED = `select followee_id from follows where follower_id = $4 and state = 'ACCEPTED'`;
const IS_FOLLOWED = `exists (select from follows where follower_id = $4 and followee_id = a.id and state = 'ACCEPTED')`;
const BEGINS = `a.names_folded like word_beginning($7) and a.names_folded like all (word_beginnings($8::text[]))`;
// Of short names too many are alike.
const IS_ALIKE = `char_length($5) >= 4 and fold_text($5) <% a.names_folded`;
const HAS_WORDS = `cardinality($8::text[]) > 0`;
const IS_NAMED = `lower(a.username) = lower($5) and coalesce(a.domain, $9) = coalesce($6, $9)`;

const FIND = bothWays({
  name: null,
  order: 'desc',
  lowest: ['0', '0', LOWEST_ID],
  highest: ['5', '0', LOWEST_ID],
  text: ({ beyond, order }) => `with candidate as (
     ${FOLLOWED}
     union select a.id from actors a where ${IS_NAMED}
     union (select a.id from actors a where ${HAS_WORDS} and a.is_discoverable and ${BEGINS} limit ${STRANGERS})
     union (select a.id from actors a where ${HAS_WORDS} and a.is_discoverable and ${IS_ALIKE} limit ${STRANGERS})
   ), fitting as (
     select a.id, case when a.hides_follow_lists then 0 else coalesce(counts.followers, 0) end as followers, case
       when ${IS_NAMED} then 4
       when $6::text is not null and coalesce(a.domain, $9) <> $6 then 0
       when a.status = 'LIMITED' and not ${IS_FOLLOWED} then 0
       when not ${HAS_WORDS} then 0
       when cardinality($8::text[]) = 1 and a.names_folded like substr(word_beginning($7), 2) then 3
       when ${BEGINS} then 2
       when ${IS_ALIKE} then 1 else 0 end as fit
     from candidate join actors a on a.id = candidate.followee_id
       left join actor_counts counts on counts.actor_id = a.id
     where ${isShown('a.status')} and not ${blockedBetween('a.id', '$4::uuid')} and (not $10::boolean or a.domain is null)
   )
   select id, fit, followers from fitting
   where fit > 0 and (fit, followers, id) ${beyond} ($1::int, $2::int, $3::uuid)
   order by fit ${order}, followers ${order}, id ${order} limit $11`,
});

/**
 * A page of people whose names fit: the whole username, then usernames that begin so, then names of which each word
 * begins so, then names that are alike; among equals those with most followers. The place, which clients get in cursors,
 * does not tell the followers of somebody who hides them.
 *
 * @param localDomain domain of this server
 */
export async function findPeopleByName(
  reader: Reader,
  viewerId: ActorId,
  { name, domain, words }: WrittenName,
  options: { readonly localOnly: boolean; readonly localDomain: string },
  request: PageRequest,
): Promise<Page<FoundActor>> {
  // The index is asked for the longest one, which rules out most.
  const longest = words.reduce((one, other) => (other.length > one.length ? other : one), '');
  const { query, from } = FIND(request);
  const rows = await reader.rows<FoundActor>(query, [
    ...from,
    viewerId,
    name,
    domain,
    longest,
    words,
    options.localDomain,
    options.localOnly,
    request.size + 1,
  ]);
  return toPage(request, rows);
}
