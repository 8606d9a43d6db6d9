/** Which causes reach their recipient: at once, as a request, or not at all. */
import { statement, type Transaction } from '../../platform/db/database.js';
import { notFiltered } from '../../posts/filtered.js';
import { visibleTo } from '../../posts/visibility.js';
import { packVisibleTo } from '../../starterpacks/starter-pack-visibility.js';
import { storyVisibleTo } from '../../stories/story-visibility.js';
import { UNFILTERED_KINDS } from '../notification-kinds.js';
import type { Cause } from '../notify.js';
import { mayNotify } from './shown-actor.js';

/** An account counts as new for this long. */
export const NEW_ACCOUNT_DAYS = 30;

/** A cause that is let in; HELD ones wait behind a request. */
export interface AdmittedCause extends Cause {
  readonly state: 'SHOWN' | 'HELD';
}

const follows = (follower: string, followee: string): string =>
  `exists (select from follows where follower_id = ${follower} and followee_id = ${followee} and state = 'ACCEPTED')`;
const RECIPIENT = 'cause."recipientId"';
const ACTOR = 'cause."actorId"';

/**
 * What the policy says of somebody whom the recipient neither follows nor has accepted: its strictest rule that applies.
 * Whomever the staff limited waits in any case.
 */
const BY_POLICY = `(select case max(case rule.choice when 'DROP' then 2 when 'REQUEST' then 1 else 0 end)
    when 2 then 'DROPPED' when 1 then 'HELD' else 'SHOWN' end
  from (values (preferences.from_not_followed, true),
    (preferences.from_strangers, not ${follows(ACTOR, RECIPIENT)}),
    (preferences.from_new_accounts, who.joined_at > $2::timestamptz - interval '${NEW_ACCOUNT_DAYS} days'),
    ('REQUEST', who.status = 'LIMITED')
  ) as rule (choice, applies) where rule.applies)`;

const ADMIT = statement(
  'notifications.admit',
  `select cause.place, case
     when preferences.actor_id is null and who.status is distinct from 'LIMITED' or ${ACTOR} is null or cause.kind = any($3::text[])
       or ${follows(RECIPIENT, ACTOR)}
       or exists (select from notification_requests r
         where r.recipient_id = ${RECIPIENT} and r.actor_id = ${ACTOR} and r.state = 'ACCEPTED') then 'SHOWN'
     else ${BY_POLICY} end as state
   from jsonb_to_recordset($1::jsonb)
     as cause(place int, "recipientId" uuid, kind text, "postId" uuid, "storyId" uuid, "starterPackId" uuid, "actorId" uuid)
   join accounts account on account.actor_id = ${RECIPIENT} and account.state = 'ACTIVE'
   left join actors who on who.id = ${ACTOR}
   left join notification_preferences preferences on preferences.actor_id = ${RECIPIENT}
   where ${ACTOR} is distinct from ${RECIPIENT}
     and (${ACTOR} is null or ${mayNotify('who', RECIPIENT, '$2::timestamptz')})
     and not coalesce(cause.kind = any(preferences.silent_kinds), false)
     and (cause."postId" is null or exists (select from posts p
       where p.id = cause."postId" and ${visibleTo('p', RECIPIENT)}
         and ${notFiltered('p', { viewer: RECIPIENT, now: '$2::timestamptz' }, 'NOTIFICATIONS')}))
     and (cause."storyId" is null or exists (select from stories s
       where s.id = cause."storyId" and ${storyVisibleTo('s', RECIPIENT, '$2')}))
     and (cause."starterPackId" is null or exists (select from starter_packs pack
       where pack.id = cause."starterPackId" and ${packVisibleTo('pack', RECIPIENT)}))
   order by cause.place`,
);

/** The causes that are let in, in their order; one statement however many there are. */
export async function admitCauses(
  tx: Transaction,
  causes: readonly Cause[],
  now: Date,
): Promise<AdmittedCause[]> {
  const placed = causes.map((cause, place) => ({ ...cause, place }));
  const rows = await tx.rows<{ place: number; state: AdmittedCause['state'] | 'DROPPED' }>(ADMIT, [
    JSON.stringify(placed),
    now,
    UNFILTERED_KINDS,
  ]);
  return rows.flatMap(({ place, state }) =>
    state === 'DROPPED' ? [] : [{ ...causes[place]!, state }],
  );
}
