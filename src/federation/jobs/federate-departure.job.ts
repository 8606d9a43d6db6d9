/** Tells every server that we know that somebody of ours is gone for good. */
import type { ActorId } from '../../actors/actor.entity.js';
import { findActors } from '../../actors/actor.queries.js';
import { defineJob } from '../../platform/jobs/job.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import { activity } from '../documents/activities.js';
import { proveActivity } from '../prove-activity.js';
import { inboxesOfEverybody } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';

/** Whoever has a copy of anything, followers or not; the key stays until all have heard. */
export const federateDeparture = defineJob<{ actorId: ActorId }>(
  'federateDeparture',
  async (context, { actorId }) => {
    const { database, clock } = context;
    const [actor] = await findActors(database, [actorId]);
    if (!actor || actor.domain !== null || actor.status !== 'DELETED') return;
    const inboxes = await inboxesOfEverybody(database);
    if (inboxes.length === 0) return;
    const end = activity('Delete', actor.uri, {
      id: `${actor.uri}#delete`,
      // Pixelfed reads no Delete whose object is an id alone.
      object: { id: actor.uri, type: 'Person' },
      to: [PUBLIC],
    });
    const proven = await proveActivity(context, actorId, end);
    const sending = { activity: proven, actorId, subjectId: null, inboxes };
    await database.transaction((tx) => sendActivity(tx, clock.now(), sending));
  },
);
