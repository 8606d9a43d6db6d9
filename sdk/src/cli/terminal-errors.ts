/** What went wrong, as a terminal says it: what, and what to do. */
import { AttachmentError } from '../chat/attachments.js';
import type { Chat } from '../chat/chat.js';
import { HeldError, SuspectKeysError } from '../chat/held.js';
import { UntrustedDeviceError } from '../chat/people.js';
import {
  ApiError,
  DeviceRevokedError,
  HubUnreachableError,
  NetworkError,
  RefusedError,
} from '../client/errors.js';
import { StoreInUseError } from '../store/storage.js';
import { complain } from './lines.js';
import { doubtOf } from './terminal-doubts.js';
import { findingOf } from './terminal-keys.js';

/** Of files and directories, as the system says it. */
const OF_FILES: Readonly<Record<string, string>> = {
  ENOENT: 'There is no such file or directory',
  EISDIR: 'This is a directory',
  ENOTDIR: 'This is no directory',
  EACCES: 'You may not use this',
  EPERM: 'You may not use this',
  ENOSPC: 'The disk is full',
};

/** Waits for what was begun, and says what went wrong. @returns whether nothing did */
export async function tell(work: Promise<unknown>, chat: Chat | null = null): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (fault) {
    complain(await faultOf(fault, chat));
    return false;
  }
}

/** An error as a sentence. @param chat for the names of people */
export async function faultOf(fault: unknown, chat: Chat | null): Promise<string> {
  if (fault instanceof UntrustedDeviceError && chat) {
    const words = await Promise.all(fault.doubts.map((doubt) => doubtOf(chat, doubt)));
    return `Nothing was sent. ${words.join(' ')} /accept believes them all.`;
  }
  if (fault instanceof SuspectKeysError && chat) {
    const words = await Promise.all(fault.findings.map((finding) => findingOf(chat, finding)));
    return `Nothing was sent. ${words.join(' ')} /accept writes on all the same.`;
  }
  if (fault instanceof RefusedError) return refusalOf(fault);
  if (fault instanceof HeldError)
    return `Nothing can be said here. ${fault.message} /repair comes back where it can.`;
  if (fault instanceof StoreInUseError)
    return 'This device is open in another terminal. Close that one, or name another directory in TRIPTYCH_CHAT_HOME for a second device.';
  if (fault instanceof DeviceRevokedError)
    return 'The device was revoked. It gets nothing more; what it has stays on this machine.';
  if (fault instanceof NetworkError) return cutOff(fault, chat);
  if (fault instanceof ApiError && fault.code === 'UNAUTHENTICATED')
    return 'You are not signed in any more: begin again.';
  if (fault instanceof AttachmentError) return `${fault.message} Nothing of it was kept.`;
  return ofFile(fault) ?? (fault instanceof Error ? fault.message : String(fault));
}

function refusalOf({ refusals, retryAfterSeconds }: RefusedError): string {
  const words = refusals.map(({ message }) => message).join(' ');
  return retryAfterSeconds === null ? words : `${words} Try again in ${retryAfterSeconds} seconds.`;
}

function cutOff(fault: NetworkError, chat: Chat | null): string {
  const who =
    fault instanceof HubUnreachableError
      ? `${fault.hub ?? 'The server'}, which orders this conversation, does not answer.`
      : fault.message;
  return chat?.isWaiting
    ? `${who} What you wrote is kept here, and goes as soon as there is an answer.`
    : `${who} Try again later.`;
}

function ofFile(fault: unknown): string | null {
  const { code, path } = fault as NodeJS.ErrnoException;
  const words = code && OF_FILES[code];
  return words ? `${words}: ${path ?? ''}` : null;
}
