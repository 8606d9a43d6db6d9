/** A person ends a session of theirs, or makes one of their personal access tokens worthless. */
import type { CommandContext } from '../platform/context.js';
import { NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { revokeSessions } from './revoke-sessions.js';
import type { SessionId } from './session.entity.js';
import { findSessions, type SessionRow } from './sessions.queries.js';

/**
 * Ends one session or token of the viewer; its open sockets are closed.
 *
 * @param path where the id stands in the input
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 * @throws {NotFound} NOT_FOUND when it is not the viewer's, of the other kind, or has ended
 */
export async function revokeSession(
  context: CommandContext,
  id: SessionId,
  kind: SessionRow['kind'],
  path: readonly string[],
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const [own] = await findSessions(tx, viewer.accountId, kind, context.clock.now(), [id]);
    if (!own) throw new NotFound(path);
    await revokeSessions(context, tx, viewer.accountId, { only: [id] });
  });
}
