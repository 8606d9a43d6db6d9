/** Reading of what strangers sent: wholly, or not at all. */
import { ByteReader, MalformedBytes } from './byte-reader.js';

/** What `read` makes of bytes that it reads to the end; null when they are malformed, or something is left. */
export function readWhole<Result>(
  bytes: Uint8Array,
  read: (reader: ByteReader) => Result,
): Result | null {
  const reader = new ByteReader(bytes);
  try {
    const result = read(reader);
    return reader.isAtEnd ? result : null;
  } catch (error) {
    if (error instanceof MalformedBytes) return null;
    throw error;
  }
}

/** Ends the reading of bytes that are not what they are said to be. @throws {MalformedBytes} always */
export function malformed(): never {
  throw new MalformedBytes('The bytes are not what they are said to be.');
}
