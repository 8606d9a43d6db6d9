/** Looks after mirrored conversations by the clock: what was missed in an outage, and what a hub has still to hear. */
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { firstIdAt } from '../../platform/ids.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { hubErrandDue, mirrorBehind } from '../chat.events.js';
import type { ConversationId } from '../conversation.js';
import { forgetFounders } from '../internal/mirror/founders.js';
import { forgetSilent, mayBeAsked } from '../internal/mirror/silent-hubs.js';
import { forgetSubmitted } from '../internal/mirror/submitted.js';
import { waitingErrands } from '../run-hub-errands.js';
import { ENVELOPE_DAYS } from './remove-old-envelopes.job.js';

/** What was not had is asked for again after so long, where the hub answers. */
const AGAIN_SECONDS = 60;
/** Conversations of one run. */
const BATCH = 200;
const DAY_SECONDS = 86_400;

const BEHIND = statement(
  'mirror_checks.behind',
  `select conversation.id from mirror_checks checked join conversations conversation on conversation.id = checked.conversation_id
   where checked.is_behind and checked.checked_at < $1 and ${mayBeAsked('conversation', '$2::timestamptz')}
   order by checked.checked_at limit ${BATCH}`,
);
// The longer nothing was written, the more rarely it is asked for: from once in an hour to once in a day.
const QUIET = statement(
  'mirror_checks.quiet',
  `select conversation.id from conversations conversation left join mirror_checks checked on checked.conversation_id = conversation.id
   where conversation.hub_uri is not null and ${mayBeAsked('conversation', '$1::timestamptz')}
     and greatest(checked.checked_at, conversation.updated_at) < $1::timestamptz - greatest(interval '1 hour',
       least(interval '1 day', ($1::timestamptz - conversation.updated_at) / 4))
     and exists (select from conversation_devices device join actors a on a.id = device.actor_id
       where device.conversation_id = conversation.id and device.left_sequence is null and a.domain is null)
   limit ${BATCH}`,
);
const FORGET_PLACES = statement(
  'mirror_places.forget',
  'delete from mirror_places where placed_at < $1',
);
// Where nobody of here takes part and nothing is in a mailbox, nothing is kept.
const FORGET_MIRRORS = statement(
  'mirrors.forget',
  `delete from conversations where id in (select conversation.id from conversations conversation
     where conversation.hub_uri is not null and conversation.id < $1 and conversation.updated_at < $2
       and not exists (select from conversation_members member join actors a on a.id = member.actor_id
         where member.conversation_id = conversation.id and a.domain is null)
       and not exists (select from chat_messages where conversation_id = conversation.id) limit ${BATCH})`,
);

/** Runs by the clock. */
export const visitHubs = defineJob<Record<string, never>>('visitHubs', async (context) => {
  const now = context.clock.now();
  const { database } = context;
  await askAgain(context, now);
  const horizon = addSeconds(now, -ENVELOPE_DAYS * DAY_SECONDS);
  await database.rows(FORGET_PLACES, [horizon]);
  await forgetFounders(database, horizon);
  await forgetSubmitted(database, horizon);
  await forgetSilent(database, horizon);
  const ended = addSeconds(now, -DAY_SECONDS);
  await database.rows(FORGET_MIRRORS, [firstIdAt<'conversation'>(ended), ended]);
});

async function askAgain(context: JobContext, now: Date): Promise<void> {
  const { database } = context;
  const since = addSeconds(now, -AGAIN_SECONDS);
  const behind = await database.rows<{ id: ConversationId }>(BEHIND, [since, now]);
  const quiet = await database.rows<{ id: ConversationId }>(QUIET, [now]);
  const told = await waitingErrands(context, AGAIN_SECONDS);
  const asked = new Set([...behind, ...quiet].map(({ id }) => id));
  await database.transaction(async (tx) => {
    for (const conversationId of asked) await tx.append(mirrorBehind, { conversationId });
    for (const conversationId of told) await tx.append(hubErrandDue, { conversationId });
  });
}
