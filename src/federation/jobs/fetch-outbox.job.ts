/** Asks another server who one of its actors is now and what they published lately, when somebody here looks at them or begins to follow. */
import type { ActorId } from '../../actors/actor.entity.js';
import { addSeconds } from '../../platform/clock.js';
import { statement } from '../../platform/db/database.js';
import { AT_ONCE, enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob } from '../../platform/jobs/job.js';
import { fetchOutbox } from '../receive/fetch-outbox.js';
import { refreshActor } from '../receive/refresh-remote.js';
import { findRemoteActor, isAbsence } from '../resolve-actor.js';

interface Wanted {
  readonly actorId: ActorId;
  /** Absent = to be found out: those of one host run one after the other. */
  readonly host?: string;
}

interface OutboxRow {
  readonly uri: string;
  readonly host: string;
  readonly outboxUri: string | null;
  readonly fetchedAt: Date | null;
}

const FIND = statement(
  'remote_actors.outbox',
  `select a.uri, r.host, r.outbox_uri as "outboxUri", r.outbox_fetched_at as "fetchedAt"
   from remote_actors r join actors a on a.id = r.actor_id
   where r.actor_id = $1 and a.status in ('ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL') and a.domain_severity <> 'SUSPEND'`,
);
const TRIED = statement(
  'remote_actors.outbox_tried',
  `update remote_actors set outbox_fetched_at = $2 where actor_id = $1`,
);

/** Who was asked is not asked again so soon, whoever looks. */
const FRESH_SECONDS = 24 * 60 * 60;

/** A server that does not answer is not asked again at once: nothing depends on it. */
export const fetchOutboxOf = defineJob<Wanted>(
  'fetchOutboxOf',
  async (context, { actorId, host }) => {
    const { database, clock } = context;
    const row = await database.row<OutboxRow>(FIND, [actorId]);
    const now = clock.now();
    if (!row) return;
    if (row.fetchedAt && row.fetchedAt > addSeconds(now, -FRESH_SECONDS)) return;
    if (host === undefined) {
      const found = { actorId, host: row.host };
      await database.transaction((tx) => enqueueAt(tx, AT_ONCE, fetchOutboxOf, found));
      return;
    }
    await database.transaction((tx) => tx.rows(TRIED, [actorId, now]));
    const actor = (await findRemoteActor(database, row.uri))!;
    if (!(await refreshActor(context, actor)) || row.outboxUri === null) return;
    try {
      await fetchOutbox(context, actor, row.outboxUri);
    } catch (error) {
      if (!isAbsence(error)) throw error;
      context.log.debug({ err: error, uri: row.uri }, 'what somebody said is not to be had');
    }
  },
  {
    asksOutside: true,
    maxAttempts: 2,
    keyOf: ({ actorId, host }) => (host === undefined ? actorId : `${actorId} at ${host}`),
    queueOf: ({ actorId, host }) => host ?? actorId,
  },
);
