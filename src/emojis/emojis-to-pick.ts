/** The emoji that clients offer. Everybody asks for the same list, so a process keeps it until it changes. */
import type { Database } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { readEmojiRevision } from './emoji-revision.js';
import { listEmojisToPick, type DrawnEmoji } from './emojis.queries.js';

interface KeptList {
  readonly revision: string | null;
  readonly emojis: readonly DrawnEmoji[];
}

const kept = new WeakMap<Database, KeptList>();

/** A page of the emoji to pick from, category by category; one more than the page shows. */
export async function pageOfEmojisToPick(
  database: Database,
  request: PageRequest,
): Promise<DrawnEmoji[]> {
  const { size, isBackward, from } = request;
  const emojis = await emojisToPick(database);
  const inOrder = isBackward ? emojis.toReversed() : emojis;
  const isBehind = (emoji: DrawnEmoji): boolean =>
    from === null ||
    (isBackward ? compare(pickKey(emoji), from) < 0 : compare(pickKey(emoji), from) > 0);
  const start = inOrder.findIndex(isBehind);
  return start < 0 ? [] : inOrder.slice(start, start + size + 1);
}

/** Place of an emoji in that list. */
export function pickKey({ category, shortcode }: DrawnEmoji): readonly [string, string] {
  return [category === null ? '1' : `0${category}`, shortcode];
}

async function emojisToPick(database: Database): Promise<readonly DrawnEmoji[]> {
  // The mark is read first: a change in between makes the kept list one to be read again.
  const revision = await readEmojiRevision(database);
  const known = kept.get(database);
  if (known && known.revision === revision) return known.emojis;
  const emojis = await listEmojisToPick(database);
  kept.set(database, { revision, emojis });
  return emojis;
}

function compare(one: readonly string[], other: readonly string[]): number {
  return byBytes(one[0]!, other[0]!) || byBytes(one[1]!, other[1]!);
}

/** As the database sorts. */
function byBytes(one: string, other: string): number {
  return Buffer.compare(Buffer.from(one), Buffer.from(other));
}
