/** Tells the servers of followers that somebody of ours has moved, so that they follow there. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { MoveId } from '../../actors/actors.events.js';
import { findActors } from '../../actors/actor.queries.js';
import { defineJob } from '../../platform/jobs/job.js';
import { activity } from '../documents/activities.js';
import { followersUri } from '../documents/actor-document.js';
import { findLocalActor } from '../local-actor.js';
import { inboxesOfFollowers } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';

interface Moved {
  readonly moveId: MoveId;
  readonly actorId: ActorId;
  readonly targetId: ActorId;
}

/** One that was called off meanwhile is not told. */
export const federateMove = defineJob<Moved>(
  'federateMove',
  async ({ database, clock }, { moveId, actorId, targetId }) => {
    const actor = await findLocalActor(database, actorId);
    const [target] = await findActors(database, [targetId]);
    if (!actor || !target || actor.movedToId !== targetId) return;
    const inboxes = await inboxesOfFollowers(database, actorId);
    const move = activity('Move', actor.uri, {
      id: `${actor.uri}#moves/${moveId}`,
      object: actor.uri,
      target: target.uri,
      to: [followersUri(actor.uri)],
    });
    const sending = { activity: move, actorId, subjectId: null, inboxes };
    await database.transaction((tx) => sendActivity(tx, clock.now(), sending));
  },
);
