/** Who may make what of a video. */
import type { RemixPolicy } from '../actors/visibility.js';
import type { CommandContext } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { lockOwnPost } from '../posts/own-post.js';
import type { PostId } from '../posts/post.entity.js';
import { remixPoliciesSet } from './sounds.events.js';

/** What changes; absent = as it is, null = as the author has set for themselves. */
export interface RemixPolicyChange {
  readonly postId: PostId;
  readonly duet?: RemixPolicy | null;
  readonly stitch?: RemixPolicy | null;
  readonly sound?: RemixPolicy | null;
}

const SET = statement(
  'remixes.set_policies',
  `insert into remix_policies as chosen (post_id, duet, stitch, sound) values ($1, $3, $5, $7)
   on conflict (post_id) do update set duet = case when $2 then $3 else chosen.duet end,
     stitch = case when $4 then $5 else chosen.stitch end, sound = case when $6 then $7 else chosen.sound end`,
);

/**
 * Changes who may make what of an own video. Videos that were made of it before stay.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's post
 * @throws {Conflict} CONFLICT for a post that is no video
 */
export async function setRemixPolicies(
  context: CommandContext,
  { postId, duet, stitch, sound }: RemixPolicyChange,
): Promise<void> {
  const viewer = requireViewer(context);
  await context.database.transaction(async (tx) => {
    const post = await lockOwnPost(tx, viewer, postId, ['postId']);
    if (post.kind !== 'video') throw new Conflict('The post is no video.', 'CONFLICT', ['postId']);
    const values = [duet, stitch, sound].flatMap((policy) => [
      policy !== undefined,
      policy ?? null,
    ]);
    await tx.rows(SET, [postId, ...values]);
    await tx.append(remixPoliciesSet, { postId });
  });
}
