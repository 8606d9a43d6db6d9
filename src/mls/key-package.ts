/** Reads key packages of MLS. It knows public keys and signatures, and nothing that is secret. */
import { createHash } from 'node:crypto';
import { ByteReader, MalformedBytes, writeVector } from './byte-reader.js';
import type { SignedPart } from './signed-part.js';

/** The suite of every conversation here: MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519. */
export const CIPHERSUITE = 1;

/** The one version of the protocol. */
export const MLS10 = 1;

/** Type of a credential that is a name and nothing else. */
export const BASIC_CREDENTIAL = 1;

/** Longest key package that is read, in bytes; usual ones have 300. */
export const KEY_PACKAGE_BYTES = 4096;

const WIRE_FORMAT_KEY_PACKAGE = 5;
const SOURCE_KEY_PACKAGE = 1;
const X509_CREDENTIAL = 2;

/** What a device says that it understands. */
export interface Capabilities {
  readonly versions: readonly number[];
  readonly ciphersuites: readonly number[];
  readonly extensions: readonly number[];
  readonly proposals: readonly number[];
  readonly credentials: readonly number[];
}

/** What stands in a key package. */
export interface KeyPackageFacts {
  /** The package itself, without the message that it may have come in. */
  readonly bytes: Uint8Array;
  readonly ciphersuite: number;
  readonly initKey: Uint8Array;
  readonly encryptionKey: Uint8Array;
  readonly signatureKey: Uint8Array;
  /** Null for a credential that is no plain name. */
  readonly identity: Uint8Array | null;
  readonly capabilities: Capabilities;
  /** Types of the extensions of the leaf. */
  readonly leafExtensions: readonly number[];
  /** In seconds since 1970. */
  readonly notBefore: bigint;
  readonly notAfter: bigint;
  /** What the signature key has to have signed: the leaf, then the whole. */
  readonly signedParts: readonly SignedPart[];
}

/**
 * Reads a key package, bare or as an MLSMessage.
 *
 * @source RFC 9420 §6, §7.2, §10
 * @throws {MalformedBytes} when it is not one from its first byte to its last
 */
export function readKeyPackage(bytes: Uint8Array): KeyPackageFacts {
  if (bytes.length > KEY_PACKAGE_BYTES) throw new MalformedBytes('A key package is too long.');
  try {
    return readBare(bytes);
  } catch (error) {
    // The suite of a bare one may look like the wire format of a message, so the bare reading goes first.
    if (!(error instanceof MalformedBytes) || !isWrapped(bytes)) throw error;
    return readBare(bytes.subarray(4));
  }
}

/**
 * The name by which a Welcome calls a key package.
 *
 * @param bytes the bare package
 * @source RFC 9420 §5.2
 */
export function keyPackageRef(bytes: Uint8Array): Buffer {
  const label = writeVector(Buffer.from('MLS 1.0 KeyPackage Reference'));
  return createHash('sha256').update(label).update(writeVector(bytes)).digest();
}

function isWrapped(bytes: Uint8Array): boolean {
  if (bytes.length < 4) return false;
  const reader = new ByteReader(bytes);
  return reader.uint16() === MLS10 && reader.uint16() === WIRE_FORMAT_KEY_PACKAGE;
}

function readBare(bytes: Uint8Array): KeyPackageFacts {
  const reader = new ByteReader(bytes);
  if (reader.uint16() !== MLS10) throw new MalformedBytes('It is of no known version of MLS.');
  const ciphersuite = reader.uint16();
  const initKey = reader.vector();
  const leafStart = reader.offset;
  const leaf = readLeaf(reader);
  const leafEnd = reader.offset;
  const leafSignature = reader.vector();
  readExtensions(reader);
  const end = reader.offset;
  const signature = reader.vector();
  reader.requireEnd();
  const signedParts = [
    { label: 'LeafNodeTBS', content: bytes.subarray(leafStart, leafEnd), signature: leafSignature },
    { label: 'KeyPackageTBS', content: bytes.subarray(0, end), signature },
  ];
  return { bytes, ciphersuite, initKey, ...leaf, signedParts };
}

function readLeaf(reader: ByteReader) {
  const encryptionKey = reader.vector();
  const signatureKey = reader.vector();
  const identity = readCredential(reader);
  const capabilities = readCapabilities(reader);
  if (reader.uint8() !== SOURCE_KEY_PACKAGE)
    throw new MalformedBytes('Its leaf is not that of a key package.');
  const notBefore = reader.uint64();
  const notAfter = reader.uint64();
  const leafExtensions = readExtensions(reader);
  return {
    encryptionKey,
    signatureKey,
    identity,
    capabilities,
    notBefore,
    notAfter,
    leafExtensions,
  };
}

function readCredential(reader: ByteReader): Uint8Array | null {
  switch (reader.uint16()) {
    case BASIC_CREDENTIAL:
      return reader.vector();
    case X509_CREDENTIAL:
      reader.list((inner) => inner.vector());
      return null;
    default:
      throw new MalformedBytes('Its credential is of no known type.');
  }
}

function readCapabilities(reader: ByteReader): Capabilities {
  const numbers = (): number[] => reader.list((inner) => inner.uint16());
  return {
    versions: numbers(),
    ciphersuites: numbers(),
    extensions: numbers(),
    proposals: numbers(),
    credentials: numbers(),
  };
}

function readExtensions(reader: ByteReader): number[] {
  return reader.list((inner) => {
    const type = inner.uint16();
    inner.vector();
    return type;
  });
}
