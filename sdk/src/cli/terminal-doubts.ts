/** Devices and keys that are not to be trusted as they are, in words. */
import type { Chat } from '../chat/chat.js';
import type { Doubt } from '../chat/records.js';
import { say } from './lines.js';
import { findingOf } from './terminal-keys.js';
import { nameOf } from './terminal-people.js';
import type { Shown } from './terminal-shown.js';

/** What is doubtful, and of whom. */
export async function doubtOf(
  chat: Chat,
  { identity, reason, newIdentity }: Doubt,
): Promise<string> {
  const name = await nameOf(chat, identity);
  switch (reason) {
    case 'unknown':
      return `${name}: a device that they have not signed, or that their server does not show.`;
    case 'identityChanged': {
      const digits = chat.people.safetyNumber(identity, newIdentity?.key);
      return `${name}: another key stands for them than before. They lost the old one, or somebody else speaks in their name. To compare it with them: ${digits}.`;
    }
    case 'identityLost':
      return `${name}: no key stands for them any more, and one did before.`;
    case 'newDevice':
      return `${name}: a device with which you have not met them, and nothing vouches for it.`;
  }
}

/** What is doubtful about a conversation, and what to do. */
export async function adviceOn(chat: Chat, doubts: readonly Doubt[]): Promise<string[]> {
  if (doubts.length === 0) return [];
  return [
    ...(await Promise.all(doubts.map((doubt) => doubtOf(chat, doubt)))),
    'Nothing is sent here until you have compared /safety, or the digits above, with them by other means, and type /accept.',
  ];
}

/** Shows what holds a conversation, and what to do. @returns whether there is anything */
export async function showHeld(chat: Chat, shown: Shown, conversationId: string): Promise<boolean> {
  const doubts = chat.conversations().find(({ id }) => id === conversationId)?.doubts ?? [];
  const findings = chat.findings(conversationId);
  for (const warning of await adviceOn(chat, doubts)) say(`! ${warning}`);
  for (const finding of findings) say(`! ${await findingOf(chat, finding)}`);
  if (findings.length > 0) say('! Nothing is sent here until you /accept this.');
  shown.add(doubts, findings);
  return doubts.length + findings.length > 0;
}
