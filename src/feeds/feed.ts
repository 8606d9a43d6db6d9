/** Words and bounds of feeds. */
import type { Id } from '../platform/ids.js';

/** Identity of a page as it was computed. */
export type FeedSnapshotId = Id<'feedsnapshot'>;

/** Identity of a pick of the staff. */
export type EditorialPickId = Id<'pick'>;

/** How long a computed page is kept, in days. */
export const SNAPSHOT_DAYS = 7;

/** Newest snapshots of a person that are kept. */
export const SNAPSHOTS_PER_OWNER = 300;

/** People who are not signed in share what was computed in so many seconds. */
export const ANONYMOUS_SECONDS = 300;

/** How many of those are kept at most, the newest: whoever asks for ever other choices fills no disk. */
export const NOBODYS_SNAPSHOTS = 2_000;

/** How long what anonymous people share is kept, in hours. */
export const ANONYMOUS_HOURS = 24;

/** Posts that one walk through a ranked feed goes through at most. */
export const LONGEST_WALK = 600;

/** Computing a page costs more than reading one: so many in an hour. */
export const SNAPSHOT_LIMIT = {
  name: 'feed_snapshot',
  points: 600,
  windowSeconds: 3600,
  failsClosed: false,
};

/** Hashtags that somebody mutes in feeds. */
export const MOST_MUTED_HASHTAGS = 100;

/** Authors whom somebody hides in feeds. */
export const MOST_HIDDEN_AUTHORS = 1000;

/** How far back acts make interests, in days: what is older weighs a sixtieth and less. */
export const PROFILE_DAYS = 180;
