#!/usr/bin/env node
/**
 * Chat in a terminal, as an example of the package:
 *   triptych-chat https://photos.example ada ben
 * asks for the password of ada, opens the conversation with ben, and keeps keys and messages in ~/.triptych-chat.
 */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline/promises';
import sodium from 'libsodium-wrappers';
import { TriptychClient } from '../client/client.js';
import { RefusedError } from '../client/errors.js';
import { Chat } from '../chat/chat.js';
import type { ChatNews, StoredMessage } from '../chat/records.js';
import { plainOf } from '../chat/sanitise.js';
import { openFileStorage } from '../store/file-storage.js';
import { Store, STORE_KEY_BYTES } from '../store/store.js';
import { filesOf, reach, saveLast, sendPath } from './terminal-files.js';

const USAGE = 'triptych-chat <server> <own name> [<name of somebody> ...]\n';
const HELP = `/safety            digits to compare with the other people
/code              short text that all of this conversation see alike
/repair            come back into a conversation that cannot go on
/send <path>       send a file
/save <directory>  save the files that came last
/quit              end
`;
const HOUR = 60 * 60 * 1000;

async function main([origin, username, ...others]: readonly string[]): Promise<void> {
  if (!origin || !username) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const client = new TriptychClient({ origin: new URL(origin).origin, reach });
  const password = process.env['TRIPTYCH_PASSWORD'] ?? (await ask('Password: '));
  await client.signIn(username, password, 'triptych-chat');
  const store = await openStore(`${new URL(origin).host}-${username}`);
  const chat = await Chat.open(client, store, { name: 'Terminal', platform: process.platform });
  const stop = new AbortController();
  const running = chat.run(stop.signal);
  const upkeep = setInterval(() => void tell(chat.maintain()), HOUR);
  try {
    await talk(chat, others);
  } finally {
    clearInterval(upkeep);
    stop.abort();
    await running;
    await store.close();
    await client.close();
  }
}

async function talk(chat: Chat, others: readonly string[]): Promise<void> {
  let current = others.length > 0 ? await begin(chat, others) : null;
  const show = (message: StoredMessage): void => {
    process.stdout.write(`${nameOf(message.sender, chat)}: ${textOf(message)}\n`);
  };
  for (const message of current ? chat.messages(current) : []) show(message);
  const stop = chat.onNews((news: ChatNews) => {
    for (const line of warningsOf(news)) process.stdout.write(`! ${line}\n`);
    if (news.kind !== 'message' || news.message.sender === chat.self.actorUri) return;
    current ??= news.message.conversationId;
    show(news.message);
  });
  process.stdout.write(HELP);
  // Made only now: what is typed before anybody iterates would be lost.
  const terminal = createInterface({ input: process.stdin });
  for await (const line of terminal) {
    if (line === '/quit') break;
    if (line === '/safety') process.stdout.write(`${safety(chat, current)}\n`);
    else if (line === '/code' && current) process.stdout.write(`${chat.groupCode(current)}\n`);
    else if (line === '/repair' && current) await tell(chat.repair(current));
    else if (line && current) await tell(obey(chat, current, line));
  }
  terminal.close();
  stop();
}

/** Waits for what was begun, and says what went wrong. */
async function tell(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (fault) {
    process.stdout.write(`! ${fault instanceof Error ? fault.message : String(fault)}\n`);
  }
}

/** What people should know before they write on. */
function warningsOf(news: ChatNews): string[] {
  if (news.kind === 'doubt')
    return [`A device of ${news.doubt.identity} is not vouched for: ${news.doubt.reason}.`];
  if (news.kind === 'keyLog') return [`The log of keys: ${news.finding.kind}.`];
  if (news.kind !== 'notice') return [];
  const { kind, ...about } = news.notice.noticed;
  return [`${kind} ${Object.values(about).flat().join(' ')}`.trim()];
}

/** Says a line, or does what it tells. */
async function obey(chat: Chat, conversationId: string, line: string): Promise<void> {
  const [, command, argument] = /^\/(send|save) (.+)$/.exec(line) ?? [];
  if (command === 'send') {
    await sendPath(chat, conversationId, argument!);
    process.stdout.write('sent\n');
  } else if (command === 'save') {
    const saved = await saveLast(chat, conversationId, argument!);
    process.stdout.write(saved.map((place) => `saved ${place}\n`).join('') || 'no file came\n');
  } else await chat.sendText(conversationId, line);
}

async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question);
  } finally {
    terminal.close();
  }
}

const begin = (chat: Chat, others: readonly string[]): Promise<string> =>
  others.length === 1 ? chat.openDirect(others[0]!) : chat.createGroup(others);

function safety(chat: Chat, conversationId: string | null): string {
  const members = chat.conversations().find(({ id }) => id === conversationId)?.members ?? [];
  return members
    .filter((uri) => uri !== chat.self.actorUri)
    .map((uri) => `${uri}\n${digitsFor(chat, uri)}`)
    .join('\n');
}

/** Of people whose software has no key that stands for them there are only the digits of their devices, and of the own one. */
function digitsFor(chat: Chat, uri: string): string {
  if (chat.people.standingOf(uri) !== 'unattested')
    return chat.people.safetyNumber(uri) ?? 'not known yet';
  const own = chat.people.fingerprintsOf(chat.self.actorUri).map((digits) => `you: ${digits}`);
  return ['nothing vouches for:', ...chat.people.fingerprintsOf(uri), ...own].join('\n');
}

const nameOf = (uri: string, chat: Chat): string => (uri === chat.self.actorUri ? 'you' : uri);

function textOf(message: StoredMessage): string {
  const { content } = message;
  const files = filesOf(message).map(({ name, sizeBytes }) => `[${name}, ${sizeBytes} bytes]`);
  if (content?.kind === 'text') return [plainOf(content.html), ...files].filter(Boolean).join(' ');
  return content ? `(${content.kind})` : '(deleted)';
}

/** The key of the store lies beside it, for its owner alone; a real application asks the system to keep it. */
async function openStore(name: string): Promise<Store> {
  await sodium.ready;
  const directory = path.join(process.env['TRIPTYCH_CHAT_HOME'] ?? homedir(), '.triptych-chat');
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const file = path.join(directory, name.replaceAll(/[^\w.-]/g, '_'));
  const key = await readFile(`${file}.key`).catch(async () => {
    const fresh = sodium.randombytes_buf(STORE_KEY_BYTES);
    await writeFile(`${file}.key`, fresh, { mode: 0o600, flag: 'wx' });
    await chmod(`${file}.key`, 0o600);
    return fresh;
  });
  return Store.open(await openFileStorage(`${file}.store`), key);
}

/** What stops the program, for people. */
function reasonOf(fault: unknown): string {
  const reason = fault instanceof Error ? fault.message : String(fault);
  if (!(fault instanceof RefusedError && fault.has('IDENTITY_MISMATCH'))) return reason;
  return `${reason}\nYou chat on another device already. This program cannot be linked to it: it is for people's first device.`;
}

await main(process.argv.slice(2)).catch((fault: unknown) => {
  process.stderr.write(`${reasonOf(fault)}\n`);
  process.exitCode = 1;
});
