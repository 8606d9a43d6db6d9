/** Who is to get a letter with unread notifications, and what stands in it. */
import type { AccountId } from '../accounts/account.entity.js';
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { DigestFrequency } from './notification-preferences.js';

/** Somebody whose letter is due. */
export interface DueDigest {
  readonly accountId: AccountId;
  readonly recipientId: ActorId;
  readonly frequency: Exclude<DigestFrequency, 'OFF'>;
  /** What stood in the letter before, and all below it, is not told again; null = no letter yet. */
  readonly toldPosition: string | null;
}

/** People looked at together. */
export const DIGEST_BATCH = 500;

// A little less than the whole pause, so that the hour at which letters are sent does not wander.
const DUE = `from notification_preferences p join accounts account on account.actor_id = p.actor_id
  where p.digest <> 'OFF' and account.state = 'ACTIVE' and account.email_verified_at is not null
    and (p.digest_sent_at is null
      or p.digest_sent_at <= $1::timestamptz - case p.digest when 'DAILY' then interval '23 hours' else interval '167 hours' end)`;
const COLUMNS = `account.id as "accountId", p.actor_id as "recipientId", p.digest as frequency, p.digest_position as "toldPosition"`;

const DUE_AFTER = statement(
  'digests.due',
  `select ${COLUMNS} ${DUE} and p.actor_id > $2
     and exists (select from notifications n where n.recipient_id = p.actor_id
       and n.position > coalesce(greatest(p.digest_position, p.read_position), '00000000-0000-0000-0000-000000000000'))
   order by p.actor_id limit ${DIGEST_BATCH}`,
);
const DUE_ONE = statement('digests.due_one', `select ${COLUMNS} ${DUE} and account.id = $2`);

/** People whose letter is due and who have something above what they were told or have read, by actor id. */
export function findDueDigests(reader: Reader, now: Date, after: string): Promise<DueDigest[]> {
  return reader.rows<DueDigest>(DUE_AFTER, [now, after]);
}

/** The letter of one person, if it is due. */
export function findDueDigest(
  reader: Reader,
  now: Date,
  accountId: AccountId,
): Promise<DueDigest | null> {
  return reader.row<DueDigest>(DUE_ONE, [now, accountId]);
}
