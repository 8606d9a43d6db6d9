/** First lines of commands: is somebody signed in, and does the role reach? */
import { ROLES, type Acting, type CommandContext, type Role, type Viewer } from './context.js';
import { Forbidden } from './errors.js';

/**
 * The local person behind the command.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 */
export function requireViewer(context: Pick<CommandContext, 'viewer'>): Viewer {
  if (!context.viewer) throw new Forbidden('Sign in first.');
  return context.viewer;
}

/**
 * Whoever acts: the viewer, or a remote actor. For commands that other servers reach by an activity, too.
 *
 * @throws {Forbidden} FORBIDDEN for anonymous callers
 */
export function requireActing(context: Pick<CommandContext, 'viewer' | 'remoteActor'>): Acting {
  return context.remoteActor ?? requireViewer(context);
}

/** True when a role includes another: the same, or a later one of the list. */
export function includesRole(role: Role, required: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(required);
}

/**
 * The member of staff behind the command.
 *
 * @throws {Forbidden} FORBIDDEN when nobody is signed in or the role does not reach
 */
export function requireRole(context: Pick<CommandContext, 'viewer'>, required: Role): Viewer {
  const viewer = requireViewer(context);
  if (!includesRole(viewer.role, required)) throw new Forbidden('This is for staff.');
  return viewer;
}
