/** Everything that somebody chose for feeds, for their archive. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { WEIGHT_UNIT } from '../ranking/signal.js';
import { findFeedPreferences } from './feed-preferences.queries.js';

const HIDDEN = statement(
  'feed_choices.hidden_authors',
  `select a.uri from hidden_feed_authors hidden join actors a on a.id = hidden.actor_id where hidden.owner_id = $1 order by a.uri`,
);
const LESS = statement(
  'feed_choices.less',
  `select p.uri, given_at as "givenAt" from feed_feedback join posts p on p.id = post_id where owner_id = $1 order by given_at`,
);
const FORGOTTEN = statement(
  'feed_choices.forgotten',
  `select a.uri as account, h.name as hashtag, reset_at as "forgottenAt" from interest_resets reset
     left join actors a on a.id = reset.actor_id left join hashtags h on h.id = reset.hashtag_id
   where reset.owner_id = $1 order by reset_at, reset.actor_id, reset.hashtag_id`,
);

/** Choices, what is to be shown less of, and what is to be forgotten; plain values. */
export async function findFeedChoices(reader: Reader, ownerId: ActorId): Promise<object> {
  const chosen = await findFeedPreferences(reader, ownerId);
  const weights = Object.entries(chosen.weights).map(([name, weight]) => [
    name,
    weight / WEIGHT_UNIT,
  ]);
  const hidden = await reader.rows<{ uri: string }>(HIDDEN, [ownerId]);
  return {
    defaultAlgorithm: chosen.algorithm,
    profilingEnabled: chosen.isProfiled,
    weights: Object.fromEntries(weights) as Record<string, number>,
    mutedHashtags: chosen.mutedHashtags,
    excludeAi: chosen.hidesAi,
    dailyLimitMinutes: chosen.dailyLimitMinutes,
    forgottenBefore: chosen.forgottenBefore,
    hiddenAuthors: hidden.map(({ uri }) => uri),
    lessLikeThis: await reader.rows(LESS, [ownerId]),
    forgottenInterests: await reader.rows(FORGOTTEN, [ownerId]),
  };
}
