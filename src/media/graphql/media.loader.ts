/** Assets by id: the owner's own, and public ones of owners who are there for the viewer. Slices above show the others to whom they may be shown. */
import { defineLoader } from '../../platform/graphql/loader.js';
import type { NodeSource } from '../../platform/graphql/node.js';
import type { MediaId } from '../media.entity.js';
import type { MediaRow } from '../media-row.js';
import { findMediaForViewer } from '../media.queries.js';

/** An asset as resolvers see it. */
export type MediaSource = MediaRow &
  NodeSource & {
    /** When signed addresses end at the latest: the viewer may not see it after that. Absent or null = within the hour. */
    readonly linksEnd?: Date | null;
  };

/** Shapes a row that the viewer may see. */
export function toMediaSource(row: MediaRow): MediaSource {
  if (row.kind !== 'video')
    return { ...row, nodeType: row.kind === 'file' ? 'FileMedia' : 'ImageMedia' };
  // A video that stands elsewhere can be played whatever became of its still picture.
  const played = row.video && row.remoteUrl ? { state: 'READY' as const, failure: null } : {};
  return { ...row, ...played, nodeType: 'VideoMedia' };
}

/** Assets that anybody, or their owner, may see. */
export const mediaLoader = defineLoader<MediaId, MediaSource>(async (context, ids) => {
  const rows = await findMediaForViewer(context.database, ids, context.viewer?.actorId ?? null);
  const visible = rows.filter(({ isOpen }) => isOpen);
  return new Map(visible.map((row) => [row.id, toMediaSource(row)]));
});
