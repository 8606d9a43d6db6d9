/** Tells another server how two actors, one of them there, stand: asked, accepted, or ended from our side. */
import { createHash } from 'node:crypto';
import type { ActorId } from '../../actors/actor.entity.js';
import type { StandingFollow } from '../../actors/follow-actor.js';
import { findActors, type ActorRow } from '../../actors/actor.queries.js';
import type { JobContext } from '../../platform/context.js';
import { statement, type Reader } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { activity, undo, type Activity } from '../documents/activities.js';
import { localActorUri } from '../local-actor.js';
import { inboxesOfActors } from '../recipients.queries.js';
import type { RemoteActor } from '../resolve-actor.js';
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
  /** Its follower ended it: a Reject would only hit the next Follow, which may have come to nobody's ears yet. */
  readonly byFollower?: boolean;
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
  async (context, { followerId, followeeId, news, byFollower }) => {
    const actors = await findActors(context.database, [followerId, followeeId]);
    const follower = actors.find(({ id }) => id === followerId);
    const followee = actors.find(({ id }) => id === followeeId);
    if (!follower || !followee) return;
    const isOut = follower.domain === null && followee.domain !== null;
    const isIn = follower.domain !== null && followee.domain === null;
    if (!isOut && !isIn) return;
    if (isIn && byFollower) return;
    const made = isOut
      ? await outgoing(context.database, follower, followee, news)
      : await incoming(context, follower, followee, news);
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
): Promise<Activity | null> {
  if (news === 'REQUESTED') return null;
  const follow = await database.row<FollowRow>(FOLLOW, [follower.id, followee.id]);
  if ((follow?.state === 'ACCEPTED') !== (news === 'ACCEPTED')) return null;
  const asked = await receivedFollow(database, follower, followee);
  return answerTo(asked, news, [follow?.id ?? jobId]);
}

/** Whoever follows again after an Undo is answered again, also where the Follow has its old id. */
function answerTo(
  asked: AskedFollow,
  news: 'ACCEPTED' | 'ENDED',
  occasion: readonly string[],
): Activity {
  const [type, kind] =
    news === 'ACCEPTED' ? (['Accept', 'accepts'] as const) : (['Reject', 'rejects'] as const);
  const once = digest(JSON.stringify([asked, ...occasion]));
  const id = `${asked.object}#${kind}/${once}`;
  return activity(type, asked.object, { id, object: asked, to: [asked.actor] });
}

/** The Follow as it came, as peers compare what they sent; made up of its parts when it is not kept any more. */
async function receivedFollow(
  reader: Reader,
  follower: ActorRow,
  followee: ActorRow,
): Promise<AskedFollow> {
  const row = await reader.row<{ body: { id: string } }>(RECEIVED_FOLLOW, [
    follower.uri,
    followee.uri,
  ]);
  const parts = { type: 'Follow', actor: follower.uri, object: followee.uri };
  return row ? { id: row.body.id, ...parts } : parts;
}

/** A Follow as an answer names it. */
interface AskedFollow {
  readonly id?: string;
  readonly type: string;
  readonly actor: string;
  readonly object: string;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32);
}

/** A Follow that came in, and what it has become. */
interface ReceivedFollow {
  readonly follow: StandingFollow;
  readonly uri: string;
  readonly follower: RemoteActor;
  readonly followeeId: ActorId;
}

/**
 * Accepts a Follow where it is carried out, inside the transaction that does so. One that changed nothing is accepted
 * anew: the first answer may have been lost.
 */
export async function acceptReceived(
  { database, clock, config, jobId }: JobContext,
  { follow, uri, follower, followeeId }: ReceivedFollow,
): Promise<void> {
  const { inboxUrl, host } = follower;
  const object = localActorUri(config, followeeId);
  const asked = { id: uri, type: 'Follow', actor: follower.uri, object };
  const answer = answerTo(asked, 'ACCEPTED', follow.isNew ? [follow.id] : [follow.id, jobId]);
  const sending = {
    actorId: followeeId,
    subjectId: follower.actorId,
    inboxes: [{ inboxUrl, host }],
  };
  await database.transaction((tx) =>
    sendActivity(tx, clock.now(), { activity: answer, ...sending }),
  );
}
