/** What a Create or Update is about, where it is only named: asked for where it stands. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { blockedBetween, isShown } from '../../posts/visibility.js';
import { fetchDocument, type IdentifiedDocument } from '../internal/fetch-document.js';
import { idsOf } from '../internal/read-properties.js';
import type { KeyOwner } from '../signing-keys.js';
import type { Receiving } from './receiving.js';

const READER = statement(
  'federation.reader',
  `select a.id as "actorId", a.uri from actors a
   where a.domain is null and a.uri = any($1::text[]) and ${isShown('a.status')} and not ${blockedBetween('a.id', '$2')}
   union all
   select a.id, a.uri from follows f join actors a on a.id = f.follower_id
   where $3 and f.followee_id = $2 and f.state = 'ACCEPTED' and a.domain is null and ${isShown('a.status')}
     and not ${blockedBetween('a.id', '$2')}
   limit 1`,
);

/** Who asks for nobody in particular is told this where others would be answered. */
const REFUSALS = new Set([401, 403, 404]);

/**
 * The object of an activity from where it stands. What its server does not give to everybody is asked for once more by
 * somebody here for whom the activity is.
 *
 * @throws {OutsideUnavailable} when it is not there
 * @throws {MalformedDocument} when what is there is something else
 */
export async function fetchSentObject(
  receiving: Receiving,
  uri: string,
): Promise<IdentifiedDocument> {
  const { context } = receiving;
  try {
    return await fetchDocument(context, uri);
  } catch (error) {
    if (!(error instanceof OutsideUnavailable) || !REFUSALS.has(error.status ?? 0)) throw error;
    const reader = await readerOf(receiving);
    if (!reader) throw error;
    return fetchDocument(context, uri, reader);
  }
}

/** Somebody here whom it names, or else who follows the sender and is meant by that; null = nobody. */
function readerOf({ context, sender, activity }: Receiving): Promise<KeyOwner | null> {
  const { to, cc } = activity.body;
  const named = [...idsOf(to), ...idsOf(cc)].slice(0, MOST_NAMED);
  const isForFollowers = sender.followersUri !== null && named.includes(sender.followersUri);
  return context.database.row<KeyOwner & { readonly actorId: ActorId }>(READER, [
    named,
    sender.actorId,
    isForFollowers,
  ]);
}

const MOST_NAMED = 100;
