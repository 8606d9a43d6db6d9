/** What a server may read of an MLS message: which group and epoch it is of, and what kind it is. */
import type { ByteReader } from './byte-reader.js';
import { malformed, readWhole } from './read-whole.js';

/** What a message carries. */
export type MlsContent = 'APPLICATION' | 'PROPOSAL' | 'COMMIT';

/** Who a message says it is from; the sender of a private one is encrypted. */
export type MlsSender = 'MEMBER' | 'EXTERNAL' | 'NEW_MEMBER_PROPOSAL' | 'NEW_MEMBER_COMMIT';

/** The outside of a message. */
export interface MlsMessageHeader {
  readonly framing: 'PUBLIC' | 'PRIVATE';
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
  readonly content: MlsContent;
  /** Null when it is encrypted. */
  readonly sender: MlsSender | null;
  /** Bytes that everybody can read and that only the sender can have made. */
  readonly authenticatedData: Uint8Array;
}

/** What a GroupInfo is about. */
export interface GroupInfoHeader {
  readonly groupId: Uint8Array;
  readonly epoch: bigint;
}

const VERSION = 1;
const SUITE = 1;
const PUBLIC_MESSAGE = 1;
const PRIVATE_MESSAGE = 2;
const GROUP_INFO = 4;
const CONTENTS: Readonly<Record<number, MlsContent>> = {
  1: 'APPLICATION',
  2: 'PROPOSAL',
  3: 'COMMIT',
};
const SENDERS: Readonly<Record<number, MlsSender>> = {
  1: 'MEMBER',
  2: 'EXTERNAL',
  3: 'NEW_MEMBER_PROPOSAL',
  4: 'NEW_MEMBER_COMMIT',
};
/** Only of these a public message says at which place of the tree, or of the list of outsiders, its sender stands. */
const PLACED: ReadonlySet<MlsSender> = new Set(['MEMBER', 'EXTERNAL']);

/**
 * Reads the outside of an `MLSMessage` that is a public or private message; null for anything else. A private message is read
 * to its end; of a public one what it proposes is not, as only members can judge it.
 *
 * @source RFC 9420 §6
 */
export function readMessageHeader(bytes: Uint8Array): MlsMessageHeader | null {
  return readWhole(bytes, (reader) => {
    const format = readFormat(reader);
    if (format === PRIVATE_MESSAGE) return readPrivate(reader);
    return format === PUBLIC_MESSAGE ? readPublic(reader, bytes.length) : malformed();
  });
}

/**
 * Reads of which group and epoch a GroupInfo is, as an `MLSMessage`; null for anything else.
 *
 * @source RFC 9420 §8.1, §12.4.3
 */
export function readGroupInfoHeader(bytes: Uint8Array): GroupInfoHeader | null {
  return readWhole(bytes, (reader) => {
    if (readFormat(reader) !== GROUP_INFO) malformed();
    if (reader.uint16() !== VERSION || reader.uint16() !== SUITE) malformed();
    const groupId = reader.vector();
    const epoch = reader.uint64();
    // Hash of the tree, hash of the transcript, extensions of the group, and those of this message.
    for (let part = 0; part < 4; part++) reader.vector();
    // Confirmation, place of who signed, signature.
    reader.vector();
    reader.uint32();
    reader.vector();
    return { groupId, epoch };
  });
}

/** Reads the beginning of an `MLSMessage`. @throws {MalformedBytes} for another version */
export function readFormat(reader: ByteReader): number {
  if (reader.uint16() !== VERSION) malformed();
  return reader.uint16();
}

function readPrivate(reader: ByteReader): MlsMessageHeader {
  const groupId = reader.vector();
  const epoch = reader.uint64();
  const content = contentOf(reader.uint8());
  const authenticatedData = reader.vector();
  reader.vector();
  reader.vector();
  return { framing: 'PRIVATE', groupId, epoch, content, sender: null, authenticatedData };
}

function readPublic(reader: ByteReader, length: number): MlsMessageHeader {
  const groupId = reader.vector();
  const epoch = reader.uint64();
  const sender = SENDERS[reader.uint8()] ?? malformed();
  if (PLACED.has(sender)) reader.uint32();
  const authenticatedData = reader.vector();
  const content = contentOf(reader.uint8());
  // What is for reading never goes out in the open.
  if (content === 'APPLICATION') malformed();
  reader.take(length - reader.offset);
  return { framing: 'PUBLIC', groupId, epoch, content, sender, authenticatedData };
}

function contentOf(type: number): MlsContent {
  return CONTENTS[type] ?? malformed();
}
