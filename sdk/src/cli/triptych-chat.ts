#!/usr/bin/env node
/**
 * Chat in a terminal, as an example of the package:
 *   triptych-chat https://photos.example ada ben
 * asks for the password of ada, opens the conversation with ben, and keeps keys and messages in ~/.triptych-chat. On a second
 * machine it asks to be linked to the first one.
 */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir, hostname } from 'node:os';
import path from 'node:path';
import sodium from 'libsodium-wrappers';
import { TriptychClient } from '../client/client.js';
import type { Chat } from '../chat/chat.js';
import type { ChatNews } from '../chat/records.js';
import { openFileStorage } from '../store/file-storage.js';
import { Store, STORE_KEY_BYTES } from '../store/store.js';
import { Lines, say, tell } from './lines.js';
import { HELP, obey, warningsOf, type Talk } from './terminal-commands.js';
import { openDevice } from './terminal-devices.js';
import { reach } from './terminal-files.js';
import { lineOf, showMessages } from './terminal-messages.js';

const USAGE = 'triptych-chat <server> <own name> [<name of somebody> ...]\n';
const HOUR = 60 * 60 * 1000;
/** Characters that the name of a device may have. */
const NAME_LENGTH = 60;

async function main([origin, username, ...others]: readonly string[]): Promise<void> {
  if (!origin || !username) {
    process.stderr.write(USAGE);
    process.exitCode = 2;
    return;
  }
  const client = new TriptychClient({ origin: new URL(origin).origin, reach });
  const store = await openStore(`${new URL(origin).host}-${username}`);
  const lines = new Lines();
  const stop = new AbortController();
  try {
    const password = process.env['TRIPTYCH_PASSWORD'] ?? (await lines.ask('Password: '));
    await client.signIn(username, password, 'triptych-chat');
    const name = `Terminal on ${hostname()}`.slice(0, NAME_LENGTH);
    const about = { name, platform: process.platform };
    const chat = await openDevice(client, store, about, lines);
    await live(chat, lines, others, stop);
  } finally {
    stop.abort();
    lines.close();
    await store.close();
    await client.close();
  }
}

/** Takes what comes while somebody types. */
async function live(
  chat: Chat,
  lines: Lines,
  others: readonly string[],
  stop: AbortController,
): Promise<void> {
  const running = chat.run(stop.signal);
  // Whoever types is told why it is over.
  running.catch(() => lines.close());
  const upkeep = setInterval(() => void tell(chat.maintain()), HOUR);
  try {
    const current = others.length > 0 ? await begin(chat, others) : null;
    await talk({ chat, signal: stop.signal, current }, lines);
  } finally {
    clearInterval(upkeep);
    stop.abort();
    await running;
  }
}

async function talk(talking: Talk, lines: Lines): Promise<void> {
  const { chat, current } = talking;
  // Names are asked for, so what is shown waits for what was shown before.
  let shown = Promise.resolve();
  const show = (print: () => Promise<void>): void => void (shown = shown.then(print));
  if (current) show(() => showMessages(chat, current));
  const stop = chat.onNews((news: ChatNews) => {
    show(async () => {
      for (const warning of await warningsOf(chat, news)) say(`! ${warning}`);
    });
    if (news.kind !== 'message' || news.message.sender === chat.self.actorUri) return;
    talking.current ??= news.message.conversationId;
    show(async () => say(await lineOf(chat, news.message)));
  });
  await shown;
  process.stdout.write(HELP);
  for await (const line of lines) {
    if (line === '/quit') break;
    await tell(obey(talking, line));
  }
  stop();
  await shown;
}

const begin = (chat: Chat, others: readonly string[]): Promise<string> =>
  others.length === 1 ? chat.openDirect(others[0]!) : chat.createGroup(others);

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

await main(process.argv.slice(2)).catch((fault: unknown) => {
  process.stderr.write(`${fault instanceof Error ? fault.message : String(fault)}\n`);
  process.exitCode = 1;
});
