/** Gives a person of this server a public identity. Who may register, and under which name, is decided above. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import type { ActorId, ActorStatus } from './actor.entity.js';

const INSERT = statement(
  'actors.create_local',
  `insert into actors (id, username, uri, url, status, joined_at, updated_at) values ($1, $2, $3, $4, $5, $6, $6)
   on conflict (lower(username), coalesce(domain, '')) do nothing returning id`,
);

const PUBLISH = statement(
  'actors.publish_local',
  `update actors set status = 'ACTIVE', joined_at = $2, updated_at = $2 where id = $1 and status = 'PENDING'`,
);

/**
 * Creates a local actor inside the caller's transaction.
 *
 * @param username its spelling stays; two names that differ in case only are the same name
 * @returns null when the name is in use, also by an actor that was deleted
 */
export async function createLocalActor(
  context: Pick<CommandContext, 'config' | 'clock'>,
  tx: Transaction,
  input: { username: string; status: Extract<ActorStatus, 'ACTIVE' | 'PENDING'> },
): Promise<ActorId | null> {
  const now = context.clock.now();
  const id = newId<'actor'>(now);
  const { origin } = context.config.publicUrl;
  const row = await tx.row<{ id: ActorId }>(INSERT, [
    id,
    input.username,
    `${origin}/actors/${id}`,
    `${origin}/@${input.username}`,
    input.status,
    now,
  ]);
  return row?.id ?? null;
}

/** Shows a pending actor from now on, inside the caller's transaction; any other stays as it is. */
export async function publishLocalActor(
  context: Pick<CommandContext, 'clock'>,
  tx: Transaction,
  actorId: ActorId,
): Promise<void> {
  await tx.rows(PUBLISH, [actorId, context.clock.now()]);
}
