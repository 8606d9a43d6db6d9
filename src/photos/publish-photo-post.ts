/** Publishing pictures: one to twenty in an album. */
import type { MediaId } from '../media/media.entity.js';
import type { CommandContext } from '../platform/context.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { TagPlacement } from '../posts/photo-tag.js';
import type { PostId } from '../posts/post.entity.js';
import { publishPost, type PostDraft } from '../posts/publish-post.js';

/** An album and what its author says about it. */
export interface PhotoPostDraft extends PostDraft {
  /** 1–20 own pictures that are READY and in no other post, in order. */
  readonly mediaIds: readonly MediaId[];
  /** People on them; absent = none. */
  readonly tags?: readonly TagPlacement[] | undefined;
}

/**
 * Publishes a photo post of the viewer. Opens its own transaction.
 *
 * @throws {Invalid} INVALID_INPUT
 * @throws {NotFound} NOT_FOUND for a picture of somebody else
 * @throws {Forbidden} FORBIDDEN for a post that the viewer may not quote
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED, or ALREADY_EXISTS for a picture in use
 * @throws {Forbidden} FORBIDDEN for somebody who cannot be tagged here
 * @throws {QuotaExceeded} QUOTA_EXCEEDED for more than POSTS_PER_DAY
 */
export async function publishPhotoPost(
  context: CommandContext,
  draft: PhotoPostDraft,
): Promise<PostId> {
  const viewer = requireViewer(context);
  return context.database.transaction((tx) =>
    publishPost(context, tx, viewer, { ...draft, kind: 'photo' }),
  );
}
