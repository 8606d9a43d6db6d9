/** What happened to a conversation itself, in words: who, what, and what to do. */
import type { Chat } from '../chat/chat.js';
import type { Noticed } from '../chat/notices.js';
import { nameOf, namesOf } from './terminal-people.js';

const UNITS: readonly (readonly [string, number])[] = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** How long messages last. */
export function spanOf(seconds: number): string {
  const [unit, length] = UNITS.find(([, each]) => seconds % each === 0) ?? ['second', 1];
  const count = seconds / length;
  return `${count} ${unit}${count === 1 ? '' : 's'}`;
}

/** A notice as a sentence. */
export async function noticeOf(chat: Chat, noticed: Noticed): Promise<string> {
  const name = (uri: string): Promise<string> => nameOf(chat, uri);
  switch (noticed.kind) {
    case 'members':
      return membersOf(chat, noticed);
    case 'timer':
      return noticed.seconds === null
        ? `${await name(noticed.by)} chose that new messages stay.`
        : `${await name(noticed.by)} chose that new messages go after ${spanOf(noticed.seconds)}.`;
    case 'left':
      return noticed.identity === chat.self.actorUri
        ? 'You leave this conversation, with all your devices.'
        : `${await name(noticed.identity)} leaves, with all devices.`;
    case 'returned':
      return noticed.identity === chat.self.actorUri
        ? 'A device of yours came in by itself. Where that was not you, look at /devices, and /revoke it.'
        : `A device of ${await name(noticed.identity)} came in by itself, as its state or their other devices were lost. Whoever stole their key could do the same: ask them by other means before you write secrets.`;
    case 'reset':
      return resetOf(chat, noticed);
    case 'overtaken':
      return `Two changed the conversation at once, and the change of ${await name(noticed.by)} counts; the other one is undone. What was said meanwhile not everybody can read: /who shows who is here now.`;
    case 'stuck':
      return 'This device cannot go on here, and reads nothing more. /repair comes back; what is said until then stays unread.';
    case 'parted':
      return noticed.isHere
        ? 'What others write here is not of the group that this device is in: your server may have led it elsewhere. Nothing is sent before /repair; look at /who then, and compare /code with the others by other means.'
        : 'Your server took two changes of this conversation where there can be one, and may lead a device of somebody elsewhere: compare /code with the others by other means.';
    case 'missing':
      return missingOf(noticed);
    case 'rewritten':
      return 'Your server shows something else than before at a place of this conversation. It does what no honest server does: write nothing secret, and tell the others by other means.';
    case 'otherHistory':
      return `${await name(noticed.identity)} was shown another history of this conversation than you. A server tells different people different things: write nothing secret, and compare what was said by other means.`;
    case 'otherMembers':
      return otherMembersOf(chat, noticed);
  }
}

type Of<Kind extends Noticed['kind']> = Extract<Noticed, { kind: Kind }>;

async function membersOf(chat: Chat, { by, added, removed }: Of<'members'>): Promise<string> {
  const who = await nameOf(chat, by);
  const parts = [
    added.length > 0 && `let ${await namesOf(chat, added)} in`,
    removed.length > 0 && `took ${await namesOf(chat, removed)} out`,
  ];
  return `${who} ${parts.filter(Boolean).join(' and ') || 'changed who is here'}.`;
}

async function resetOf(chat: Chat, { added, removed }: Of<'reset'>): Promise<string> {
  const parts = [
    added.length > 0 && ` New in it: ${await namesOf(chat, added)}.`,
    removed.length > 0 && ` Not in it any more: ${await namesOf(chat, removed)}.`,
  ];
  return `The conversation was begun anew.${parts.filter(Boolean).join('')} Look at /who before you write on.`;
}

function missingOf({ from, to, isExpected }: Of<'missing'>): string {
  const count = to - from + 1;
  const what = count === 1 ? 'One message' : `${count} messages`;
  return isExpected
    ? `${what} went before this device saw them, as the time for them was over.`
    : `${what} of this conversation your server has not shown to this device. It may withhold them: ask the others by other means what was said.`;
}

async function otherMembersOf(chat: Chat, noticed: Of<'otherMembers'>): Promise<string> {
  const { onlyServer, onlyGroup } = noticed;
  const parts = [
    onlyGroup.length > 0 &&
      `${await namesOf(chat, onlyGroup)} can read what is said here, and your server does not list them.`,
    onlyServer.length > 0 &&
      `Your server lists ${await namesOf(chat, onlyServer)}, who cannot read what is said here.`,
  ];
  return `${parts.filter(Boolean).join(' ')} Look at /who, and write nothing secret before you know why.`;
}
