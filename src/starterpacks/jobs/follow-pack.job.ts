/** Follows the people and hashtags of a pack for somebody who has used it. */
import { findAccountOfActor } from '../../accounts/accounts.queries.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { startFollowing } from '../../actors/follow-actor.js';
import { DomainError } from '../../platform/errors.js';
import { defineJob } from '../../platform/jobs/job.js';
import { startFollowingHashtag } from '../../timelines/follow-hashtag.js';

/** Whom and what to follow for whom. */
interface PackFollows {
  readonly followerId: ActorId;
  readonly actorIds: readonly ActorId[];
  readonly hashtags: readonly string[];
}

/** Each in a transaction of its own. A repeat follows nobody twice, and leaves the choices about a follow as they are. */
export const followPack = defineJob<PackFollows>(
  'followPack',
  async (context, { followerId, actorIds, hashtags }) => {
    const account = await findAccountOfActor(context.database, followerId);
    if (account?.state !== 'ACTIVE') return;
    for (const actorId of actorIds)
      await unlessRefused(() => startFollowing(context, followerId, actorId));
    for (const name of hashtags)
      await unlessRefused(() => startFollowingHashtag(context, followerId, name));
  },
);

/** What cannot be followed any more, as after a block or beyond a limit, is passed over. */
async function unlessRefused(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
  }
}
