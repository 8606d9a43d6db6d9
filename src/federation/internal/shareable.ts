/** Which activities can be carried out along with others, and which of those have to wait for each other. */
import type { JsonObject } from './read-document.js';
import { idOf, objectOf, textOf } from './read-properties.js';

/** What is about something that it only names, and changes nothing of it but numbers. */
const ADDING = new Set(['Like', 'EmojiReact', 'Announce', 'Follow']);

/** What an activity touches, by identity. */
export interface Touched {
  /** It comes to be, or changes: whatever else touches that comes before or after. */
  readonly own: readonly string[];
  /** Something is added to it, or taken away, as others may do at the same time. */
  readonly joined: readonly string[];
}

/** What an activity touches; null for one that has to be carried out apart. */
export function touchedBy(body: JsonObject): Touched | null {
  const type = textOf(body['type']);
  // What is proven may have to be passed on.
  if (type === null || body['proof'] !== undefined) return null;
  if (ADDING.has(type)) return ofAdding(body);
  if (type === 'Undo') return ofUndone(body);
  return type === 'Create' ? ofComment(body) : null;
}

function ofAdding({ object }: JsonObject): Touched | null {
  return typeof object === 'string' ? { own: [], joined: [object] } : null;
}

/** What is only named may be anything. */
function ofUndone(body: JsonObject): Touched | null {
  const undone = objectOf(body['object']);
  const isAdding = undone !== null && ADDING.has(textOf(undone['type']) ?? '');
  return isAdding ? ofAdding(undone) : null;
}

/** A post may need its pictures, or what it quotes. */
function ofComment(body: JsonObject): Touched | null {
  const note = objectOf(body['object']);
  const [id, answered] = [idOf(note), idOf(note?.['inReplyTo'])];
  if (note?.['type'] !== 'Note' || id === null || answered === null) return null;
  return { own: [id], joined: [answered] };
}

interface Last {
  readonly own: Promise<unknown>;
  /** Since then. */
  readonly joined: Promise<unknown>[];
}

/** Lets what touches the same come one after the other, in the order in which it is given, and all else at once. */
export class Turns {
  private readonly last = new Map<string, Last>();

  /** Starts `work` when it is its turn. */
  take<Result>({ own, joined }: Touched, work: () => Promise<Result>): Promise<Result> {
    const before = [
      ...own.map((one) => this.of(one)).flatMap((last) => [last.own, ...last.joined]),
      ...joined.map((one) => this.of(one).own),
    ];
    const done = Promise.allSettled(before).then(work);
    for (const one of joined) this.of(one).joined.push(done);
    for (const one of own) this.last.set(one, { own: done, joined: [] });
    return done;
  }

  private of(one: string): Last {
    const last = this.last.get(one) ?? { own: Promise.resolve(), joined: [] };
    this.last.set(one, last);
    return last;
  }
}
