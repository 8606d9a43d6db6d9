/** Several devices of one person in terminals: linking by two codes that are typed or copied, the list, and what is kept for a loss. */
import type { TriptychClient } from '../client/client.js';
import { RefusedError } from '../client/errors.js';
import { pause } from '../client/transport.js';
import { AttachmentError } from '../chat/attachments.js';
import { BackupError, newRecoveryKey, printRecoveryKey, readRecoveryKey } from '../chat/backup.js';
import { Chat } from '../chat/chat.js';
import type { DeviceAbout } from '../chat/device.js';
import { openLink, requestLink } from '../chat/linking.js';
import type { Store } from '../store/store.js';
import { complain, say, type Lines } from './lines.js';
import { faultOf, tell } from './terminal-errors.js';

/** Milliseconds between looks for the new device, and how often there is one. */
const LOOK = 1000;
const LOOKS = 600;

/** Opens the chat of this device; where its person chats on another one already, it is linked to that, or brought back. */
export async function openDevice(
  client: TriptychClient,
  store: Store,
  about: DeviceAbout,
  lines: Lines,
): Promise<Chat> {
  try {
    return await Chat.open(client, store, about);
  } catch (fault) {
    if (!(fault instanceof RefusedError && fault.has('IDENTITY_MISMATCH'))) throw fault;
  }
  const request = await requestLink();
  say('You chat on another device already. Type this there, or show it as a QR code:');
  process.stdout.write(`/link ${request.text}\n`);
  for (;;) {
    const typed = (await lines.ask('Its answer, or your recovery key: ')).trim();
    try {
      if (!typed.startsWith('triptych-'))
        return await restored(client, store, about, await readRecoveryKey(typed));
      return await Chat.openLinked(client, store, about, await openLink(request, typed));
    } catch (fault) {
      const isOfTheCode = [RangeError, BackupError, AttachmentError].some(
        (kind) => fault instanceof kind,
      );
      if (!isOfTheCode) throw fault;
      complain(await faultOf(fault, null));
    }
  }
}

/** Nobody may be left to let this device in, so it comes in by itself. */
async function restored(
  client: TriptychClient,
  store: Store,
  about: DeviceAbout,
  key: Uint8Array,
): Promise<Chat> {
  const chat = await Chat.restore(client, store, about, key);
  await tell(chat.comeBack(), chat);
  return chat;
}

/** Answers the code of a new device, waits until it is there, and lets it into all conversations. */
export async function link(chat: Chat, code: string, signal: AbortSignal): Promise<void> {
  const known = new Set((await chat.devices()).map(({ id }) => id));
  const answer = await chat.answerLink(code);
  say('Type this on the new device, and nowhere else:');
  process.stdout.write(`${answer}\n`);
  for (let looks = 0; looks < LOOKS && !signal.aborted; looks += 1) {
    const fresh = (await chat.devices()).find(({ id }) => !known.has(id));
    // It lays out its key packages only once it is registered, and until then nothing lets it in.
    if (fresh && fresh.keyPackageCount > 0) {
      await chat.maintain();
      return say(`linked ${fresh.name}`);
    }
    await pause(LOOK, signal);
  }
}

/** The own devices, each with its number. */
export async function showDevices(chat: Chat): Promise<void> {
  for (const [index, device] of (await chat.devices()).entries()) {
    const seen = device.lastSeenAt ? new Date(device.lastSeenAt).toLocaleString() : 'never';
    const when = device.isThis ? 'this one' : `seen ${seen}`;
    say(`${index + 1}. ${device.name}, ${device.platform}, ${when}`);
  }
}

/** Sends a device away, by its number in the list. */
export async function revoke(chat: Chat, number: string): Promise<void> {
  const device = (await chat.devices())[Number(number) - 1];
  if (!device) throw new RangeError('There is no device with this number: /devices has them.');
  await chat.revokeDevice(device.id);
  say(`revoked ${device.name}`);
}

/** Keeps keys and history with the server, and shows the key that opens them: the only time that anybody sees it. */
export async function backUp(chat: Chat): Promise<void> {
  const key = await newRecoveryKey();
  await chat.saveBackup(key);
  say('Kept. Write this down; without it nobody can read what is kept:');
  process.stdout.write(`${printRecoveryKey(key)}\n`);
}
