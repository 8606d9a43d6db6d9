/** Whoever acts in an encrypted conversation: somebody of this server, or of another one that has proven it. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { CommandContext } from '../../platform/context.js';
import { requireViewer } from '../../platform/require-viewer.js';

/** Whoever acts. */
export interface Chatter {
  readonly actorId: ActorId;
  /** What their uses are counted by. */
  readonly countedBy: string;
}

/** @throws {Forbidden} FORBIDDEN for nobody */
export function requireChatter(context: Pick<CommandContext, 'viewer' | 'remoteActor'>): Chatter {
  if (context.remoteActor) {
    const { actorId } = context.remoteActor;
    return { actorId, countedBy: actorId };
  }
  const { actorId, accountId } = requireViewer(context);
  return { actorId, countedBy: accountId };
}
