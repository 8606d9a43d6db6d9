/** Activities as we send them: each with a context, an id that the same fact always has, and whom it is for. */
import type { Addressees } from './note-document.js';
import { CONTEXT } from './context.js';

/** Types of all that people here, and channels, say to other servers; `FEDERATION.md` names the same. */
export const SENT_TYPES = [
  'Accept',
  'Add',
  'Announce',
  'Block',
  'Create',
  'Delete',
  'EmojiReact',
  'Flag',
  'Follow',
  'Like',
  'Move',
  'QuoteRequest',
  'Reject',
  'Remove',
  'Undo',
  'Update',
] as const;

/** One of them. */
export type SentType = (typeof SENT_TYPES)[number];

/** An activity, ready to be sent. */
export interface Activity extends Addressees {
  readonly '@context': unknown;
  readonly id: string;
  readonly type: string;
  readonly actor: string;
  readonly object: unknown;
  /** That the actor said so; absent = it is not proven. */
  readonly proof?: object;
}

/** Makes an activity of an actor. */
export function activity(
  type: SentType,
  actor: string,
  { id, object, to = [], cc = [], ...more }: ActivityParts,
): Activity {
  return { '@context': CONTEXT, id, type, actor, to, cc, object, ...more };
}

interface ActivityParts extends Partial<Addressees> {
  readonly id: string;
  readonly object: unknown;
  readonly target?: string;
  readonly published?: string;
  readonly content?: string;
  readonly tag?: readonly object[];
  readonly instrument?: object;
  readonly result?: string;
}

/** Takes an activity back; what is taken back is embedded whole, as peers match it by its parts. */
export function undo(undone: Activity): Activity {
  const { '@context': _context, proof: _proof, ...object } = undone;
  const { to, cc } = undone;
  return activity('Undo', undone.actor, { id: `${undone.id}/undo`, object, to, cc });
}
