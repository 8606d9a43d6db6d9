/**
 * Who an address was made for, as a word in it that only this server reads: whoever passes an address on does not tell
 * by it who they are, and two addresses of different assets do not tell that they were made for the same person.
 */
import { createCipheriv, createDecipheriv } from 'node:crypto';
import type { Services } from '../../platform/context.js';
import type { Id } from '../../platform/ids.js';
import type { MediaId } from '../media.entity.js';

/** Whoever looks. */
export type ViewerId = Id<'actor'>;

type Sealer = Pick<Services, 'sealer'>;

const WORD = /^[\w-]{22}$/;

/** The word. It is the same each time, so that clients can cache what they fetch. */
export function nameViewer({ sealer }: Sealer, mediaId: MediaId, viewerId: ViewerId): string {
  const cipher = createCipheriv(CIPHER, sealer.deriveKey('media-viewer'), null);
  cipher.setAutoPadding(false);
  const block = mixed(bytesOf(viewerId), bytesOf(mediaId));
  return Buffer.concat([cipher.update(block), cipher.final()]).toString('base64url');
}

/** Whom a word names; null for what is no such word. Believe it only where a signature covers it. */
export function readViewer({ sealer }: Sealer, mediaId: MediaId, word: unknown): ViewerId | null {
  if (typeof word !== 'string' || !WORD.test(word)) return null;
  const decipher = createDecipheriv(CIPHER, sealer.deriveKey('media-viewer'), null);
  decipher.setAutoPadding(false);
  const block = Buffer.concat([decipher.update(Buffer.from(word, 'base64url')), decipher.final()]);
  return idOf(mixed(block, bytesOf(mediaId))) as ViewerId;
}

/** An id is one block of the cipher, so that a mode would add nothing. */
const CIPHER = 'aes-256-ecb';

function bytesOf(id: string): Buffer {
  return Buffer.from(id.replaceAll('-', ''), 'hex');
}

function mixed(one: Buffer, other: Buffer): Buffer {
  return Buffer.from(one.map((byte, place) => byte ^ (other[place] ?? 0)));
}

function idOf(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
