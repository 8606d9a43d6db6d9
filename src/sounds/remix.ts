/** Words of remixes: videos that are made of others. */
import type { PostId } from '../posts/post.entity.js';
import type { RemixKind } from '../posts/remix-policies.js';

/** How the two videos of a duet stand. */
export const DUET_LAYOUTS = {
  SIDE_BY_SIDE: 'The original on the left, the clip on the right.',
  TOP_AND_BOTTOM: 'The original above, the clip below.',
} as const;

/** One of the layouts. */
export type DuetLayout = keyof typeof DUET_LAYOUTS;

/** Longest part of the original that a stitch begins with, seconds. */
export const STITCH_SECONDS = 5;

/** The original of a video that is a remix. */
export interface RemixOf {
  readonly postId: PostId;
  readonly kind: RemixKind;
  /** Null = its author is not named any more, after a block. */
  readonly originalId: PostId | null;
}
