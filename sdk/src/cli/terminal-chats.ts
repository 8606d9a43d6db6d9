/** Conversations as a terminal shows them: each has a number. */
import type { Chat } from '../chat/chat.js';
import type { Doubt } from '../chat/records.js';
import { say } from './lines.js';
import { showHeld } from './terminal-doubts.js';
import { isOutside, showMessages } from './terminal-messages.js';
import { namesOf, othersOf } from './terminal-people.js';
import type { Shown } from './terminal-shown.js';

/** The program while somebody types. */
export interface Talk {
  readonly chat: Chat;
  /** Ends with the program. */
  readonly signal: AbortSignal;
  /** The conversation that is shown; null = none yet. */
  current: string | null;
  readonly shown: Shown;
  /** What kept somebody out that was to be let in. */
  kept: readonly Doubt[];
}

/** Number and title of a conversation, or who else takes part. */
export async function titleOf(chat: Chat, conversationId: string): Promise<string> {
  const index = chat.conversations().findIndex(({ id }) => id === conversationId);
  const title = chat.conversations()[index]?.title;
  return `${index + 1}. ${title ?? (await namesOf(chat, othersOf(chat, conversationId)))}`;
}

/** All conversations. */
export async function showChats({ chat, current }: Talk): Promise<void> {
  const all = chat.conversations();
  for (const each of all) {
    const here = each.id === current ? ' (what you type goes here)' : '';
    const out = isOutside(each)
      ? ' (this device is not let in yet)'
      : ' (you are not in it any more)';
    say((await titleOf(chat, each.id)) + (each.isMember ? here : out));
  }
  if (all.length === 0) say('none yet: /new <name> begins one');
}

/** Goes to a conversation by its number. */
export async function openChat(talk: Talk, number: string): Promise<void> {
  const found = talk.chat.conversations()[Number(number) - 1];
  if (!found) throw new RangeError('There is no conversation with this number: /chats has them.');
  talk.current = found.id;
  await showMessages(talk.chat, found.id);
  await showHeld(talk.chat, talk.shown, found.id);
}

/** Goes to the conversation with somebody, or begins a group. @param handles with blanks between them */
export async function begin(talk: Talk, handles: string): Promise<void> {
  const { chat } = talk;
  const [first, ...others] = handles.split(/\s+/).filter(Boolean);
  if (!first) throw new RangeError('Name whom to talk with: /new ben, or /new ben@b.example cyd.');
  talk.current =
    others.length > 0 ? await chat.createGroup([first, ...others]) : await chat.openDirect(first);
  await showMessages(chat, talk.current);
  await showHeld(chat, talk.shown, talk.current);
}
