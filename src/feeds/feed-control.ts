/** What somebody can do about a post in a feed. */

/** Controls with what each does. */
export const FEED_CONTROLS = {
  LESS_LIKE_THIS:
    'giveFeedFeedback: posts of the author and with its hashtags get a lower score for a while.',
  HIDE_AUTHOR: 'giveFeedFeedback: the author is in no feed that is made for the viewer.',
  MUTE_HASHTAG: 'updateFeedPreferences: posts with the hashtag are left out.',
  LOWER_SIGNAL: 'updateFeedPreferences: the weight of a signal.',
  SWITCH_ALGORITHM: 'updateFeedPreferences: another feed by default.',
  TURN_OFF_PROFILING: 'updateFeedPreferences: nothing is made of what the viewer does.',
} as const;

/** One of the controls. */
export type FeedControl = keyof typeof FEED_CONTROLS;
