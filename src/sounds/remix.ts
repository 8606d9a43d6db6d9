/** Words of remixes: videos that are made of others. */
import type { RemixPolicy } from '../actors/visibility.js';
import type { PostId } from '../posts/post.entity.js';

/** What a video takes from another one. */
export const REMIX_KINDS = {
  DUET: 'Both are shown at once.',
  STITCH: 'It begins with the first seconds of the other one.',
  SOUND: 'The sound.',
} as const;

/** How the two videos of a duet stand. */
export const DUET_LAYOUTS = {
  SIDE_BY_SIDE: 'The original on the left, the clip on the right.',
  TOP_AND_BOTTOM: 'The original above, the clip below.',
} as const;

/** One of the kinds. */
export type RemixKind = keyof typeof REMIX_KINDS;

/** One of the layouts. */
export type DuetLayout = keyof typeof DUET_LAYOUTS;

/** Who may make what of a video. */
export type RemixPolicies = Readonly<Record<RemixKind, RemixPolicy>>;

/** Longest part of the original that a stitch begins with, seconds. */
export const STITCH_SECONDS = 5;

/** The original of a video that is a remix. */
export interface RemixOf {
  readonly postId: PostId;
  readonly kind: RemixKind;
  /** Null = its author is not named any more, after a block. */
  readonly originalId: PostId | null;
}
