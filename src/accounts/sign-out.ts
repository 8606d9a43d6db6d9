/** Ends the session, or the personal access token, that the request came with. */
import type { CommandContext } from '../platform/context.js';
import { requireViewer } from '../platform/require-viewer.js';
import { revokeSessions } from './revoke-sessions.js';

/** Signs out. @throws {Forbidden} FORBIDDEN for anonymous callers */
export async function signOut(context: CommandContext): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction((tx) =>
    revokeSessions(context, tx, viewer.accountId, { only: [viewer.sessionId] }),
  );
}
