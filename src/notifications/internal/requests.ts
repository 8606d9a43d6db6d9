/** Requests: what a policy keeps back waits behind one per sender until the recipient lets the sender in. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { newId } from '../../platform/ids.js';
import type { NotificationId } from '../notification-kinds.js';
import type { AdmittedCause } from './admission.js';
import { countActors } from './groups.js';

const OPEN = statement(
  'notification_requests.open',
  `insert into notification_requests (recipient_id, actor_id, id, state, created_at)
   select r."recipientId", r."actorId", r.id, 'PENDING', $2
   from jsonb_to_recordset($1::jsonb) as r("recipientId" uuid, "actorId" uuid, id uuid)
   order by r."recipientId", r."actorId"
   on conflict (recipient_id, actor_id) do update set state = notification_requests.state
   returning recipient_id as "recipientId", actor_id as "actorId", state`,
);
const RELEASE = statement(
  'notification_requests.release',
  `with locked as (
     select n.id from notifications n join notification_actors a on a.notification_id = n.id
     where a.actor_id = $2 and a.state = 'HELD' and n.recipient_id = $1 order by n.id for update of n)
   update notification_actors set state = $3
   where actor_id = $2 and state = 'HELD' and notification_id in (select id from locked)
   returning notification_id as "notificationId"`,
);

/** Opens a request for each sender whose causes are held. */
export async function openRequests(
  tx: Transaction,
  causes: readonly AdmittedCause[],
  now: Date,
): Promise<void> {
  const senders = new Map(
    causes
      .filter(({ state }) => state === 'HELD')
      .map(({ recipientId, actorId }) => [`${recipientId} ${actorId}`, { recipientId, actorId }]),
  );
  if (senders.size === 0) return;
  const rows = [...senders.values()].map((sender) => ({ ...sender, id: newId(now) }));
  const requests = await tx.rows<{ recipientId: ActorId; actorId: ActorId; state: string }>(OPEN, [
    JSON.stringify(rows),
    now,
  ]);
  // Accepted since the policy was asked.
  for (const { recipientId, actorId, state } of requests) {
    if (state === 'ACCEPTED') await releaseHeld(tx, recipientId, actorId, 'SHOWN');
  }
}

/** Shows what is held of one sender, or forgets it. */
export async function releaseHeld(
  tx: Transaction,
  recipientId: ActorId,
  actorId: ActorId,
  state: 'SHOWN' | 'GONE',
): Promise<void> {
  const released = await tx.rows<{ notificationId: NotificationId }>(RELEASE, [
    recipientId,
    actorId,
    state,
  ]);
  await countActors(
    tx,
    released.map(({ notificationId }) => notificationId),
  );
}
