/** Taking an invite back: nobody registers with it any more. Who has registered with it stays. */
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { toGlobalId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { AccountId } from './account.entity.js';
import { recordAct } from './audit.js';
import { invitesAsStaff, type InviteId } from './invites.js';

const LOCK = statement(
  'invites.lock',
  `select created_by as "createdBy", revoked_at as "revokedAt" from invites
   where id = $1 and ($2::boolean or created_by = $3) for update`,
);
const REVOKE = statement('invites.revoke', 'update invites set revoked_at = $2 where id = $1');

/**
 * Revokes an own invite; the staff anybody's, which is in its record. A repeat changes nothing. Opens its own
 * transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's
 */
export async function revokeInvite(context: CommandContext, id: InviteId): Promise<void> {
  const viewer = requireViewer(context);
  const isStaff = invitesAsStaff(viewer);
  await context.database.transaction(async (tx) => {
    const invite = await tx.row<{ createdBy: AccountId | null; revokedAt: Date | null }>(LOCK, [
      id,
      isStaff,
      viewer.accountId,
    ]);
    if (!invite) throw new NotFound(['inviteId']);
    if (invite.revokedAt !== null) return;
    await tx.rows(REVOKE, [id, context.clock.now()]);
    if (!isStaff) return;
    await recordAct(context, tx, {
      action: 'revokeInvite',
      subjectId: toGlobalId('invite', id),
      details: { isOwn: invite.createdBy === viewer.accountId },
    });
  });
}
