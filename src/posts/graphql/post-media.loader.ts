/** Assets by id: public ones, the viewer's own, and those of posts that the viewer sees. */
import { toMediaSource, type MediaSource } from '../../media/graphql/media.loader.js';
import type { MediaId } from '../../media/media.entity.js';
import { findMediaForViewer } from '../../media/media.queries.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { findSeenMediaIds } from '../post-media.queries.js';

/** What the viewer sees without looking into stories. */
export const seenMediaLoader = defineLoader<MediaId, MediaSource>(async (context, ids) => {
  const viewerId = context.readerId;
  const rows = await findMediaForViewer(context.database, ids, viewerId);
  const closed = rows.filter(({ isOpen }) => !isOpen).map(({ id }) => id);
  const seen = new Set(
    closed.length > 0 ? await findSeenMediaIds(context.database, closed, viewerId) : [],
  );
  const visible = rows.filter(({ id, isOpen }) => isOpen || seen.has(id));
  return new Map(visible.map((row) => [row.id, toMediaSource(row)]));
});
