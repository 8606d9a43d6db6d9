/** Which activities can be carried out along with others, and which of those have to wait for each other. */
import type { JsonObject } from './read-document.js';
import { idOf, objectOf, textOf } from './read-properties.js';

const REACTIONS = new Set(['Like', 'EmojiReact', 'Announce']);

/**
 * What an activity touches, by identity: two that touch the same are carried out one after the other. Null for an activity
 * that has to be carried out apart.
 */
export function touchedBy(body: JsonObject): readonly string[] | null {
  const type = textOf(body['type']);
  // What is proven may have to be passed on.
  if (type === null || body['proof'] !== undefined) return null;
  if (REACTIONS.has(type)) return ofReaction(body);
  if (type === 'Undo') return ofUndone(body);
  return type === 'Create' ? ofComment(body) : null;
}

function ofReaction({ object }: JsonObject): readonly string[] | null {
  return typeof object === 'string' ? [object] : null;
}

/** What is only named may be anything. */
function ofUndone(body: JsonObject): readonly string[] | null {
  const undone = objectOf(body['object']);
  const isReaction = undone !== null && REACTIONS.has(textOf(undone['type']) ?? '');
  return isReaction ? ofReaction(undone) : null;
}

/** A post may need its pictures, or what it quotes. */
function ofComment(body: JsonObject): readonly string[] | null {
  const note = objectOf(body['object']);
  const [id, answered] = [idOf(note), idOf(note?.['inReplyTo'])];
  if (note?.['type'] !== 'Note' || id === null || answered === null) return null;
  return [id, answered];
}
