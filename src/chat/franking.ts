/**
 * Franking: the server puts its word on what it cannot read, so that whoever gets a message can prove later who wrote it,
 * and nobody can prove what was never written.
 *
 * @source draft-ietf-mimi-protocol §5.4.1.1
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import {
  authenticatorOf,
  isSignedBy,
  SIGNATURE_BYTES,
  signingKeyOf,
  type SigningKey,
} from '../platform/ed25519.js';
import { Invalid } from '../platform/errors.js';
import type { MlsMessageHeader } from '../mls/message-header.js';
import type { Sealer } from '../platform/sealing.js';

/** What the server has seen of a message when it accepted it. */
export interface FrankedFacts {
  /** HMAC-SHA256 of what was encrypted, which the sender shows in the authenticated data of the message. */
  readonly tag: Uint8Array;
  readonly senderUri: string;
  readonly conversationUri: string;
  readonly acceptedAt: Date;
}

/** Bytes of a tag. */
export const TAG_BYTES = 32;

/** Bytes of the secret under which a tag is made; it is inside of the message. */
export const SALT_BYTES = 32;

/** Bytes of an authenticator of this server. */
const AUTHENTICATOR_BYTES = 32;

/** Bytes of a frank: an authenticator that only this server can check, and a signature for everybody else. */
export const FRANK_BYTES = AUTHENTICATOR_BYTES + SIGNATURE_BYTES;

interface FrankKeys {
  readonly secret: Uint8Array;
  readonly signing: SigningKey;
}

const KEYS = new WeakMap<Sealer, Promise<FrankKeys>>();

/**
 * The tag of a message for reading. Without one its reader could not prove anything, so it is not accepted.
 *
 * @throws {Invalid} INVALID_INPUT
 */
export function requireTag(
  { authenticatedData }: Pick<MlsMessageHeader, 'authenticatedData'>,
  path: readonly string[],
): Uint8Array {
  if (authenticatedData.length === TAG_BYTES) return authenticatedData;
  throw new Invalid(
    `The authenticated data is a franking tag of ${TAG_BYTES} bytes.`,
    path,
    'FRANKING_TAG',
    String(TAG_BYTES),
  );
}

/** The tag that belongs to what was encrypted. */
export function tagOf(salt: Uint8Array, data: Uint8Array): Buffer {
  return createHmac('sha256', salt).update(data).digest();
}

/** What this server says of a message, for those who get it. */
export async function frank(sealer: Sealer, facts: FrankedFacts): Promise<Buffer> {
  const { secret, signing } = await keysOf(sealer);
  const text = frankedText(facts);
  return Buffer.concat([await authenticatorOf(secret, text), signing.sign(text)]);
}

/** True when this server has said exactly this. */
export async function isFrankedHere(
  sealer: Sealer,
  facts: FrankedFacts,
  given: Uint8Array,
): Promise<boolean> {
  if (given.length !== FRANK_BYTES) return false;
  const expected = await frank(sealer, facts);
  return timingSafeEqual(expected, given);
}

/** True when the server of this key has said exactly this. */
export function isFrankedBy(
  serverKey: Uint8Array,
  facts: FrankedFacts,
  given: Uint8Array,
): Promise<boolean> {
  const isWhole = given.length === FRANK_BYTES;
  const signature = isWhole ? given.subarray(AUTHENTICATOR_BYTES) : new Uint8Array();
  return isSignedBy(serverKey, frankedText(facts), signature);
}

/** The key with which other servers check what this one says of messages. */
export async function frankingKeyOf(sealer: Sealer): Promise<Uint8Array> {
  return (await keysOf(sealer)).signing.publicKey;
}

function keysOf(sealer: Sealer): Promise<FrankKeys> {
  let keys = KEYS.get(sealer);
  if (!keys) {
    keys = makeKeys(sealer);
    KEYS.set(sealer, keys);
  }
  return keys;
}

async function makeKeys(sealer: Sealer): Promise<FrankKeys> {
  const signing = await signingKeyOf(sealer.deriveKey('frank-signature'));
  return { secret: sealer.deriveKey('frank'), signing };
}

/** The tag has a length of its own, and no address has a zero in it: no two facts are the same text. */
function frankedText({ tag, senderUri, conversationUri, acceptedAt }: FrankedFacts): Buffer {
  const said = `\0${senderUri}\0${conversationUri}\0${acceptedAt.toISOString()}`;
  return Buffer.concat([Buffer.from('triptych/frank/1\0'), tag, Buffer.from(said)]);
}
