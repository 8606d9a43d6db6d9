/** Who may be shown on somebody's picture. Pure functions: the person on it decides. */
import type { TagPolicy } from '../accounts/settings.js';

/** What a tag is decided by. */
export interface TaggingFacts {
  /** The author tags themselves. */
  readonly isSelf: boolean;
  /** The person has an account here, and so can be asked. */
  readonly isLocal: boolean;
  /** A block between the two, in either direction. */
  readonly isBlocked: boolean;
  /** The person may see the post. */
  readonly seesPost: boolean;
  /** The person took a tag off this very post before. */
  readonly hasDeclined: boolean;
  /** The person is an accepted follower of the author. */
  readonly followsAuthor: boolean;
  readonly policy: TagPolicy;
  /** The person wants to be asked before a tag shows. */
  readonly reviews: boolean;
}

/** What becomes of a new tag: it waits for its person, shows at once, or (null) is refused. */
export function stateOfNewTag(facts: TaggingFacts): 'PENDING' | 'APPROVED' | null {
  if (facts.isSelf) return 'APPROVED';
  if (!facts.isLocal || facts.isBlocked || facts.hasDeclined || !facts.seesPost) return null;
  if (facts.policy === 'NOBODY') return null;
  if (facts.policy === 'FOLLOWING' && !facts.followsAuthor) return null;
  return facts.reviews ? 'PENDING' : 'APPROVED';
}
