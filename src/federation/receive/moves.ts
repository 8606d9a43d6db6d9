/** Move: somebody goes to another account. Believed only when both sides say so, each asked at this moment. */
import {
  endRedirect,
  moveActor,
  redirectActor,
  requireMoveTarget,
} from '../../actors/move-actor.js';
import { findActorByUrl, findActors, type ActorRow } from '../../actors/actor.queries.js';
import { Forbidden, NotFound, RateLimited } from '../../platform/errors.js';
import { isOurs, originOf } from '../addresses.js';
import { idOf } from '../internal/read-properties.js';
import { fetchActor, type RemoteActor } from '../resolve-actor.js';
import { mayAskThird } from './ask-third.js';
import type { Handler, Receiving } from './receiving.js';

/** Takes the followers here along; at most once in 30 days. A repeat does nothing. */
export const handleMove: Handler = async (receiving) => {
  const { context, command, sender, activity } = receiving;
  const targetUri = idOf(activity.body['target']);
  if (idOf(activity.body['object']) !== sender.uri || targetUri === null || !command.remoteActor)
    throw new Forbidden('Nobody moves somebody else.');
  const { origin, target } = await bothSides(receiving, targetUri);
  try {
    await context.database.transaction((tx) =>
      moveActor(tx, { actorId: origin.id, targetId: target.id }, context.clock.now()),
    );
  } catch (error) {
    if (!(error instanceof RateLimited) || origin.movedToId !== target.id) throw error;
  }
};

/**
 * A profile that says where it has gone is shown so, if the other side agrees, and one that says so no more is here
 * again; nobody is taken along.
 */
export async function noteRedirect(receiving: Receiving, fresh: RemoteActor): Promise<void> {
  const { context } = receiving;
  if (fresh.movedToUri === null) {
    await context.database.transaction((tx) => endRedirect(tx, fresh.actorId, context.clock.now()));
    return;
  }
  const { origin, target } = await bothSides(receiving, fresh.movedToUri, fresh);
  if (origin.movedToId === target.id) return;
  await context.database.transaction((tx) =>
    redirectActor(tx, { actorId: origin.id, targetId: target.id }, context.clock.now()),
  );
}

interface BothSides {
  readonly origin: ActorRow;
  readonly target: ActorRow;
}

/** Two questions, whatever the documents say: nothing that they name beyond is asked for. */
async function bothSides(
  receiving: Receiving,
  targetUri: string,
  known?: RemoteActor,
): Promise<BothSides> {
  const { context, sender } = receiving;
  if (targetUri === sender.uri) throw new Forbidden('Nobody moves to themselves.');
  const moved = known ?? (await fetchActor(context, sender.uri));
  // Before anybody else is asked, their own server has to agree at least with where.
  if (moved.movedToUri === null || originOf(moved.movedToUri) !== originOf(targetUri))
    throw new Forbidden('The actor does not say that it has moved there.');
  if (!(await mayAskThird(receiving, targetUri)))
    throw new Forbidden('Its server has made us ask others too often.');
  const targetId = await findTarget(context, targetUri);
  const actors = await findActors(context.database, targetId ? [moved.actorId, targetId] : []);
  const origin = actors.find(({ id }) => id === moved.actorId);
  const target = actors.find(({ id }) => id === targetId);
  if (!origin || !target || ['PENDING', 'SUSPENDED', 'DELETED'].includes(target.status))
    throw new NotFound(['target']);
  requireMoveTarget(origin.id, target);
  if (!isNamed(target, moved.movedToUri))
    throw new Forbidden('The actor does not say that it has moved there.');
  if (!target.alsoKnownAs.some((uri) => isNamed(origin, uri)))
    throw new Forbidden('The other account does not name the one that moves.');
  return { origin, target };
}

/** One of ours, or one as its server has it now; null for one that has moved on: nobody is sent from one to the next. */
async function findTarget(
  context: Receiving['context'],
  targetUri: string,
): Promise<ActorRow['id'] | null> {
  if (isOurs(context.config, targetUri))
    return (await findActorByUrl(context.database, targetUri))?.id ?? null;
  const { actorId, movedToUri } = await fetchActor(context, targetUri);
  return movedToUri === null ? actorId : null;
}

/** By identity, or by page, as some servers write it: that counts where it stands on the person's own server. */
function isNamed({ uri, url }: ActorRow, named: string): boolean {
  return named === uri || (named === url && originOf(url) === originOf(uri));
}
