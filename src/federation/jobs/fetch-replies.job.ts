/** Asks the server of a post what it is now and who answered it, and those who answered where they stand, when somebody here looks at it. */
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { AT_ONCE, enqueueAt } from '../../platform/jobs/enqueue.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { fetchReplies } from '../receive/fetch-replies.js';
import { refreshPost } from '../receive/refresh-remote.js';
import { findRemoteFacts, noteRepliesTried } from '../remote-posts.js';

interface Wanted {
  readonly postId: PostId;
  /** Absent = to be found out: those of one host run one after the other. */
  readonly host?: string;
}

/** Whoever looks meanwhile sees what is known. */
const FRESH_SECONDS = 60 * 60;

/** A server that does not answer is not asked again at once: nothing depends on it. */
export const fetchRepliesOf = defineJob<Wanted>(
  'fetchRepliesOf',
  async (context, { postId, host }) => {
    const post = await findRemoteFacts(context.database, postId);
    if (!post || !isDue(context, post.repliesFetchedAt)) return;
    if (host === undefined) {
      const found = { postId, host: new URL(post.uri).host };
      await context.database.transaction((tx) => enqueueAt(tx, AT_ONCE, fetchRepliesOf, found));
      return;
    }
    await noteRepliesTried(context, postId);
    if (!(await refreshPost(context, postId, post))) return;
    const { repliesUri } = (await findRemoteFacts(context.database, postId)) ?? post;
    if (repliesUri !== null) await fetchReplies(context, postId, repliesUri);
  },
  {
    asksOutside: true,
    maxAttempts: 2,
    keyOf: ({ postId, host }) => (host === undefined ? postId : `${postId} at ${host}`),
    queueOf: ({ postId, host }) => host ?? postId,
  },
);

function isDue({ clock }: JobContext, triedAt: Date | null): boolean {
  return triedAt === null || triedAt <= addSeconds(clock.now(), -FRESH_SECONDS);
}
