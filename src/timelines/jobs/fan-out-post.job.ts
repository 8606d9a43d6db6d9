/** Brings a new post into the home timelines of who follows its author or a hashtag of it, then tells live readers, unless it is an old one. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Visibility } from '../../actors/visibility.js';
import { statement } from '../../platform/db/database.js';
import type { Id } from '../../platform/ids.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { writeBatch } from '../home-entries.js';
import { writeToHashtagFollowers } from '../home-hashtags.js';
import { homeTimelineExtended, publicTimelineChanged } from '../timelines.events.js';

const FIND = statement(
  'fan_out.post',
  `select id, author_id as "authorId", visibility from posts 
   where id = $1 and deleted_at is null and archived_at is null and kind <> 'comment'`,
);
const FINISH = statement(
  'fan_out.finish',
  'insert into home_fan_outs (post_id, finished_at) values ($1, $2) on conflict do nothing returning post_id',
);

/** One transaction per batch of followers; a repeat writes what is missing and tells nobody twice. */
export const fanOutPost = defineJob<{ postId: PostId; isQuiet?: boolean }>(
  'fanOutPost',
  async ({ database, clock }, { postId, isQuiet }) => {
    const post = await database.row<{ id: PostId; authorId: ActorId; visibility: Visibility }>(
      FIND,
      [postId],
    );
    if (!post) return;
    let last: Id<'follow'> | null = null;
    do {
      const after: Id<'follow'> | null = last;
      last = await database.transaction((tx) => writeBatch(tx, post, after));
    } while (last !== null);
    await writeToHashtagFollowers(database, post);
    await database.transaction(async (tx) => {
      if (!(await tx.row(FINISH, [postId, clock.now()])) || isQuiet === true) return;
      await tx.append(homeTimelineExtended, { postId, authorId: post.authorId });
      const isPublic = post.visibility === 'PUBLIC' || post.visibility === 'LOCAL';
      if (isPublic) await tx.append(publicTimelineChanged, { postId, authorId: post.authorId });
    });
  },
);
