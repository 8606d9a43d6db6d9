/** Who of the staff may act on whom. Pure functions over what was loaded. */
import { ROLES, type Role } from '../platform/context.js';
import { Forbidden } from '../platform/errors.js';

/**
 * Nobody acts on somebody of the same or a higher role, and so nobody on themselves.
 *
 * @param target role of the person's account; null for somebody of another server
 * @throws {Forbidden} FORBIDDEN
 */
export function requireHigherRole(moderator: Role, target: Role | null): void {
  if (ROLES.indexOf(moderator) > ROLES.indexOf(target ?? 'USER')) return;
  throw new Forbidden('This person has the same or a higher role.', 'FORBIDDEN', ['targetId']);
}
