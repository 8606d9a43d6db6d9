/** What can be typed in a terminal. */
import type { Chat } from '../chat/chat.js';
import type { ChatNews } from '../chat/records.js';
import { say, tell } from './lines.js';
import { backUp, link, revoke, showDevices } from './terminal-devices.js';
import { saveLast, sendPath } from './terminal-files.js';
import { showMessages } from './terminal-messages.js';
import { nameOf, othersOf, showPeople, showSafety, verify } from './terminal-people.js';
import { findingOf, showKeys } from './terminal-keys.js';

/** What there is to type. */
export const HELP = `/who               people of this conversation, and how far they are known
/safety            digits to compare with each of them
/verify <handle>   the digits were compared and are the same
/keys              look whether the logs of their servers have their keys
/accept            believe the devices that are doubtful
/code              short text that all of this conversation see alike
/timer <seconds>   messages go after so many seconds; /timer off
/send <path>       send a file
/save <directory>  save the files that came last
/repair            come back into a conversation that cannot go on
/leave             leave this conversation
/chats             your conversations; /open <number> goes to one
/devices           your devices; /revoke <number> sends one away
/link <code>       link another device, which shows the code
/backup            keep keys and history with the server, for when all devices are gone
/quit              end
`;

/** The program while somebody types. */
export interface Talk {
  readonly chat: Chat;
  /** Ends with the program. */
  readonly signal: AbortSignal;
  /** The conversation that is shown; null = none yet. */
  current: string | null;
}

type Command = (talk: Talk, argument: string) => Promise<unknown> | void;
type InConversation = (chat: Chat, conversationId: string, argument: string) => Promise<unknown>;

const ANYWHERE: Readonly<Record<string, Command>> = {
  chats: ({ chat }) => showChats(chat),
  open: (talk, number) => openChat(talk, number),
  devices: ({ chat }) => showDevices(chat),
  revoke: ({ chat }, number) => revoke(chat, number),
  backup: ({ chat }) => backUp(chat),
  // The new device takes its time, and other things can be typed meanwhile.
  link: ({ chat, signal }, code) => void tell(link(chat, code, signal)),
};

const IN_CONVERSATION: Readonly<Record<string, InConversation>> = {
  who: showPeople,
  safety: showSafety,
  verify,
  keys: showKeys,
  accept: (chat, id) => chat.acceptDoubts(id),
  code: async (chat, id) => say(chat.groupCode(id)),
  timer: (chat, id, time) => chat.setTimer(id, time === 'off' ? null : Number(time)),
  leave: (chat, id) => chat.leave(id),
  repair: (chat, id) => chat.repair(id),
  send: async (chat, id, path) => {
    await sendPath(chat, id, path);
    say('sent');
  },
  save: async (chat, id, directory) => {
    const saved = await saveLast(chat, id, directory);
    for (const place of saved) say(`saved ${place}`);
    if (saved.length === 0) say('no file came');
  },
};

/** Says a line, or does what it tells. */
export async function obey(talk: Talk, line: string): Promise<void> {
  const [, name = '', argument = ''] = /^\/(\w+) ?(.*)$/.exec(line) ?? [];
  const { chat, current } = talk;
  if (Object.hasOwn(ANYWHERE, name)) await ANYWHERE[name]!(talk, argument);
  else if (!current) say('! There is no conversation yet: /chats shows those that there are.');
  else if (Object.hasOwn(IN_CONVERSATION, name))
    await IN_CONVERSATION[name]!(chat, current, argument);
  else if (name) say(`! There is no /${name}.`);
  else if (line) await chat.sendText(current, line);
}

async function showChats(chat: Chat): Promise<void> {
  for (const [index, { id, title }] of chat.conversations().entries()) {
    const names = await Promise.all(othersOf(chat, id).map((uri) => nameOf(chat, uri)));
    say(`${index + 1}. ${title ?? names.join(', ')}`);
  }
}

function openChat(talk: Talk, number: string): Promise<void> {
  const found = talk.chat.conversations()[Number(number) - 1];
  if (!found) throw new RangeError('There is no conversation with this number.');
  talk.current = found.id;
  return showMessages(talk.chat, found.id);
}

/** What people should know before they write on. */
export async function warningsOf(chat: Chat, news: ChatNews): Promise<string[]> {
  if (news.kind === 'doubt') {
    const name = await nameOf(chat, news.doubt.identity);
    return [
      `A device of ${name} is not vouched for: ${news.doubt.reason}. Nothing is sent until you /accept it.`,
    ];
  }
  if (news.kind === 'keyLog') return [await findingOf(chat, news.finding)];
  if (news.kind !== 'notice') return [];
  const { kind, ...about } = news.notice.noticed;
  const words = await Promise.all(
    Object.values(about)
      .flat()
      .map((it) => wordOf(chat, it)),
  );
  return [`${kind} ${words.join(' ')}`.trim()];
}

const wordOf = async (chat: Chat, value: unknown): Promise<string> =>
  typeof value === 'string' && URL.canParse(value) ? nameOf(chat, value) : String(value);
