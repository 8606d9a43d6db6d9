/** What can be typed in a terminal. */
import type { Chat } from '../chat/chat.js';
import { SuspectKeysError } from '../chat/held.js';
import { UntrustedDeviceError } from '../chat/people.js';
import { complain, say } from './lines.js';
import { begin, openChat, showChats, type Talk } from './terminal-chats.js';
import { backUp, link, revoke, showDevices } from './terminal-devices.js';
import { showHeld } from './terminal-doubts.js';
import { tell } from './terminal-errors.js';
import { saveLast, sendPath } from './terminal-files.js';
import { showKeys } from './terminal-keys.js';
import { remove, showPeople, showSafety, verify } from './terminal-people.js';
import type { Shown } from './terminal-shown.js';
import { ask, edit, react, reply, takeBack, vote } from './terminal-words.js';

interface Command {
  /** What is typed behind its name. */
  readonly takes?: string;
  readonly does: string;
  readonly run: (talk: Talk, argument: string) => Promise<unknown> | void;
}

/** A command that wants a conversation. */
const here =
  (
    run: (
      chat: Chat,
      conversationId: string,
      argument: string,
      shown: Shown,
    ) => Promise<unknown> | void,
  ) =>
  ({ chat, current, shown }: Talk, argument: string): Promise<unknown> | void => {
    if (current) return run(chat, current, argument, shown);
    throw new RangeError(
      'There is no conversation yet: /new begins one, /chats has those of before.',
    );
  };

/** In the order of the help. */
const COMMANDS: Readonly<Record<string, Command>> = {
  new: { takes: '<name> ...', does: 'talk with somebody; several names begin a group', run: begin },
  chats: { does: 'your conversations, each with its number', run: showChats },
  open: { takes: '<number>', does: 'go to one of them', run: openChat },
  who: { does: 'people of this conversation, and how far they are known', run: here(showPeople) },
  reply: { takes: '<text>', does: 'answer what somebody said last', run: here(reply) },
  react: { takes: '<emoji>', does: 'add a sign to it', run: here(react) },
  edit: { takes: '<text>', does: 'put this in the place of what you wrote last', run: here(edit) },
  delete: { does: 'take back what you said last', run: here(takeBack) },
  poll: { takes: '<question> / <one> / <other>', does: 'ask all of them', run: here(ask) },
  vote: { takes: '<option>', does: 'answer what was asked last', run: here(vote) },
  send: { takes: '<path>', does: 'send a file', run: here(send) },
  save: {
    takes: '[directory]',
    does: 'save the files that somebody sent last',
    run: here(save),
  },
  safety: { does: 'digits to compare with each of them, by other means', run: here(showSafety) },
  verify: { takes: '<name>', does: 'these were compared and are the same', run: here(verify) },
  accept: {
    does: 'write on: what was shown of devices and keys is believed; what came since is shown',
    run: accept,
  },
  keys: {
    does: 'look whether the logs of their servers have their keys',
    run: here((chat, id, _argument, shown) => showKeys(chat, shown, id)),
  },
  code: {
    does: 'short text that all of this conversation see alike',
    run: here(async (chat, id) => say(chat.groupCode(id))),
  },
  timer: { takes: '<seconds>', does: 'messages go after so long; /timer off', run: here(setTimer) },
  title: {
    takes: '<text>',
    does: 'what the group is called',
    run: here((chat, id, title) => chat.send(id, { kind: 'title', title })),
  },
  add: {
    takes: '<name> ...',
    does: 'let people into the group',
    run: here((chat, id, names) => chat.addMembers(id, names.split(/\s+/).filter(Boolean))),
  },
  remove: { takes: '<name>', does: 'take somebody out of the group', run: here(remove) },
  leave: { does: 'leave this conversation', run: here((chat, id) => chat.leave(id)) },
  repair: { does: 'come back into a conversation that cannot go on', run: here(repair) },
  devices: { does: 'your devices, each with its number', run: ({ chat }) => showDevices(chat) },
  revoke: { takes: '<number>', does: 'send one away', run: ({ chat }, it) => revoke(chat, it) },
  link: {
    takes: '<code>',
    does: 'link another device, which shows the code',
    // The new device takes its time, and other things can be typed meanwhile.
    run: ({ chat, signal }, code) => void tell(link(chat, code, signal), chat),
  },
  backup: {
    does: 'keep keys and history with the server, for when all devices are gone',
    run: ({ chat }) => backUp(chat),
  },
  help: { does: 'this', run: () => HELP.forEach(say) },
  quit: { does: 'end; so do Ctrl-C and Ctrl-D', run: () => undefined },
};

const usageOf = ([name, { takes = '' }]: readonly [string, Command]): string =>
  `/${name} ${takes}`.trimEnd();
const WIDTH = Math.max(...Object.entries(COMMANDS).map((each) => usageOf(each).length));

/** All that can be typed. */
export const HELP: readonly string[] = [
  'What does not begin with / is said to all of the conversation.',
  ...Object.entries(COMMANDS).map((each) => `${usageOf(each).padEnd(WIDTH)}  ${each[1].does}`),
];

/** Says a line, or does what it tells. @returns whether that went well */
export function obey(talk: Talk, line: string): Promise<boolean> {
  return tell(carryOut(talk, line), talk.chat);
}

async function carryOut(talk: Talk, line: string): Promise<void> {
  const [isCommand, name = '', argument = ''] = /^\/(\S*)\s*(.*)$/.exec(line) ?? [];
  if (isCommand && !Object.hasOwn(COMMANDS, name))
    throw new RangeError(`There is no /${name}: /help has what there is.`);
  try {
    if (isCommand) await COMMANDS[name]!.run(talk, argument.trim());
    else if (line.trim()) await here((chat, id) => chat.sendText(id, line))(talk, '');
  } catch (fault) {
    if (fault instanceof SuspectKeysError) talk.shown.add([], fault.findings);
    if (fault instanceof UntrustedDeviceError) {
      talk.kept = fault.doubts;
      talk.shown.add(fault.doubts);
    }
    throw fault;
  }
}

/** What was shown of this conversation, and that for which somebody could not be let in; what is left is shown then. */
async function accept(talk: Talk): Promise<void> {
  const { chat, current, shown, kept } = talk;
  const { doubts, findings } = shown.take();
  if (current) {
    await chat.acceptDoubts(current, doubts);
    await chat.acceptFindings(current, findings);
  }
  await chat.people.accept(kept);
  talk.kept = [];
  if (!current || !(await showHeld(chat, shown, current))) say('accepted');
}

async function setTimer(chat: Chat, conversationId: string, time: string): Promise<void> {
  const seconds = time === 'off' ? null : Number(time || Number.NaN);
  await chat.setTimer(conversationId, seconds);
}

async function repair(chat: Chat, conversationId: string): Promise<void> {
  const said = {
    nothing: 'There was nothing to repair.',
    returned: 'This device is back.',
    reset: 'The conversation was begun anew.',
  };
  say(said[await chat.repair(conversationId)]);
}

async function send(chat: Chat, conversationId: string, file: string): Promise<void> {
  await sendPath(chat, conversationId, file);
  say('sent');
}

async function save(chat: Chat, conversationId: string, directory: string): Promise<void> {
  const saved = await saveLast(chat, conversationId, directory);
  for (const place of saved) say(`saved ${place}`);
  if (saved.length === 0) complain('No file came.');
}
