/** Tells of a new post those who follow its author and want to hear of every one. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { notify, NOTIFY_BATCH } from '../notify.js';

const AFTER_ALL = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

interface Follower {
  readonly id: string;
  readonly recipientId: ActorId;
  readonly actorId: ActorId;
  readonly isMentioned: boolean;
}

const FOLLOWERS = statement(
  'notifications.followers_to_notify',
  `select f.id, f.follower_id as "recipientId", p.author_id as "actorId",
     exists (select from post_mentions where post_id = p.id and actor_id = f.follower_id) as "isMentioned"
   from posts p join follows f on f.followee_id = p.author_id
   where p.id = $1 and p.deleted_at is null and f.state = 'ACCEPTED' and f.notifies_on_post and f.id < $2
   order by f.id desc limit ${NOTIFY_BATCH}`,
);

/** One transaction per batch of followers; a repeat tells those who are missing. Who is mentioned hears of that. */
export const notifyFollowers = defineJob<{ postId: PostId }>(
  'notifyFollowers',
  async (context, { postId }) => {
    let batch: Follower[] = [];
    let last = AFTER_ALL;
    do {
      batch = await context.database.rows<Follower>(FOLLOWERS, [postId, last]);
      last = batch.at(-1)?.id ?? last;
      const causes = batch
        .filter(({ isMentioned }) => !isMentioned)
        .map(({ recipientId, actorId }) => {
          return { recipientId, kind: 'NEW_POST', groupKey: postId, actorId, postId } as const;
        });
      await context.database.transaction((tx) => notify(context, tx, causes));
    } while (batch.length === NOTIFY_BATCH);
  },
);
