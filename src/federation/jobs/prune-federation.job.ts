/** Lets go of what was received and sent once nobody needs it any more. What is gone on other servers stays in mind. */
import { addSeconds } from '../../platform/clock.js';
import { statement, type Statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { GIVEN_UP_AFTER_SECONDS } from '../internal/unreachable-hosts.js';

const KEPT_SECONDS = 30 * 24 * 60 * 60;
/** What had no effect: as long as its sender may try again, and somebody may ask why. */
const REFUSED_KEPT_SECONDS = 2 * 24 * 60 * 60;
const BATCH = 1_000;
/** Of each kind in one run; the next one goes on. */
const MOST_BATCHES = 100;

const RECEIVED = statement(
  'received_activities.prune',
  `delete from received_activities where id in (select id from received_activities
     where received_at < $1 and handled_at is not null order by received_at limit ${BATCH}) returning 1`,
);
const REFUSED = statement(
  'received_activities.prune_refused',
  `delete from received_activities where id in (select id from received_activities
     where received_at < $1 and refusal is not null and handled_at is not null order by received_at limit ${BATCH}) returning 1`,
);
// What was taken back goes with what took it back: alone, it would count as standing again.
const SENT = statement(
  'sent_activities.prune',
  `with old as materialized (select id, uri, actor_id, subject_id, body from sent_activities s
     where not is_lasting and created_at < $1
       and not exists (select from deliveries d where d.activity_id = s.id and d.state = 'PENDING')
     order by created_at limit ${BATCH}),
   ended as (delete from sent_activities s using old where s.is_lasting and s.actor_id = old.actor_id
     and (old.uri = s.uri || '/undo'
       or s.subject_id = old.subject_id and exists (select from posts where id = s.subject_id and deleted_at is not null
         and removed_at is null))
     and not exists (select from deliveries d where d.activity_id = s.id and d.state = 'PENDING'))
   delete from sent_activities where id in (select id from old) returning 1`,
);
// What the server itself said, mostly of encrypted conversations, goes once it has arrived or its own time is over: whoever
// missed that asks.
const OF_CONVERSATIONS = statement(
  'sent_activities.prune_of_conversations',
  `delete from sent_activities where id in (select s.id from sent_activities s
     where s.actor_id is null and not s.is_lasting and ((s.body::jsonb #>> '{object,expires}')::timestamptz <= $1
       or not exists (select from deliveries d where d.activity_id = s.id and d.state in ('PENDING', 'PARKED')))
     order by s.created_at limit ${BATCH}) returning 1`,
);
// What nobody came back for: its job is long over.
const WAITING = statement(
  'waiting_notes.prune',
  'delete from waiting_notes where created_at < $1 returning 1',
);
// A host that stays away for so long learns nothing of it any more.
const PARKED = statement(
  'deliveries.end_parked',
  `update deliveries set state = 'FAILED' where (activity_id, inbox_url) in (select d.activity_id, d.inbox_url
     from deliveries d join sent_activities s on s.id = d.activity_id
     where d.state = 'PARKED' and s.created_at < $1 limit ${BATCH}) returning 1`,
);
const HOSTS = statement(
  'unreachable_hosts.prune',
  `delete from unreachable_hosts h where next_attempt_at < $1
     and not exists (select from deliveries d where d.host = h.host and d.state = 'PENDING') returning 1`,
);
const KEYS = statement(
  'signing_keys.prune',
  `delete from signing_keys k using actors a where a.id = k.actor_id and a.status = 'DELETED' and a.reopens_as is null
     and a.updated_at < $1 and not exists (select from sent_activities s join deliveries d on d.activity_id = s.id
       where s.actor_id = a.id and d.state in ('PENDING', 'PARKED')) returning 1`,
);

// Nothing is signed with it any more once what was said before it was replaced has been given up.
const FORMER_PRIVATE = statement(
  'former_signing_keys.close',
  `update former_signing_keys set sealed_private_key = null where replaced_at < $1 and sealed_private_key is not null returning 1`,
);
const FORMER = statement(
  'former_signing_keys.prune',
  'delete from former_signing_keys where replaced_at < $1 returning 1',
);

/** Runs by the clock; what one run leaves the next one finds. */
export const pruneFederation = defineJob<Record<string, never>>(
  'pruneFederation',
  async ({ database, clock }) => {
    const before = addSeconds(clock.now(), -KEPT_SECONDS);
    const refusedBefore = addSeconds(clock.now(), -REFUSED_KEPT_SECONDS);
    const prune = async (what: Statement, end = before): Promise<number> =>
      (await database.rows(what, [end])).length;
    const pruneAll = async (what: Statement, end = before): Promise<void> => {
      for (let batch = 0; batch < MOST_BATCHES && (await prune(what, end)) === BATCH; batch++);
    };
    await pruneAll(REFUSED, refusedBefore);
    await pruneAll(OF_CONVERSATIONS, clock.now());
    for (const what of [RECEIVED, PARKED, SENT]) await pruneAll(what);
    for (const what of [HOSTS, KEYS, FORMER, WAITING]) await prune(what);
    await prune(FORMER_PRIVATE, addSeconds(clock.now(), -GIVEN_UP_AFTER_SECONDS));
  },
);
