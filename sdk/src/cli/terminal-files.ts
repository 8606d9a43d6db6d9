/** Files in a terminal: sending one by its path, and saving the one that came last. */
import { open, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Chat } from '../chat/chat.js';
import { fileOfPath } from '../chat/file-of-path.js';
import type { AttachmentContent } from '../chat/payload.js';
import type { StoredMessage } from '../chat/records.js';

const TYPES: Readonly<Record<string, string>> = {
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.mp4': 'video/mp4',
  '.webm': 'video/webm',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
  '.txt': 'text/plain',
  '.pdf': 'application/pdf',
};

/** Sends the file of this path. */
export async function sendPath(chat: Chat, conversationId: string, file: string): Promise<void> {
  const mediaType = TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream';
  const about = { name: path.basename(file), mediaType };
  await chat.sendFile(conversationId, await fileOfPath(file), about);
}

/**
 * Addresses as they are reached from here: `TRIPTYCH_REACH=https://a.example=http://localhost:8181`, several with commas, for
 * servers behind another name.
 */
export function reach(url: string): string {
  for (const pair of (process.env['TRIPTYCH_REACH'] ?? '').split(',')) {
    const [name, place] = pair.split('=');
    if (name && place && url.startsWith(`${name}/`)) return place + url.slice(name.length);
  }
  return url;
}

/** Files of a message as a terminal shows them. */
export const filesOf = ({ content }: StoredMessage): readonly AttachmentContent[] =>
  content?.kind === 'text' ? content.attachments : [];

/** Saves the files of the last message of others that has any. @returns where they are */
export async function saveLast(
  chat: Chat,
  conversationId: string,
  directory: string,
): Promise<string[]> {
  const messages = chat.messages(conversationId).filter((it) => it.sender !== chat.self.actorUri);
  const last = messages.findLast((it) => filesOf(it).length > 0);
  const saved: string[] = [];
  for (const file of last ? filesOf(last) : [])
    saved.push(await save(chat, file, last!.sender, directory));
  return saved;
}

/** A file has its name only once all of it is here and right. */
async function save(
  chat: Chat,
  file: AttachmentContent,
  sender: string,
  directory: string,
): Promise<string> {
  // What others call their files leads nowhere else, and hides nothing.
  const name = path
    .basename(file.name.replaceAll('\\', '/'))
    .replace(/^\.+|[^\p{L}\p{N} ._-]/gu, '');
  const place = path.join(directory, name || 'file');
  const growing = `${place}.${crypto.randomUUID()}.part`;
  const handle = await open(growing, 'wx', 0o600);
  try {
    for await (const piece of chat.files.open(file, sender)) await handle.writeFile(piece);
    await handle.close();
    const free = await reserve(place);
    await rename(growing, free);
    return free;
  } catch (fault) {
    await handle.close().catch(() => undefined);
    await rm(growing, { force: true });
    throw fault;
  }
}

/** A name that nothing has yet: what others call their files takes the place of nothing. */
async function reserve(place: string): Promise<string> {
  const { dir, name, ext } = path.parse(place);
  for (let count = 1; ; count += 1) {
    const free = count === 1 ? place : path.join(dir, `${name} (${count})${ext}`);
    try {
      await (await open(free, 'wx', 0o600)).close();
      return free;
    } catch (fault) {
      if ((fault as NodeJS.ErrnoException).code !== 'EEXIST') throw fault;
    }
  }
}
