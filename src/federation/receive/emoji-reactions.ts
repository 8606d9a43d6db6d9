/** Like and EmojiReact with whatever emoji, and the Undo of each. */
import { readEmojiName } from '../../emojis/emoji.js';
import { keepRemoteEmojis } from '../../emojis/keep-remote-emojis.js';
import { Invalid } from '../../platform/errors.js';
import { LIKE, normaliseReaction } from '../../posts/reaction-content.js';
import { setReaction } from '../../posts/set-reaction.js';
import type { JsonObject } from '../internal/read-document.js';
import { emojisOf } from '../internal/read-emojis.js';
import { idOf, textOf } from '../internal/read-properties.js';
import { findSubject, Unwanted, type Handler, type Undoing } from './receiving.js';

/** Misskey marks its own emoji with a dot where others would have a host. */
const CUSTOM = /^:([a-zA-Z0-9_]{2,64})(?:@\.)?:$/;

/** A reaction; an emoji that nobody here knows, and whose picture the activity does not name, is a like. */
export const handleReaction: Handler = async ({ context, command, sender, activity }) => {
  const subject = await findSubject(context.database, idOf(activity.body['object']) ?? '');
  if (!subject) throw new Unwanted();
  const reaction = reactionOf(activity.body);
  const shortcode = readEmojiName(reaction)?.shortcode;
  const emojis = emojisOf(activity.body).filter((emoji) => emoji.shortcode === shortcode);
  await keepRemoteEmojis(context, sender.actorId, emojis);
  const subjectId = subject.id;
  try {
    await setReaction(command, { subjectId, content: reaction });
  } catch (error) {
    if (!(error instanceof Invalid)) throw error;
    await setReaction(command, { subjectId, content: LIKE });
  }
};

/**
 * Who has several reactions on another server has the last one here: the end of an earlier one leaves it. What is not
 * embedded does not say which one it was, and ends any.
 */
export const undoReaction: Undoing = async ({ context, command, activity }, undone) => {
  const subject = await findSubject(context.database, idOf(undone['object']) ?? '');
  if (!subject) return;
  const isEmbedded = typeof activity.body['object'] === 'object';
  const isMeant = (present: string): boolean => !isEmbedded || isSame(present, reactionOf(undone));
  await setReaction(command, { subjectId: subject.id, content: null, isMeant });
};

/** What somebody reacts with: one emoji of Unicode as it is stored, or `:shortcode:`. */
function reactionOf(body: JsonObject): string {
  const written = textOf(body['_misskey_reaction']) ?? textOf(body['content']) ?? LIKE;
  const [, shortcode] = CUSTOM.exec(written) ?? [];
  return shortcode === undefined ? (normaliseReaction(written) ?? LIKE) : `:${shortcode}:`;
}

/** A custom emoji that could not be kept became a like. */
function isSame(current: string, undone: string): boolean {
  const shortcode = readEmojiName(undone)?.shortcode;
  if (shortcode === undefined) return current === undone;
  return current === LIKE || readEmojiName(current)?.shortcode === shortcode;
}
