/** Publishing a video. */
import type { MediaId } from '../media/media.entity.js';
import type { CommandContext } from '../platform/context.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { TagPlacement } from '../posts/photo-tag.js';
import type { PostId } from '../posts/post.entity.js';
import { publishPost, type PostDraft } from '../posts/publish-post.js';

/** A video and what its author says about it. */
export interface VideoPostDraft extends PostDraft {
  /** An own video that can be played and is in no other post. */
  readonly mediaId: MediaId;
  /** People in it; absent = none. */
  readonly tags?: readonly TagPlacement[] | undefined;
}

/**
 * Publishes a video post of the viewer. Opens its own transaction.
 *
 * @throws {Invalid} INVALID_INPUT, also for what is no video
 * @throws {NotFound} NOT_FOUND for a video of somebody else
 * @throws {Forbidden} FORBIDDEN for a post that the viewer may not quote
 * @throws {Conflict} MEDIA_NOT_READY before it can be played, MEDIA_REJECTED, or ALREADY_EXISTS for a video in use
 * @throws {Forbidden} FORBIDDEN for somebody who cannot be tagged here
 * @throws {QuotaExceeded} QUOTA_EXCEEDED for more than POSTS_PER_DAY
 */
export async function publishVideoPost(
  context: CommandContext,
  { mediaId, ...draft }: VideoPostDraft,
): Promise<PostId> {
  const viewer = requireViewer(context);
  const post = { ...draft, kind: 'video', mediaIds: [mediaId], pathOf: () => ['mediaId'] } as const;
  return context.database.transaction((tx) => publishPost(context, tx, viewer, post));
}
