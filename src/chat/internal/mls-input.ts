/** What is refused of MLS bytes before anything is stored: each is what it is said to be, of its group, and not too big. */
import { Invalid } from '../../platform/errors.js';
import { readMessageHeader, type MlsMessageHeader } from '../../mls/message-header.js';
import { MlsMismatch } from '../mls.errors.js';
import type { EncryptedGroup } from './encrypted-group.js';

/** @throws {Invalid} INVALID_INPUT for more bytes than there may be */
export function requireBytes(bytes: Buffer, most: number, path: readonly string[]): void {
  if (bytes.length > most)
    throw new Invalid(`At most ${most} bytes.`, path, 'MAX_BYTES', String(most));
}

/**
 * The outside of an MLS message.
 *
 * @throws {Invalid} INVALID_INPUT when it is none, or too big
 */
export function requireMlsMessage(
  bytes: Buffer,
  most: number,
  path: readonly string[],
): MlsMessageHeader {
  requireBytes(bytes, most, path);
  const header = readMessageHeader(bytes);
  if (!header) throw new Invalid('This is no MLS message.', path, 'MLS_MESSAGE');
  return header;
}

/** @throws {MlsMismatch} MLS_MISMATCH when the bytes are of another group */
export function requireOfGroup(
  { groupId }: Pick<MlsMessageHeader, 'groupId'>,
  group: EncryptedGroup,
  path: readonly string[],
): void {
  if (!group.groupId.equals(groupId))
    throw new MlsMismatch('This is of another group.', path, group.epoch);
}
