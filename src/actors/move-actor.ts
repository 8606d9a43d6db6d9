/** Moving to another account. That both sides agree is proven by whoever calls. */
import { addSeconds } from '../platform/clock.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, Invalid, RateLimited } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { ActorId } from './actor.entity.js';
import type { ActorRow } from './actor.queries.js';
import { actorMoved, profileUpdated, type MoveId } from './actors.events.js';

/** From where to where. */
export interface Moving {
  readonly actorId: ActorId;
  readonly targetId: ActorId;
}

/** Between two moves that take followers along. */
export const MOVE_INTERVAL_SECONDS = 30 * 24 * 60 * 60;

const LOCK = statement('actors.lock_move', 'select from actors where id = $1 for no key update');
const LATEST = statement(
  'moves.latest',
  `select moved_at as "movedAt" from moves where actor_id = $1 and moved_at > $2 order by moved_at desc limit 1`,
);
const ADD = statement(
  'moves.add',
  'insert into moves (id, actor_id, target_id, moved_at) values ($1, $2, $3, $4)',
);
const SET = statement(
  'actors.set_moved',
  `update actors set moved_to_id = $2, updated_at = $3,
     status = case when status in ('ACTIVE', 'LIMITED') then 'MOVED' else status end,
     reopens_as = case when status = 'SUSPENDED' then 'MOVED' else reopens_as end
   where id = $1 and moved_to_id is distinct from $2`,
);
const CLEAR = statement(
  'actors.clear_moved',
  `update actors set moved_to_id = null, updated_at = $2, status = case
     when status <> 'MOVED' then status when is_limited or domain_severity = 'LIMIT' then 'LIMITED' else 'ACTIVE' end,
     reopens_as = case when status = 'SUSPENDED' then nullif(reopens_as, 'MOVED') else reopens_as end
   where id = $1 and moved_to_id is not null returning id`,
);

/**
 * Refuses somebody to whom nobody can move: oneself, and who has moved on or does not live any more.
 *
 * @throws {Invalid} INVALID_INPUT
 * @throws {Conflict} CONFLICT
 */
export function requireMoveTarget(actorId: ActorId, target: ActorRow): void {
  if (target.id === actorId)
    throw new Invalid('An account cannot move to itself.', ['target'], 'NOT_SELF');
  if (target.movedToId !== null || target.status === 'MOVED')
    throw new Conflict('The other account has moved itself.', 'CONFLICT', ['target']);
  if (target.status === 'MEMORIAL')
    throw new Conflict('The other account takes no followers.', 'CONFLICT', ['target']);
}

/**
 * Moves an actor with its followers, inside the caller's transaction; they follow as a consequence.
 *
 * @throws {RateLimited} RATE_LIMITED within 30 days of the last time
 */
export async function moveActor(tx: Transaction, moving: Moving, now: Date): Promise<void> {
  const { actorId, targetId } = moving;
  await tx.rows(LOCK, [actorId]);
  const since = addSeconds(now, -MOVE_INTERVAL_SECONDS);
  const latest = await tx.row<{ movedAt: Date }>(LATEST, [actorId, since]);
  if (latest) {
    const allowedAt = addSeconds(latest.movedAt, MOVE_INTERVAL_SECONDS);
    throw new RateLimited(Math.ceil((allowedAt.getTime() - now.getTime()) / 1000));
  }
  const moveId: MoveId = newId(now);
  await tx.rows(ADD, [moveId, actorId, targetId, now]);
  await redirectActor(tx, moving, now);
  await tx.append(actorMoved, { moveId, actorId, targetId });
}

/** Shows where an actor has gone; followers stay. Inside the caller's transaction. */
export async function redirectActor(
  tx: Transaction,
  { actorId, targetId }: Moving,
  now: Date,
): Promise<void> {
  await tx.rows(SET, [actorId, targetId, now]);
  await tx.append(profileUpdated, { actorId });
}

/** Shows an actor as one that is here, inside the caller's transaction. What a move has done stays. Idempotent. */
export async function endRedirect(tx: Transaction, actorId: ActorId, now: Date): Promise<void> {
  if (await tx.row(CLEAR, [actorId, now])) await tx.append(profileUpdated, { actorId });
}
