/**
 * What the staff decided about an actor or its whole server, as everybody's view depends on it. Inside the caller's
 * transaction; one who was deleted stays so, and one who moved away is so again after a suspension.
 */
import { statement, type Transaction } from '../platform/db/database.js';
import type { ActorId, ActorStatus } from './actor.entity.js';

/** What an actor is, from what the staff decided about it and its server; what it was otherwise is kept meanwhile. */
function statusAfter({
  isLimited = 'is_limited',
  isSuspended = 'is_suspended',
  severity = 'domain_severity',
} = {}): string {
  const isGone = `(${isSuspended} or ${severity} = 'SUSPEND')`;
  return `status = case
     when status in ('PENDING', 'DELETED') then status
     when ${isGone} then 'SUSPENDED'
     when status in ('MOVED', 'MEMORIAL') then status
     when status = 'SUSPENDED' and reopens_as is not null then reopens_as
     when ${isLimited} or ${severity} = 'LIMIT' then 'LIMITED' else 'ACTIVE' end,
   reopens_as = case
     when status in ('PENDING', 'DELETED') then reopens_as
     when not ${isGone} then null
     when status in ('MOVED', 'MEMORIAL') then status else reopens_as end`;
}

const LIMIT = statement(
  'actors.limit',
  `update actors set is_limited = $2, updated_at = $3, ${statusAfter({ isLimited: '$2::boolean' })}
   where id = $1 and is_limited <> $2`,
);
const SUSPEND = statement(
  'actors.set_suspended',
  `update actors set is_suspended = $2, updated_at = $3, ${statusAfter({ isSuspended: '$2::boolean' })}
   where id = $1 and is_suspended <> $2 and status not in ('PENDING', 'DELETED')`,
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
  await tx.rows(SUSPEND, [actorId, isSuspended, now]);
}

const FOLLOW_RULES = statement(
  'actors.follow_domain_rules',
  `update actors a set domain_severity = held.severity, updated_at = $2, ${statusAfter({ severity: 'held.severity' })}
   from (select one.id, policy.severity from actors one cross join lateral domain_policy(actor_hosts(one.id, one.domain)) policy
     where one.id = any($1::uuid[]) and one.domain is not null) as held
   where a.id = held.id and a.domain_severity <> held.severity
   returning a.id as "actorId", a.status, a.domain_severity = 'SUSPEND' as "isBarred"`,
);

/** How an actor stands here. */
export interface ActorStanding {
  readonly actorId: ActorId;
  readonly status: ActorStatus;
  /** Its server is suspended. */
  readonly isBarred: boolean;
}

/**
 * Makes remote actors what the rules about their servers say, inside the caller's transaction. A repeat changes nothing.
 *
 * @returns those that changed
 */
export function followDomainRules(
  tx: Transaction,
  actorIds: readonly ActorId[],
  now: Date,
): Promise<ActorStanding[]> {
  return tx.rows<ActorStanding>(FOLLOW_RULES, [actorIds, now]);
}

/** Makes an actor look deleted inside the caller's transaction, and notes what it was. A repeat changes nothing. */
export async function closeActor(tx: Transaction, actorId: ActorId, now: Date): Promise<void> {
  await tx.rows(CLOSE, [actorId, now]);
}

/** Makes a closed actor what it was, or what the staff has decided since, inside the caller's transaction. */
export async function reopenActor(tx: Transaction, actorId: ActorId, now: Date): Promise<void> {
  await tx.rows(REOPEN, [actorId, now]);
}
