/** Tells another server how two actors, one of them there, stand: asked, accepted, or ended from our side. */
import { createHash } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import { findActors, type ActorRow } from '../../actors/actor.queries.js';
import type { JobContext } from '../../platform/context.js';
import { statement, type Reader } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { activity, undo, type Activity } from '../documents/activities.js';
import { inboxesOfActors } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';
import { standingActivity } from '../sent-activities.queries.js';

/** How the two stand now. */
export type FollowNews = 'REQUESTED' | 'ACCEPTED' | 'ENDED';

interface Pair {
  readonly followerId: ActorId;
  readonly followeeId: ActorId;
}

interface FollowTold extends Pair {
  readonly news: FollowNews;
  /** What makes an answer one of its own that was given before; absent = it is given once. */
  readonly occasion?: string;
}

interface FollowRow {
  readonly id: string;
  readonly state: string;
}

const FOLLOW = statement(
  'federation.follow',
  `select id, state from follows where follower_id = $1 and followee_id = $2`,
);
const RECEIVED_FOLLOW = statement(
  'federation.received_follow',
  `select body from received_activities
   where actor_uri = $1 and body->>'type' = 'Follow' and coalesce(body->'object'->>'id', body->>'object') = $2
   order by received_at desc, id desc limit 1`,
);

/** Reads the present state; a pair that has changed since is told of by the job that follows. */
export const federateFollow = defineJob<FollowTold>(
  'federateFollow',
  async (context, { followerId, followeeId, news, occasion }) => {
    const actors = await findActors(context.database, [followerId, followeeId]);
    const follower = actors.find(({ id }) => id === followerId);
    const followee = actors.find(({ id }) => id === followeeId);
    if (!follower || !followee) return;
    const isOut = follower.domain === null && followee.domain !== null;
    const isIn = follower.domain !== null && followee.domain === null;
    if (!isOut && !isIn) return;
    const made = isOut
      ? await outgoing(context.database, follower, followee, news)
      : await incoming(context, follower, followee, news, occasion);
    if (!made) return;
    const [ours, theirs] = isOut ? [follower, followee] : [followee, follower];
    const inboxes = await inboxesOfActors(context.database, [theirs.uri]);
    const sending = { activity: made, actorId: ours.id, subjectId: theirs.id, inboxes };
    await context.database.transaction((tx) => sendActivity(tx, context.clock.now(), sending));
  },
  { queueOf: ({ followerId, followeeId }) => `${followerId}:${followeeId}` },
);

/** Somebody of ours follows: Follow, or its Undo. */
async function outgoing(
  reader: Reader,
  follower: ActorRow,
  followee: ActorRow,
  news: FollowNews,
): Promise<Activity | null> {
  const follow = await reader.row<FollowRow>(FOLLOW, [follower.id, followee.id]);
  const prefix = `${follower.uri}/follows/`;
  if (news === 'REQUESTED' && follow?.state === 'REQUESTED')
    return activity('Follow', follower.uri, {
      id: prefix + follow.id,
      object: followee.uri,
      to: [followee.uri],
    });
  if (news !== 'ENDED' || follow) return null;
  const sent = await standingActivity(reader, follower.id, followee.id, prefix);
  return sent && undo(sent);
}

/** Somebody there follows one of ours: Accept, or Reject. */
async function incoming(
  { database, jobId }: JobContext,
  follower: ActorRow,
  followee: ActorRow,
  news: FollowNews,
  occasion: string | undefined,
): Promise<Activity | null> {
  if (news === 'REQUESTED') return null;
  const follow = await database.row<FollowRow>(FOLLOW, [follower.id, followee.id]);
  if ((follow?.state === 'ACCEPTED') !== (news === 'ACCEPTED')) return null;
  const asked = await receivedFollow(database, follower, followee);
  const [type, kind] = news === 'ACCEPTED' ? ['Accept', 'accepts'] : ['Reject', 'rejects'];
  // Whoever follows again after an Undo is answered again, also where the Follow has its old id.
  const once = digest(JSON.stringify([asked, follow?.id ?? jobId, occasion]));
  const id = `${followee.uri}#${kind}/${once}`;
  return activity(type, followee.uri, { id, object: asked, to: [follower.uri] });
}

/** The Follow as it came, as peers compare what they sent; made up of its parts when it is not kept any more. */
async function receivedFollow(
  reader: Reader,
  follower: ActorRow,
  followee: ActorRow,
): Promise<object> {
  const row = await reader.row<{ body: { id: string } }>(RECEIVED_FOLLOW, [
    follower.uri,
    followee.uri,
  ]);
  const parts = { type: 'Follow', actor: follower.uri, object: followee.uri };
  return row ? { id: row.body.id, ...parts } : parts;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** What a job does for a context that has just carried out a Follow that changed nothing: it is accepted again. */
export async function acceptAgain(context: JobContext, pair: Pair): Promise<void> {
  await federateFollow.run(context, { ...pair, news: 'ACCEPTED', occasion: context.jobId });
}
