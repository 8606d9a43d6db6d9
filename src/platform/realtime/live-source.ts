/**
 * What a subscription field listens to, as a description instead of a stream: the live edge reads each
 * event once, asks once who may have it, and builds one payload for all who see the same.
 */
import type { Services } from '../context.js';
import type { Id } from '../ids.js';
import type { LiveEvent } from './live-event.js';

/** Somebody who is connected, by actor; null = anonymous. */
export type Onlooker = Id<'actor'> | null;

/** Which events a field passes on, and to whom. One object per field, made once: the edge asks each only once per event. */
export interface LiveFilter {
  /** Whether the field has anything to say about this event, to anybody. */
  readonly isWanted: (event: LiveEvent) => boolean;
  /**
   * Who of the connected may have the event, decided when it happens, in one statement for all.
   * What is decided here is decided again for every event: who was let in once is not in for good.
   */
  readonly admit: (
    services: Services,
    event: LiveEvent,
    onlookers: readonly Onlooker[],
  ) => Promise<(onlooker: Onlooker) => boolean>;
}

/** The answer of a subscription field's `subscribe`. The field's resolver gets each `LiveEvent` as its root. */
export class LiveSource implements AsyncIterable<LiveEvent> {
  constructor(
    readonly filter: LiveFilter,
    /** Live topics; the field hears of events that have at least one of them. */
    readonly topics: readonly string[],
    /** Cursor behind which to continue; null = from now on. */
    readonly after: string | null,
  ) {}

  /** GraphQL asks every source for this. @throws always: the live edge reads the description */
  [Symbol.asyncIterator](): AsyncIterator<LiveEvent> {
    throw new Error('A live source is read by the live edge, not iterated');
  }
}

/** For fields whose topics belong to the viewer alone. */
export const everybody: LiveFilter['admit'] = () => Promise.resolve(() => true);
