/** Tells the servers of followers, and of those who chat encrypted with them, what a profile looks like now. */
import { createHash } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import { activity } from '../documents/activities.js';
import { followersUri } from '../documents/actor-document.js';
import { lookAtKeysAnew } from '../internal/own-keys-memory.js';
import { findLocalActor, localActorDocument } from '../local-actor.js';
import { proveActivity } from '../prove-activity.js';
import { eachOnce, inboxesOfFollowers, inboxesOfKeyHolders } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';

const CHANGED_AT = statement(
  'federation.profile_changed_at',
  'select updated_at as "updatedAt" from actors where id = $1',
);

/** Several changes before the job runs are told as one. */
export const federateProfile = defineJob<{ actorId: ActorId }>(
  'federateProfile',
  async (context, { actorId }) => {
    const { database } = context;
    const actor = await findLocalActor(database, actorId);
    const inboxes = eachOnce(
      await inboxesOfFollowers(database, actorId),
      await inboxesOfKeyHolders(database, actorId),
    );
    if (!actor || inboxes.length === 0) return;
    // A key that was replaced just now is what is to be told.
    lookAtKeysAnew(context);
    const object = await localActorDocument(context, actor);
    const now = context.clock.now();
    // With its time: what is changed back is news, too.
    const changed = await database.row<{ updatedAt: Date }>(CHANGED_AT, [actorId]);
    const text = JSON.stringify([object, changed?.updatedAt]);
    const version = createHash('sha256').update(text).digest('hex').slice(0, 32);
    const update = activity('Update', actor.uri, {
      id: `${actor.uri}#updates/${version}`,
      object,
      to: [PUBLIC],
      cc: [followersUri(actor.uri)],
    });
    const proven = await proveActivity(context, actorId, update);
    const sending = { activity: proven, actorId, subjectId: null, inboxes };
    await database.transaction((tx) => sendActivity(tx, now, sending));
  },
  { keyOf: ({ actorId }) => actorId },
);
