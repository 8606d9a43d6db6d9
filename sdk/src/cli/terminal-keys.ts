/** What the logs of servers say of people's keys, as a terminal shows it. */
import type { Chat } from '../chat/chat.js';
import type { KeyLogFinding } from '../chat/key-log-words.js';
import type { LogStanding } from '../chat/records.js';
import { printRecord } from '../store/store.js';
import { say } from './lines.js';
import { nameOf, othersOf } from './terminal-people.js';
import type { Shown } from './terminal-shown.js';

const STANDINGS: Readonly<Record<LogStanding, string>> = {
  logged: 'in the log of their server',
  noLog: 'their server keeps no log: believed when first seen',
  unread: 'the log of their server could not be read',
  suspect: 'the log of their server does not fit',
};

const FINDINGS: Readonly<Record<KeyLogFinding['kind'], string>> = {
  otherServer: 'it is not signed by the key that was known',
  rewritten: 'what was in it is not in it any more',
  splitView: 'somebody else was shown another one:',
  withheld: 'it is not shown of',
  notInLog: 'what is said is not in it, of',
  ghostDevice: 'a device that is not theirs, of',
  swappedKey: 'another key took the place of that of',
};

/** Looks at everybody else of a conversation now, and shows that with what was found before and still holds it. */
export async function showKeys(chat: Chat, shown: Shown, conversationId: string): Promise<void> {
  const others = othersOf(chat, conversationId);
  const found = await chat.peerLogs.check(new Date(), others);
  const all = [...found, ...chat.findings(conversationId)];
  const findings = [...new Map(all.map((each) => [printRecord(each), each])).values()];
  for (const finding of findings) say(`! ${await findingOf(chat, finding)}`);
  shown.add([], findings);
  for (const uri of others) {
    const standing = chat.peerLogs.standingOf(uri);
    say(`${await nameOf(chat, uri)}: ${standing ? STANDINGS[standing] : 'not looked at yet'}`);
  }
  if (chat.findings(conversationId).length > 0)
    say('! Nothing is sent here until you /accept this.');
}

/** What was found, and what to do. */
export async function findingOf(chat: Chat, finding: KeyLogFinding): Promise<string> {
  const { host } = new URL(finding.server);
  const whom = 'identity' in finding ? finding.identity : 'from' in finding ? finding.from : null;
  const name = whom === null ? '' : ` ${await nameOf(chat, whom)}`;
  return `The log of keys of ${host}: ${FINDINGS[finding.kind]}${name}. Write nothing secret before you have compared /safety by other means.`;
}
