/** Who may see and who may answer, in terms of how actors relate. Posts and the settings of people share these words. */

/** Who may see a post. */
export const VISIBILITIES = {
  PUBLIC: 'Everyone, also without signing in; shown in public timelines.',
  UNLISTED: 'Everyone who has the link or follows the author; absent from public timelines.',
  FOLLOWERS: 'Accepted followers of the author, and those mentioned.',
  MENTIONED: 'Only those mentioned.',
  LOCAL: 'Signed-in people of this server; never leaves it.',
} as const;

/** Who may comment. */
export const COMMENT_POLICIES = {
  EVERYONE: 'Everyone who sees the post.',
  FOLLOWERS: 'Followers of the author.',
  FOLLOWING: 'People the author follows.',
  MENTIONED: 'People mentioned in the post.',
  NOBODY: 'Nobody but the author.',
} as const;

/** Who may quote a post that everybody may see. */
export const QUOTE_POLICIES = {
  EVERYONE: 'Everyone.',
  FOLLOWERS: 'Followers of the author.',
  NOBODY: 'Nobody but the author.',
} as const;

/** Who may make a video of a video that everybody may see, or take its sound. */
export const REMIX_POLICIES = {
  EVERYONE: 'Everyone.',
  FOLLOWERS: 'Followers of the author.',
  NOBODY: 'Nobody but the author.',
} as const;

/** One of the visibilities. */
export type Visibility = keyof typeof VISIBILITIES;

/** One of the quote policies. */
export type QuotePolicy = keyof typeof QUOTE_POLICIES;

/** One of the remix policies. */
export type RemixPolicy = keyof typeof REMIX_POLICIES;

/** One of the comment policies. */
export type CommentPolicy = keyof typeof COMMENT_POLICIES;
