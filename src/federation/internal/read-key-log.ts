/** Pages of the logs of keys of other servers, as far as they are sound in form; what they say is checked by whoever keeps it. */
import { KEY_LOG_KINDS, type KeyLogKind } from '../../devices/key-log.js';
import type { KeyLogHead } from '../../devices/key-log.queries.js';
import { LONGEST_PROOF } from '../../devices/merkle-proofs.js';
import type { RemoteKeyLogEntry } from '../../devices/remote-key-log.js';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '../../platform/ed25519.js';
import { originOf } from '../addresses.js';
import type { IdentifiedDocument } from './fetch-document.js';
import { MalformedDocument } from './read-document.js';
import { isShortAddress, listOf, objectOf, textOf } from './read-properties.js';

/** A page. */
export interface KeyLogPage {
  readonly entries: readonly RemoteKeyLogEntry[];
  /** Where the next page stands; null = this is the last one. */
  readonly next: string | null;
}

/** The first page. */
export interface FirstKeyLogPage extends KeyLogPage {
  readonly head: KeyLogHead;
  /** Where the server proves what continues what. */
  readonly consistencyUrl: string;
}

const HASH_BYTES = 32;
const LARGEST_LOG = 2 ** 31 - 1;
const LONGEST_PAYLOAD = 4 * 1024;
const LONGEST_PAGE = 100;

/** @throws {MalformedDocument} */
export function readFirstKeyLogPage(
  document: IdentifiedDocument,
  actorUri: string,
): FirstKeyLogPage {
  const said = objectOf(document['head']) ?? {};
  const { treeSize, signedAt } = said;
  const head = {
    treeSize: numberOf(treeSize),
    rootHash: bytesOf(said['rootHash'], HASH_BYTES),
    signedAt: timeOf(signedAt),
    signature: bytesOf(said['signature'], SIGNATURE_BYTES),
    serverKey: bytesOf(said['serverKey'], PUBLIC_KEY_BYTES),
  };
  const consistencyUrl = ownAddress(document, document['consistency']);
  if (consistencyUrl === null) throw new MalformedDocument('The log cannot be proven to go on.');
  return { head, consistencyUrl, ...readKeyLogPage(document, actorUri) };
}

/** @throws {MalformedDocument} */
export function readKeyLogPage(document: IdentifiedDocument, actorUri: string): KeyLogPage {
  const items = listOf(document['orderedItems']);
  if (items.length > LONGEST_PAGE) throw new MalformedDocument('The page is too long.');
  const entries = items.map((item) => readEntry(item, actorUri));
  return { entries, next: ownAddress(document, document['next']) };
}

/** Hashes of a proof. @throws {MalformedDocument} */
export function readHashes(value: unknown): Buffer[] {
  const hashes = listOf(value);
  if (hashes.length > LONGEST_PROOF) throw new MalformedDocument('The proof is too long.');
  return hashes.map((hash) => bytesOf(hash, HASH_BYTES));
}

function readEntry(item: unknown, actorUri: string): RemoteKeyLogEntry {
  const { place, kind, payload, inclusion } = objectOf(item) ?? {};
  const text = textOf(payload) ?? '';
  if (text.length > LONGEST_PAYLOAD) throw new MalformedDocument('The entry is too long.');
  const bytes = Buffer.from(text, 'base64');
  const says = parsed(bytes);
  // What is signed counts, not what stands beside it.
  if (!isKind(kind) || says['kind'] !== kind || says['actor'] !== actorUri)
    throw new MalformedDocument('The entry is not of this actor.');
  return { index: numberOf(place), kind, payload: bytes, inclusion: readHashes(inclusion) };
}

function parsed(payload: Buffer): Readonly<Record<string, unknown>> {
  try {
    return objectOf(JSON.parse(payload.toString())) ?? {};
  } catch {
    throw new MalformedDocument('The entry says nothing.');
  }
}

function isKind(value: unknown): value is KeyLogKind {
  return typeof value === 'string' && Object.hasOwn(KEY_LOG_KINDS, value);
}

function ownAddress({ id }: IdentifiedDocument, value: unknown): string | null {
  const address = textOf(value);
  const isOwn = address !== null && isShortAddress(address);
  return isOwn && originOf(address) === originOf(id) ? address : null;
}

function numberOf(value: unknown): number {
  if (Number.isInteger(value) && Number(value) >= 0 && Number(value) <= LARGEST_LOG)
    return Number(value);
  throw new MalformedDocument('A place that the log cannot have.');
}

function bytesOf(value: unknown, length: number): Buffer {
  const bytes = Buffer.from(textOf(value) ?? '', 'base64');
  if (bytes.length !== length) throw new MalformedDocument(`Not ${length} bytes.`);
  return bytes;
}

/** As it is signed: written in one way only. */
function timeOf(value: unknown): Date {
  const at = new Date(textOf(value) ?? Number.NaN);
  if (Number.isNaN(at.getTime()) || at.toISOString() !== value)
    throw new MalformedDocument('Not a time.');
  return at;
}
