/** Tells followers elsewhere, and the author, that somebody here reposted, or took it back. */
import type { ActorId } from '../../actors/actor.entity.js';
import { findActors } from '../../actors/actor.queries.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId, RepostId } from '../../posts/post.entity.js';
import { undo } from '../documents/activities.js';
import { announceActivity, type Announced } from '../documents/said.js';
import {
  eachOnce,
  inboxesOfActors,
  inboxesOfEarlier,
  inboxesOfFollowers,
} from '../recipients.queries.js';
import { proveActivity } from '../prove-activity.js';
import { sendActivity } from '../send-activity.js';
import { standingActivity } from '../sent-activities.queries.js';

interface Reposted {
  readonly repostId: RepostId;
  readonly postId: PostId;
  readonly actorId: ActorId;
}

const FIND = statement(
  'federation.repost',
  `select r.created_at as "createdAt", p.uri as "postUri", author.uri as "postAuthorUri"
   from reposts r join posts p on p.id = r.post_id join actors author on author.id = p.author_id
   where r.id = $1 and p.deleted_at is null`,
);

type RepostRow = Omit<Announced, 'repostId'>;

/** A repost that is there is told once; one that is not there any more is taken back where it was told. */
export const federateRepost = defineJob<Reposted>(
  'federateRepost',
  async (context, { repostId, actorId }) => {
    const { database, clock } = context;
    const [actor] = await findActors(database, [actorId]);
    if (!actor || actor.domain !== null) return;
    const repost = await database.row<RepostRow>(FIND, [repostId]);
    const id = `${actor.uri}/reposts/${repostId}`;
    const sending = { actorId, subjectId: repostId };
    if (repost) {
      const inboxes = eachOnce(
        await inboxesOfFollowers(database, actorId),
        await inboxesOfActors(database, [repost.postAuthorUri]),
      );
      if (inboxes.length === 0) return;
      const announce = await proveActivity(
        context,
        actorId,
        announceActivity(actor.uri, { repostId, ...repost }),
      );
      await database.transaction((tx) =>
        sendActivity(tx, clock.now(), { ...sending, inboxes, activity: announce }),
      );
      return;
    }
    const told = await standingActivity(database, actorId, repostId, id);
    const inboxes = await inboxesOfEarlier(database, repostId);
    if (!told || inboxes.length === 0) return;
    const undone = await proveActivity(context, actorId, undo(told));
    await database.transaction((tx) =>
      sendActivity(tx, clock.now(), { ...sending, inboxes, activity: undone }),
    );
  },
  { queueOf: ({ repostId }) => repostId },
);
