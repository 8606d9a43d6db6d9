/** Who belongs to the staff. */
import type { ActorId } from '../actors/actor.entity.js';
import { ROLES, type CommandContext, type Role } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import { toGlobalId } from '../platform/ids.js';
import { requireRole } from '../platform/require-viewer.js';
import type { AccountId } from './account.entity.js';
import { recordAct } from './audit.js';
import { revokeSessions } from './revoke-sessions.js';

const LOCK = statement(
  'accounts.lock_role',
  `select id, role from accounts where actor_id = $1 and state not in ('REJECTED', 'DELETED') for update`,
);
const SET = statement('accounts.set_role', 'update accounts set role = $2 where id = $1');

/**
 * Gives a local person a role. The owner's role is not given away here, and nobody gives a role as high as
 * their own or changes somebody who has one: so there is always an owner. Who loses rights signs in anew. A
 * repeat changes nothing.
 *
 * @throws {Forbidden} FORBIDDEN below the role ADMIN, and for a role that does not stand below the viewer's
 * @throws {NotFound} NOT_FOUND when no local account belongs to the actor
 */
export async function setRole(
  context: CommandContext,
  { actorId, role }: { readonly actorId: ActorId; readonly role: Role },
): Promise<AccountId> {
  const viewer = requireRole(context, 'ADMIN');
  const own = ROLES.indexOf(viewer.role);
  if (ROLES.indexOf(role) >= own)
    throw new Forbidden('This role does not stand below yours.', 'FORBIDDEN', ['role']);
  return context.database.transaction(async (tx) => {
    const account = await tx.row<{ id: AccountId; role: Role }>(LOCK, [actorId]);
    if (!account) throw new NotFound(['actorId']);
    if (ROLES.indexOf(account.role) >= own)
      throw new Forbidden('This person has the same or a higher role.', 'FORBIDDEN', ['actorId']);
    if (account.role === role) return account.id;
    await tx.rows(SET, [account.id, role]);
    // A socket keeps the role with which it was opened.
    if (ROLES.indexOf(role) < ROLES.indexOf(account.role))
      await revokeSessions(context, tx, account.id, 'all');
    await recordAct(context, tx, {
      action: 'setRole',
      subjectId: toGlobalId('actor', actorId),
      details: { from: account.role, to: role },
    });
    return account.id;
  });
}
