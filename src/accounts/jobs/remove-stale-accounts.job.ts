/** Forgets, once a day, what nobody will come back for: registrations without proof, old tokens and sessions, addresses. */
import { statement } from '../../platform/db/database.js';
import { addSeconds } from '../../platform/clock.js';
import { defineJob } from '../../platform/jobs/job.js';

const DAY_SECONDS = 86_400;
/** Longer than a verification link lives, so that a letter can be asked for again. */
const UNVERIFIED_DAYS = 7;
const KEPT_DAYS = 30;

// The name becomes free again: nobody has ever seen these actors.
const REMOVE_ACCOUNTS = statement(
  'accounts.remove_stale',
  `with stale as (
     delete from accounts
     where (state = 'AWAITING_EMAIL' and created_at < $1) or (state = 'REJECTED' and updated_at < $2)
     returning actor_id)
   delete from actors where id in (select actor_id from stale) and status = 'PENDING'`,
);
const REMOVE_TOKENS = statement(
  'one_time_tokens.remove_expired',
  'delete from one_time_tokens where expires_at < $1',
);
const REMOVE_SESSIONS = statement(
  'sessions.remove_ended',
  'delete from sessions where revoked_at < $1 or expires_at < $1',
);
// A session lives while it is used: where somebody was when it began is not kept for years with it.
const FORGET_ADDRESSES = statement(
  'sessions.forget_addresses',
  'update sessions set client_address = null where client_address is not null and created_at < $1',
);
const REMOVE_CHANGES = statement(
  'email_changes.remove_old',
  'delete from email_changes where requested_at < $1',
);

/**
 * Removes registrations that were not confirmed within 7 days, what ended 30 days ago, and network addresses of
 * sessions that began then.
 */
export const removeStaleAccounts = defineJob<Record<string, never>>(
  'removeStaleAccounts',
  async ({ database, clock }) => {
    const now = clock.now();
    const kept = addSeconds(now, -KEPT_DAYS * DAY_SECONDS);
    await database.transaction((tx) =>
      tx.rows(REMOVE_ACCOUNTS, [addSeconds(now, -UNVERIFIED_DAYS * DAY_SECONDS), kept]),
    );
    await database.rows(REMOVE_TOKENS, [now]);
    await database.rows(REMOVE_SESSIONS, [kept]);
    await database.rows(FORGET_ADDRESSES, [kept]);
    await database.rows(REMOVE_CHANGES, [kept]);
  },
);
