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
  return (name ?? strangerOf(uri)).replaceAll('\n', ' ') + MARKS[chat.people.standingOf(uri)];
}

/** Several people, in a sentence. */
export async function namesOf(chat: Chat, uris: readonly string[]): Promise<string> {
  const names = await Promise.all(uris.map((uri) => nameOf(chat, uri)));
  const last = names.pop() ?? 'nobody else';
  return names.length > 0 ? `${names.join(', ')} and ${last}` : last;
}

const strangerOf = (uri: string): string =>
  URL.canParse(uri) ? `somebody of ${new URL(uri).host}` : 'somebody';

/** Everybody else of a conversation. */
export const othersOf = (chat: Chat, conversationId: string): readonly string[] => {
  const found = chat.conversations().find(({ id }) => id === conversationId);
  return (found?.members ?? []).filter((uri) => uri !== chat.self.actorUri);
};

/** Who takes part. */
export async function showPeople(chat: Chat, conversationId: string): Promise<void> {
  const others = othersOf(chat, conversationId);
  for (const uri of others) say(await nameOf(chat, uri));
  if (others.length === 0) say('nobody else');
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
  const uri = await find(chat, conversationId, handle);
  await chat.people.verify(uri);
  say(await nameOf(chat, uri));
}

/** Takes somebody out, with all their devices. */
export async function remove(chat: Chat, conversationId: string, handle: string): Promise<void> {
  await chat.removeMembers(conversationId, [await find(chat, conversationId, handle)]);
  say('done');
}

/** @throws {RangeError} when nobody else of the conversation is called so */
async function find(chat: Chat, conversationId: string, handle: string): Promise<string> {
  for (const uri of othersOf(chat, conversationId)) {
    const shown = (await chat.people.shownAs(uri))?.handle;
    const isNeighbour = new URL(uri).host === new URL(chat.self.actorUri).host;
    if (shown === handle || (isNeighbour && shown?.split('@')[0] === handle)) return uri;
  }
  throw new RangeError(handle ? `Nobody here is called ${handle}.` : 'Name one of /who.');
}
