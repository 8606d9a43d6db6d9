/** Passing on what somebody elsewhere said below a post of ours, to whoever reads the post there. @source ActivityPub §7.1.2 */
import type { ActorId } from '../actors/actor.entity.js';
import type { JobContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import type { RateLimit } from '../platform/rate-limiter.js';
import type { CommentId } from '../posts/post.entity.js';
import type { CheckedActivity } from './internal/check-activity.js';
import { idOf } from './internal/read-properties.js';
import { judgedBy } from './internal/verify-proof.js';
import { eachOnce, inboxesOfEarlier, inboxesOfFollowers } from './recipients.queries.js';
import type { RemoteActor } from './resolve-actor.js';
import { sendActivity } from './send-activity.js';

const PASSED_ON = new Set(['Create', 'Update', 'Delete']);
// What is for those who are named has reached them, and what is for fewer people than see the post is for no others.
const FIND = statement(
  'federation.passed_on',
  `select c.id, root.author_id as "rootAuthorId" from posts c join posts root on root.id = c.root_id
   where c.uri = $1 and c.author_id = $2 and c.hidden_through is null and c.narrowed_through is null and root.is_local
     and root.deleted_at is null and root.archived_at is null and root.visibility in ('PUBLIC', 'UNLISTED', 'FOLLOWERS')`,
);

/**
 * What one author makes us send to every server of somebody's followers: more than that is no conversation. What is not
 * passed on stands here all the same.
 */
export const PASSING_ON: RateLimit = {
  name: 'passing_on',
  points: 60,
  windowSeconds: 3600,
  failsClosed: false,
};

interface FoundRow {
  readonly id: CommentId;
  readonly rootAuthorId: ActorId;
}

/** Brings a comment that proves its author to the servers of the followers of the post's author; once. */
export async function passOn(
  context: JobContext,
  activity: CheckedActivity,
  sender: RemoteActor,
): Promise<void> {
  const { body, id, type } = activity;
  if (!PASSED_ON.has(type) || body['type'] !== type) return;
  if (judgedBy(context, activity, sender) !== 'VALID') return;
  const { database, clock } = context;
  const found = await database.row<FoundRow>(FIND, [idOf(body['object']), sender.actorId]);
  if (!found) return;
  if ((await context.rateLimiter.charge(PASSING_ON, sender.actorId)).isExceeded) return;
  const inboxes = eachOnce(
    await inboxesOfFollowers(database, found.rootAuthorId),
    await inboxesOfEarlier(database, found.id),
  ).filter(({ host }) => host !== sender.host);
  await database.transaction((tx) =>
    sendActivity(tx, clock.now(), {
      // As it came: the proof is of every part of it.
      activity: { ...body, id, type },
      actorId: found.rootAuthorId,
      subjectId: found.id,
      inboxes,
      isPassedOn: true,
    }),
  );
}
