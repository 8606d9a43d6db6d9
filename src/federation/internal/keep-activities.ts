/** Keeps activities that were let in: each becomes a row, and somebody will carry it out. */
import { newId } from '../../platform/ids.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { gatheredFor } from '../../platform/gathered.js';
import { keyOfJob } from '../../platform/jobs/job.js';
import { isUnderway, underway } from '../../platform/jobs/underway.js';
import {
  activitiesReceived,
  deliveriesDue,
  type ReceivedActivityId,
} from '../federation.events.js';
import { slicesOf } from '../delivery-slices.js';
import { receiveTogether } from '../jobs/receive-together.job.js';
import type { CheckedActivity } from './check-activity.js';
import type { FetchServices } from './fetch-document.js';
import type { JsonObject } from './read-document.js';
import { forgiveHosts } from './unreachable-hosts.js';

// Of two of the same identity the first one stays; what is there already is not told.
const ADDED = `insert into received_activities (id, actor_uri, activity_uri, body, received_at)
   select id, "actorUri", "activityUri", body, $2
   from jsonb_to_recordset($1::jsonb) as r(id uuid, "actorUri" text, "activityUri" text, body jsonb)`;
const ADD = statement(
  'received_activities.add',
  `${ADDED} on conflict (actor_uri, activity_uri) do nothing returning id`,
);
// All that is to be done when somebody is at work on what came before, and none of the hosts was given up: in one statement.
const ADD_TO_WORK = statement(
  'received_activities.add_to_work',
  `with job as materialized (${underway('$3')}),
   ready as materialized (select from job where not exists (select from unreachable_hosts where host = any($4::text[]))),
   added as (${ADDED} where exists (select from ready) on conflict (actor_uri, activity_uri) do nothing returning id)
   select exists (select from ready) as "isDone", array(select id from added) as added`,
);
// The id of a Follow names the pair on some servers: whoever follows again after an Undo repeats it.
const AGAIN = statement(
  'received_activities.again',
  `update received_activities set body = $3::jsonb, received_at = $4, handled_at = null, refusal = null,
     is_apart = false
   where actor_uri = $1 and activity_uri = $2 and body->>'type' = 'Follow' and handled_at is not null returning id`,
);

/** An activity to keep. */
export interface Kept extends CheckedActivity {
  /** Of whoever brought it. */
  readonly senderHost: string;
}

interface NewRow {
  readonly id: ReceivedActivityId;
  readonly actorUri: string;
  readonly activityUri: string;
  readonly body: JsonObject;
}

/** What comes at the same time is kept in one transaction, and answered after its commit. */
export const keepActivity = gatheredFor(
  async ({ database, clock }: FetchServices, all: readonly Kept[]) => {
    const now = clock.now();
    const rows = all.map(({ id: activityUri, actorUri, body }) => {
      return { id: newId<'received'>(now), actorUri, activityUri, body };
    });
    const hosts = [...new Set(all.map(({ senderHost }) => senderHost))];
    const key = keyOfJob(receiveTogether, {});
    const values = [JSON.stringify(rows), now];
    const atWork = await database.row<{ isDone: boolean; added: ReceivedActivityId[] }>(
      ADD_TO_WORK,
      [...values, key, hosts],
    );
    const { isDone, added } = atWork!;
    if (isDone && !rows.some((row) => isRepeated(row, added))) return all.map(() => null);
    await database.transaction(async (tx) => {
      const before = isDone
        ? added
        : (await tx.rows<Pick<NewRow, 'id'>>(ADD, values)).map(({ id }) => id);
      const again = await repeat(
        tx,
        rows.filter((row) => isRepeated(row, before)),
        now,
      );
      // Whoever sends is up again: what waits for them need not wait longer.
      const reached = await forgiveHosts(tx, hosts, now);
      if (reached.length > 0) await tx.append(deliveriesDue, { slices: slicesOf(reached) });
      if ((isDone || before.length === 0) && !again) return;
      if (!(await isUnderway(tx, receiveTogether, {}))) await tx.append(activitiesReceived, {});
    });
    return all.map(() => null);
  },
);

function isRepeated({ id, body }: NewRow, added: readonly ReceivedActivityId[]): boolean {
  return body['type'] === 'Follow' && !added.includes(id);
}

/** Whether any of them is to be carried out again. */
async function repeat(tx: Transaction, rows: readonly NewRow[], now: Date): Promise<boolean> {
  let isAny = false;
  for (const { actorUri, activityUri, body } of rows)
    isAny =
      (await tx.row(AGAIN, [actorUri, activityUri, JSON.stringify(body), now])) !== null || isAny;
  return isAny;
}
