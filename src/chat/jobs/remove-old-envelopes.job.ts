/** Lets encrypted messages go whose time is over. */
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { firstIdAt } from '../../platform/ids.js';
import { defineJob } from '../../platform/jobs/job.js';

/** Encrypted messages are kept so long for devices that are away. */
export const ENVELOPE_DAYS = 30;

const DAY_SECONDS = 86_400;
const BATCH = 500;

const OLD = statement(
  'chat_messages.remove_old',
  `delete from chat_messages where id in (
     select id from chat_messages where kind <> 'PLAINTEXT' and id < $1 order by id limit ${BATCH}) returning 1`,
);
const EXPIRED = statement(
  'chat_messages.remove_expired',
  `delete from chat_messages where id in (
     select id from chat_messages where expires_at <= $1 order by expires_at limit ${BATCH}) returning 1`,
);

/** Runs by the clock; places of mailboxes go with their messages. */
export const removeOldEnvelopes = defineJob<Record<string, never>>(
  'removeOldEnvelopes',
  async ({ database, clock }) => {
    const now = clock.now();
    const horizon = firstIdAt<'chatmessage'>(addSeconds(now, -ENVELOPE_DAYS * DAY_SECONDS));
    while ((await database.rows(OLD, [horizon])).length === BATCH);
    while ((await database.rows(EXPIRED, [now])).length === BATCH);
  },
);
