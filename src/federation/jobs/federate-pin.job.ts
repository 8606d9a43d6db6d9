/** Tells the servers of followers that somebody of ours pinned a post, or took the pin off. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import { activity } from '../documents/activities.js';
import { featuredUri, followersUri } from '../documents/actor-document.js';
import { findLocalActor } from '../local-actor.js';
import { proveActivity } from '../prove-activity.js';
import { inboxesOfFollowers } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';

// What everybody may see: nothing else stands in the collection.
const FIND = statement(
  'federation.pin',
  `select uri, pinned_at is not null as "isPinned" from posts
   where id = $1 and is_local and deleted_at is null and archived_at is null and visibility in ('PUBLIC', 'UNLISTED')`,
);

interface PinTold {
  readonly postId: PostId;
  readonly authorId: ActorId;
  readonly isPinned: boolean;
}

/** Of what has changed again meanwhile the job that follows tells. */
export const federatePin = defineJob<PinTold>(
  'federatePin',
  async (context, { postId, authorId, isPinned }) => {
    const { database, clock, jobId } = context;
    const actor = await findLocalActor(database, authorId);
    const post = actor && (await database.row<{ uri: string; isPinned: boolean }>(FIND, [postId]));
    if (!actor || post?.isPinned !== isPinned) return;
    const told = activity(isPinned ? 'Add' : 'Remove', actor.uri, {
      id: `${featuredUri(actor.uri)}#pins/${jobId}`,
      object: post.uri,
      target: featuredUri(actor.uri),
      to: [PUBLIC],
      cc: [followersUri(actor.uri)],
    });
    const proven = await proveActivity(context, authorId, told);
    const inboxes = await inboxesOfFollowers(database, authorId);
    const sending = { activity: proven, actorId: authorId, subjectId: null, inboxes };
    await database.transaction((tx) => sendActivity(tx, clock.now(), sending));
  },
  { queueOf: ({ authorId }) => authorId },
);
