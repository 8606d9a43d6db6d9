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
import { openFileStorage } from '../store/file-storage.js';
import { Store, STORE_KEY_BYTES } from '../store/store.js';
import { complain, isTyped, Lines, say } from './lines.js';
import { begin, type Talk } from './terminal-chats.js';
import { obey } from './terminal-commands.js';
import { openDevice } from './terminal-devices.js';
import { faultOf, tell } from './terminal-errors.js';
import { reach } from './terminal-files.js';
import { NewsDesk } from './terminal-news.js';
import { Shown } from './terminal-shown.js';

const USAGE = `triptych-chat <server> <own name> [<name of somebody> ...]
  for example: triptych-chat https://photos.example ada ben@b.example
`;
const HOUR = 60 * 60 * 1000;
/** Characters that the name of a device may have. */
const NAME_LENGTH = 60;
/** Of a process that was stopped by Ctrl-C. */
const INTERRUPTED = 130;

async function main([server, username, ...others]: readonly string[]): Promise<void> {
  if (!server || !username || !URL.canParse(server)) {
    process.stderr.write(USAGE);
    process.exitCode = server === '--help' ? 0 : 2;
    return;
  }
  const { origin, host } = new URL(server);
  const client = new TriptychClient({ origin, reach });
  const store = await openStore(`${host}-${username}`);
  const lines = new Lines();
  endWith(lines);
  try {
    const password = process.env['TRIPTYCH_PASSWORD'] ?? (await lines.askSecret('Password: '));
    await client.signIn(username, password, 'triptych-chat');
    const name = `Terminal on ${hostname()}`.slice(0, NAME_LENGTH);
    const about = { name, platform: process.platform };
    const chat = await openDevice(client, store, about, lines);
    await live(chat, lines, others);
  } finally {
    lines.close();
    await store.close();
    await client.close();
  }
}

/** Ctrl-C and the like end it as /quit does; a second time they do not wait for anything. */
function endWith(lines: Lines): void {
  let isEnding = false;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => {
      if (isEnding) process.exit(INTERRUPTED);
      isEnding = true;
      lines.close();
    });
  // Whoever read what is printed reads no more.
  process.stdout.on('error', () => lines.close());
}

/** Takes what comes while somebody types. */
async function live(chat: Chat, lines: Lines, others: readonly string[]): Promise<void> {
  const stop = new AbortController();
  const talk: Talk = { chat, signal: stop.signal, current: null, shown: new Shown(), kept: [] };
  const desk = new NewsDesk(talk);
  const deaf = chat.onNews((news) => desk.take(news));
  // What waits is there before the first line is obeyed.
  await chat.synchronise();
  const running = chat.run(stop.signal);
  // Whoever types is told why it is over.
  running.catch(() => lines.close());
  const upkeep = setInterval(() => void tell(chat.maintain(), chat), HOUR);
  try {
    if (others.length > 0) await enter(talk, others);
    const self = await chat.people.shownAs(chat.self.actorUri);
    await desk.shown;
    say(`You are ${self?.handle ?? 'signed in'}. /help tells what can be typed.`);
    await talkOn(talk, lines);
    await desk.shown;
  } finally {
    clearInterval(upkeep);
    deaf();
    stop.abort();
    await running;
  }
}

/** Somebody who sits before it goes on when nobody could be reached; a script does not. */
async function enter(talk: Talk, others: readonly string[]): Promise<void> {
  const begun = begin(talk, others.join(' '));
  if (isTyped()) await tell(begun, talk.chat);
  else await begun;
}

/** Obeys line after line. */
async function talkOn(talk: Talk, lines: Lines): Promise<void> {
  for (let line = await lines.next(); line !== null; line = await lines.next()) {
    if (line.trim() === '/quit') return;
    const isDone = await obey(talk, line);
    // A script is told that not all was done.
    if (!isDone && !isTyped()) process.exitCode = 1;
  }
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

await main(process.argv.slice(2)).catch(async (fault: unknown) => {
  complain(await faultOf(fault, null));
  process.exitCode = 1;
});
