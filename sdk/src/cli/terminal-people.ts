/** People as a terminal shows them. */
import type { Chat } from '../chat/chat.js';
import type { Standing } from '../chat/people.js';
import { say } from './lines.js';

const MARKS: Readonly<Record<Standing, string>> = {
  verified: ' ✓',
  attested: '',
  unattested: ' (nothing vouches for them)',
  unknown: ' (not known yet)',
};

/** Name and handle of somebody, and how far they are known. */
export async function nameOf(chat: Chat, uri: string): Promise<string> {
  if (uri === chat.self.actorUri) return 'you';
  const shown = await chat.people.shownAs(uri).catch(() => null);
  const name = shown?.displayName ? `${shown.displayName} (${shown.handle})` : shown?.handle;
  return (name ?? uri).replaceAll('\n', ' ') + MARKS[chat.people.standingOf(uri)];
}

/** Everybody else of a conversation. */
export const othersOf = (chat: Chat, conversationId: string): readonly string[] => {
  const found = chat.conversations().find(({ id }) => id === conversationId);
  return (found?.members ?? []).filter((uri) => uri !== chat.self.actorUri);
};

/** Who takes part. */
export async function showPeople(chat: Chat, conversationId: string): Promise<void> {
  for (const uri of othersOf(chat, conversationId)) say(await nameOf(chat, uri));
}

/** What to compare with everybody. */
export async function showSafety(chat: Chat, conversationId: string): Promise<void> {
  for (const uri of othersOf(chat, conversationId)) {
    say(await nameOf(chat, uri));
    for (const digits of digitsFor(chat, uri)) say(digits);
  }
}

/** Of people whose software has no key that stands for them there are only the digits of their devices, and of the own one. */
function digitsFor(chat: Chat, uri: string): readonly string[] {
  const { people, self } = chat;
  if (people.standingOf(uri) !== 'unattested') return [people.safetyNumber(uri) ?? 'no digits yet'];
  const own = people.fingerprintsOf(self.actorUri).map((digits) => `you: ${digits}`);
  return [...people.fingerprintsOf(uri), ...own];
}

/** The digits were compared and are the same. @param handle as it is shown, on the own server also without its host */
export async function verify(chat: Chat, conversationId: string, handle: string): Promise<void> {
  for (const uri of othersOf(chat, conversationId)) {
    const shown = (await chat.people.shownAs(uri))?.handle;
    const isNeighbour = new URL(uri).host === new URL(chat.self.actorUri).host;
    if (shown !== handle && !(isNeighbour && shown?.split('@')[0] === handle)) continue;
    await chat.people.verify(uri);
    return say(await nameOf(chat, uri));
  }
  throw new RangeError(`Nobody here is called ${handle}.`);
}
