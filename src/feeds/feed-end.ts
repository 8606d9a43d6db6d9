/** Why a computed order is no longer than it is. */
import type { Rejection } from '../ranking/algorithm.js';
import { LONGEST_WALK } from './feed.js';
import type { FeedSnapshot, StoredRejection } from './snapshot.js';

/** Reasons with what each means. */
export const FEED_ENDS = {
  LENGTH: 'It is as long as such an order gets, or as far as one walk goes.',
  AUTHOR_SHARE:
    'There is more, but each of it would be too close to another post of its author: at most one of so many in a row is by the same.',
  SEEN: 'The viewer has seen what else there is, or published it.',
  LEFT_OUT: 'The viewer hid or muted what else there is.',
  NOTHING_MORE: 'There is nothing else.',
} as const;

/** One of the reasons. */
export type FeedEnd = keyof typeof FEED_ENDS;

/** The first that holds. */
const SAYS: readonly (readonly [FeedEnd, readonly Rejection[]])[] = [
  ['LENGTH', ['NO_ROOM']],
  ['AUTHOR_SHARE', ['AUTHOR_SHARE']],
  ['SEEN', ['SEEN', 'OWN']],
  ['LEFT_OUT', ['HIDDEN_AUTHOR', 'MUTED_HASHTAG', 'AI']],
];

/** Why an order ends where it ends. */
export function endOf(
  { placedIds }: Pick<FeedSnapshot, 'placedIds'>,
  rejected: readonly Pick<StoredRejection, 'reason'>[],
): FeedEnd {
  if (placedIds.length >= LONGEST_WALK) return 'LENGTH';
  const reasons = new Set(rejected.map(({ reason }) => reason));
  const found = SAYS.find(([, because]) => because.some((reason) => reasons.has(reason)));
  return found?.[0] ?? 'NOTHING_MORE';
}
