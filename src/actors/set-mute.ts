/** Muting: the viewer's own lists leave an actor out, for a time or for good; nobody is told. */
import type { CommandContext } from '../platform/context.js';
import { addSeconds } from '../platform/clock.js';
import { statement } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ActorId } from './actor.entity.js';
import { requireOther } from './actor.policy.js';
import { findActors } from './actor.queries.js';

/** Whom to mute, and for how long. */
export interface SetMuteInput {
  readonly actorId: ActorId;
  readonly muted: boolean;
  /** Seconds until the mute ends; null = until it is lifted. */
  readonly durationSeconds: number | null;
  /** Leave notifications out, too. */
  readonly notifications: boolean;
}

const MAX_SECONDS = 10 * 365 * 24 * 3600;

const MUTE = statement(
  'mutes.upsert',
  `insert into mutes (muter_id, muted_id, id, mutes_notifications, created_at, expires_at)
   values ($1, $2, $3, $4, $5, $6)
   on conflict (muter_id, muted_id) do update
     set mutes_notifications = excluded.mutes_notifications, expires_at = excluded.expires_at`,
);
const UNMUTE = statement('mutes.delete', 'delete from mutes where muter_id = $1 and muted_id = $2');

/**
 * Mutes or unmutes an actor. A repeat replaces the end. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT for oneself or a duration out of range
 */
export async function setMute(context: CommandContext, input: SetMuteInput): Promise<void> {
  const viewer = requireViewer(context);
  const seconds = input.durationSeconds;
  if (seconds !== null && (seconds < 1 || seconds > MAX_SECONDS)) {
    throw new Invalid(
      'The duration is out of range.',
      ['durationSeconds'],
      'RANGE',
      `1..${MAX_SECONDS}`,
    );
  }
  const now = context.clock.now();
  await context.database.transaction(async (tx) => {
    requireOther(viewer.actorId, (await findActors(tx, [input.actorId]))[0]);
    if (!input.muted) {
      await tx.rows(UNMUTE, [viewer.actorId, input.actorId]);
      return;
    }
    const expiresAt = seconds === null ? null : addSeconds(now, seconds);
    await tx.rows(MUTE, [
      viewer.actorId,
      input.actorId,
      newId(now),
      input.notifications,
      now,
      expiresAt,
    ]);
  });
}
