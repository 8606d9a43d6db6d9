/**
 * A new device gets the key that stands for its person from one that has it, by two QR codes and no server: the new one
 * shows a request, the old one shows the answer, sealed to it. Whoever photographs both codes learns nothing. What was said
 * before is too long for a code, which only tells where it lies and how to open it.
 */
import sodium from 'libsodium-wrappers';
import {
  EMPTY,
  fromBase64,
  isSame,
  pack,
  textOf,
  toBase64,
  unpack,
  utf8,
} from '../crypto/bytes.js';
import type { KeptFile } from './files.js';
import { keyPairOf, verify } from './identity.js';

const REQUEST = 'triptych-link:1:';
const ANSWER = 'triptych-linked:1:';
const NONCE_BYTES = 16;

/** What the new device keeps until it gets its answer. Secret. */
export interface LinkRequest {
  /** To be shown as a QR code. */
  readonly text: string;
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
  readonly nonce: Uint8Array;
}

/** What an old device passes on. */
export interface Linked {
  readonly actorUri: string;
  /** Secret. */
  readonly identitySeed: Uint8Array;
  /** What was said before; absent or null = nothing of it is passed on. Its key is secret. */
  readonly history?: KeptFile | null;
}

/** On the new device: what to show. */
export async function requestLink(): Promise<LinkRequest> {
  await sodium.ready;
  const { publicKey, privateKey } = sodium.crypto_box_keypair();
  const nonce = sodium.randombytes_buf(NONCE_BYTES);
  return { text: REQUEST + toBase64(pack(publicKey, nonce)), publicKey, privateKey, nonce };
}

/** On the old device, once the person has confirmed it: what to show in turn. @throws {RangeError} for another code */
export async function answerLink(request: string, linked: Linked): Promise<string> {
  await sodium.ready;
  const [publicKey, nonce] = partsOf(request, REQUEST, 2);
  if (publicKey!.length !== sodium.crypto_box_PUBLICKEYBYTES)
    throw new RangeError('This code is not whole.');
  const { privateKey } = sodium.crypto_sign_seed_keypair(linked.identitySeed);
  const uri = utf8(linked.actorUri);
  const history = linked.history ? packFile(linked.history) : EMPTY;
  const about = pack(publicKey!, nonce!, uri, history);
  const signature = sodium.crypto_sign_detached(about, privateKey);
  const whole = pack(nonce!, uri, linked.identitySeed, history, signature);
  return ANSWER + toBase64(pack(sodium.crypto_box_seal(whole, publicKey!)));
}

/** On the new device: what the old one passed on. @throws {RangeError} for the answer to another request */
export async function openLink(request: LinkRequest, answer: string): Promise<Linked> {
  await sodium.ready;
  const [sealed] = partsOf(answer, ANSWER, 1);
  const opened = unsealed(sealed!, request);
  const [nonce, uri, identitySeed, history, signature] = unpack(opened);
  if (!signature) throw new RangeError('This answers another request.');
  const about = pack(request.publicKey, request.nonce, uri!, history!);
  const isAnswer =
    isSame(nonce!, request.nonce) && verify(keyPairOf(identitySeed!).publicKey, about, signature);
  if (!isAnswer) throw new RangeError('This answers another request.');
  return {
    actorUri: textOf(uri!),
    identitySeed: identitySeed!,
    history: history!.length > 0 ? unpackFile(history!) : null,
  };
}

const packFile = ({ mediaId, url, key, sha256, sizeBytes }: KeptFile): Uint8Array =>
  pack(utf8(mediaId), utf8(url), key, sha256, utf8(String(sizeBytes)));

function unpackFile(packed: Uint8Array): KeptFile {
  const [mediaId, url, key, sha256, sizeBytes] = unpack(packed);
  return {
    mediaId: textOf(mediaId!),
    url: textOf(url!),
    key: key!,
    sha256: sha256!,
    sizeBytes: Number(textOf(sizeBytes!)),
  };
}

function unsealed(sealed: Uint8Array, { publicKey, privateKey }: LinkRequest): Uint8Array {
  try {
    return sodium.crypto_box_seal_open(sealed, publicKey, privateKey);
  } catch (cause) {
    throw new RangeError('This answers another request.', { cause });
  }
}

function partsOf(text: string, prefix: string, count: number): Uint8Array[] {
  if (!text.startsWith(prefix)) throw new RangeError('This code is for something else.');
  const parts = wholeOf(text.slice(prefix.length));
  if (parts.length !== count) throw new RangeError('This code is not whole.');
  return parts;
}

/** What was typed may be anything. */
function wholeOf(text: string): Uint8Array[] {
  try {
    return unpack(fromBase64(text));
  } catch (cause) {
    throw new RangeError('This code is not whole.', { cause });
  }
}
