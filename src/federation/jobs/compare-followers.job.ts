/** Brings the follows of a remote actor in line with what its server says of them. @source FEP-8fcf */
import type { ActorId } from '../../actors/actor.entity.js';
import { respondToFollowRequest } from '../../actors/respond-to-follow-request.js';
import { removeFollower } from '../../actors/unfollow-actor.js';
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { RateLimit } from '../../platform/rate-limiter.js';
import { siteOf } from '../../platform/site-of.js';
import { blockedBetween } from '../../posts/visibility.js';
import { activity, undo } from '../documents/activities.js';
import { fetchAllMembers } from '../internal/read-collection.js';
import { idsOf } from '../internal/read-properties.js';
import { localActorId } from '../local-actor.js';
import { actAs } from '../receive/receiving.js';
import { inboxesOfActors } from '../recipients.queries.js';
import { findRemoteActor, isAbsence, type RemoteActor } from '../resolve-actor.js';
import { sendActivity } from '../send-activity.js';

const CLAIM = statement(
  'remote_actors.compare_followers',
  `update remote_actors r set followers_compared_at = $2 from actors a
   where r.actor_id = $1 and a.id = r.actor_id and a.status in ('ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL')
     and (r.followers_compared_at is null or r.followers_compared_at < $3) returning a.uri`,
);
const UNKNOWN_THERE = statement(
  'followers.unknown_there',
  `select f.follower_id as "followerId" from follows f join actors a on a.id = f.follower_id
   where f.followee_id = $1 and f.state = 'ACCEPTED' and a.domain is null and f.follower_id <> all($2::uuid[])`,
);
// Whoever blocks, or is blocked, has said so, and says nothing more.
// What we told of the two and is on its way still changes what is known there.
const UNKNOWN_HERE = statement(
  'followers.unknown_here',
  `select a.id as "followerId", a.uri as "followerUri", f.state
   from actors a left join follows f on f.follower_id = a.id and f.followee_id = $1
   where a.id = any($2::uuid[]) and a.domain is null and a.status not in ('PENDING', 'DELETED')
     and (f.state is null or f.state = 'REQUESTED' and f.requested_at < $3) and not ${blockedBetween('a.id', '$1')}
     and not exists (select from sent_activities s join deliveries d on d.activity_id = s.id
       where s.subject_id = $1 and s.actor_id = a.id and d.state = 'PENDING')`,
);

interface UnknownFollow {
  readonly followerId: ActorId;
  readonly followerUri: string;
  readonly state: 'REQUESTED' | null;
}

/** One actor makes us compare at most so often. */
const REST_SECONDS = 10 * 60;
/** A request that is younger may be newer than what is listed. */
const ASKED_SECONDS = 60 * 60;
/** Whoever lists people that do not follow makes them say so, one by one: no more often than any real list needs. */
export const TAKEN_BACK: RateLimit = {
  name: 'follows_taken_back',
  points: 100,
  windowSeconds: 3600,
  failsClosed: false,
};

/** A list that is not to be had whole says nothing, and nothing depends on it: the next post tells again. */
export const compareFollowers = defineJob<{ actorId: ActorId; url: string }>(
  'compareFollowers',
  async (context, { actorId, url }) => {
    const { database, clock } = context;
    const now = clock.now();
    const claimed = await database.transaction((tx) =>
      tx.row<{ uri: string }>(CLAIM, [actorId, now, addSeconds(now, -REST_SECONDS)]),
    );
    const actor = claimed && (await findRemoteActor(database, claimed.uri));
    const listed = actor && (await listedHere(context, url));
    if (actor && listed) await align(context, actor, listed);
  },
  { asksOutside: true, maxAttempts: 2, keyOf: ({ actorId }) => actorId },
);

/** Those of us who are listed; null when the list is not to be had. */
async function listedHere(context: JobContext, url: string): Promise<ActorId[] | null> {
  const { origin } = context.config.publicUrl;
  try {
    const uris = idsOf(await fetchAllMembers(context, url));
    return uris.map((uri) => localActorId(origin, uri)).filter((id) => id !== null);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    context.log.debug({ err: error, url }, 'followers could not be compared');
    return null;
  }
}

async function align(
  context: JobContext,
  actor: RemoteActor,
  listed: readonly ActorId[],
): Promise<void> {
  const { database, clock } = context;
  const command = actAs(context, actor.actorId);
  const gone = await database.rows<{ followerId: ActorId }>(UNKNOWN_THERE, [actor.actorId, listed]);
  for (const { followerId } of gone) await removeFollower(command, followerId);
  const before = addSeconds(clock.now(), -ASKED_SECONDS);
  const values = [actor.actorId, listed, before];
  for (const follow of await database.rows<UnknownFollow>(UNKNOWN_HERE, values))
    if (follow.state === null) {
      const { isExceeded } = await context.rateLimiter.charge(TAKEN_BACK, siteOf(actor.host));
      if (!isExceeded) await takeBack(context, actor, follow);
    } else await respondToFollowRequest(command, { actorId: follow.followerId, accept: true });
}

/** An Undo of a Follow that we do not remember: who reads it goes by the two, or not at all. */
async function takeBack(
  { database, clock, jobId }: JobContext,
  actor: RemoteActor,
  { followerId, followerUri }: UnknownFollow,
): Promise<void> {
  const id = `${followerUri}/follows/forgotten/${jobId}`;
  const follow = activity('Follow', followerUri, { id, object: actor.uri, to: [actor.uri] });
  const inboxes = await inboxesOfActors(database, [actor.uri]);
  const sending = { actorId: followerId, subjectId: actor.actorId, inboxes };
  await database.transaction((tx) =>
    sendActivity(tx, clock.now(), { ...sending, activity: undo(follow) }),
  );
}
