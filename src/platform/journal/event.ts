/**
 * Committed facts. A slice defines its events in `<slice>.events.ts`; appending one in a transaction
 * also enqueues what follows from it and wakes live readers, all in that same transaction.
 */

/** The definition of one kind of fact; its payload is plain JSON. */
export interface EventType<Payload> {
  /** Past tense, camelCase, unique in the server. */
  readonly name: string;
  /** Live topics that hear of it; empty when no live reader cares. */
  readonly topics: (payload: Payload) => readonly string[];
}

/** What an event type carries. */
export type PayloadOf<Event> = Event extends EventType<infer Payload> ? Payload : never;

/** Defines an event. Without `topics` it only has consequences, no live readers. */
export function defineEvent<Payload extends object>(
  name: string,
  topics: (payload: Payload) => readonly string[] = () => [],
): EventType<Payload> {
  return { name, topics };
}
