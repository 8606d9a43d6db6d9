/**
 * What a subscription field listens to whose truth is a list of its own and not the journal: events only wake it, and what
 * it sends comes from the list, so that nothing is lost or doubled however long its reader was away.
 */
import type { LiveEvent } from './live-event.js';

/** The answer of a subscription field's `subscribe`. The field's resolver gets each object that `pull` gives as its root. */
export class PulledSource implements AsyncIterable<object> {
  constructor(
    /** Live topics that wake it. */
    readonly topics: readonly string[],
    /**
     * What is to be sent: first for null, then for each event; `isLast` says that no other event waits, so that one
     * look at the list serves all of them. A DomainError ends the subscription with its code.
     */
    readonly pull: (event: LiveEvent | null, isLast: boolean) => AsyncIterable<object>,
  ) {}

  /** GraphQL asks every source for this. @throws always: the live edge reads the description */
  [Symbol.asyncIterator](): AsyncIterator<object> {
    throw new Error('A pulled source is read by the live edge, not iterated');
  }
}
