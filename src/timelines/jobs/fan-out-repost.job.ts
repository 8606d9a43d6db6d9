/** Brings reposts into the home timelines of the reposters' followers, then tells live readers. */
import { statement } from '../../platform/db/database.js';
import type { Services } from '../../platform/context.js';
import type { Id } from '../../platform/ids.js';
import { defineJobOfMany } from '../../platform/jobs/job.js';
import type { PostId, RepostId } from '../../posts/post.entity.js';
import { writeRepostBatch, type FannedRepost } from '../home-reposts.js';
import { homeTimelineReposted } from '../timelines.events.js';

const FIND = statement(
  'fan_out.reposts',
  `select r.id, r.post_id as "postId", r.actor_id as "reposterId", r.created_at as "createdAt",
     reposter.domain is null or exists (select from follows f
       where f.followee_id = r.actor_id and f.state = 'ACCEPTED' and not f.is_remote) as "isShown"
   from reposts r join posts p on p.id = r.post_id join actors reposter on reposter.id = r.actor_id
   where r.id = any($1::uuid[]) and p.deleted_at is null order by r.id`,
);
const FINISH = statement(
  'fan_out.finish_reposts',
  'update reposts set fanned_out_at = $2 where id = any($1::uuid[]) and fanned_out_at is null returning id',
);

interface FoundRepost extends FannedRepost {
  readonly postId: PostId;
  /** It is in a home timeline here: somebody of another server may be followed by nobody here. */
  readonly isShown: boolean;
}

/** A repeat writes what is missing and tells nobody twice. */
export const fanOutRepost = defineJobOfMany<{ repostId: RepostId }>(
  'fanOutRepost',
  async ({ database, clock }, inputs) => {
    const reposts = await database.rows<FoundRepost>(FIND, [
      inputs.map(({ repostId }) => repostId),
    ]);
    const { shown = [], unseen = [] } = Object.groupBy(reposts, ({ isShown }) =>
      isShown ? 'shown' : 'unseen',
    );
    if (unseen.length > 0) await database.rows(FINISH, [unseen.map(({ id }) => id), clock.now()]);
    for (const repost of shown) await fanOut({ database, clock }, repost);
  },
);

/** One transaction per batch of followers. */
async function fanOut(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  repost: FoundRepost,
): Promise<void> {
  let last: Id<'follow'> | null = null;
  do {
    const after: Id<'follow'> | null = last;
    last = await database.transaction((tx) => writeRepostBatch(tx, repost, after));
  } while (last !== null);
  await database.transaction(async (tx) => {
    if (!(await tx.row(FINISH, [[repost.id], clock.now()]))) return;
    const { id: repostId, postId, reposterId } = repost;
    await tx.append(homeTimelineReposted, { repostId, postId, reposterId });
  });
}
