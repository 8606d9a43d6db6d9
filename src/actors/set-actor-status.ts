/**
 * What the staff decided about an actor, as everybody's view depends on it. Inside the caller's transaction; one who
 * moved away or was deleted stays so.
 */
import { statement, type Transaction } from '../platform/db/database.js';
import type { ActorId } from './actor.entity.js';

const LIMIT = statement(
  'actors.limit',
  `update actors set is_limited = $2, updated_at = $3, status = case
     when status not in ('ACTIVE', 'LIMITED') then status when $2 then 'LIMITED' else 'ACTIVE' end
   where id = $1 and is_limited <> $2`,
);
const SUSPEND = statement(
  'actors.suspend',
  `update actors set status = 'SUSPENDED', updated_at = $2 where id = $1 and status in ('ACTIVE', 'LIMITED')`,
);
const REINSTATE = statement(
  'actors.reinstate',
  `update actors set status = case when is_limited then 'LIMITED' else 'ACTIVE' end, updated_at = $2
   where id = $1 and status = 'SUSPENDED'`,
);

const CLOSE = statement(
  'actors.close',
  `update actors set reopens_as = status, status = 'DELETED', updated_at = $2 where id = $1 and status <> 'DELETED'`,
);
const REOPEN = statement(
  'actors.reopen',
  `update actors set reopens_as = null, updated_at = $2, status = case
     when reopens_as not in ('ACTIVE', 'LIMITED') then reopens_as when is_limited then 'LIMITED' else 'ACTIVE' end
   where id = $1 and reopens_as is not null`,
);

/** Shows an actor to its followers only, or to everybody again; of a suspended one it tells how it will come back. */
export async function setActorLimited(
  tx: Transaction,
  actorId: ActorId,
  isLimited: boolean,
  now: Date,
): Promise<void> {
  await tx.rows(LIMIT, [actorId, isLimited, now]);
}

/** Takes an actor out of everybody's sight, or brings it back as it was. */
export async function setActorSuspended(
  tx: Transaction,
  actorId: ActorId,
  isSuspended: boolean,
  now: Date,
): Promise<void> {
  await tx.rows(isSuspended ? SUSPEND : REINSTATE, [actorId, now]);
}

/** Makes an actor look deleted inside the caller's transaction, and notes what it was. A repeat changes nothing. */
export async function closeActor(tx: Transaction, actorId: ActorId, now: Date): Promise<void> {
  await tx.rows(CLOSE, [actorId, now]);
}

/** Makes a closed actor what it was, or what the staff has decided since, inside the caller's transaction. */
export async function reopenActor(tx: Transaction, actorId: ActorId, now: Date): Promise<void> {
  await tx.rows(REOPEN, [actorId, now]);
}
