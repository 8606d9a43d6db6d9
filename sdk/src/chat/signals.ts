/**
 * What passes, as that somebody types: sealed with a key that the group exports for its epoch, kept nowhere. It proves that
 * a member of the group sent it, not which one.
 */
import sodium from 'libsodium-wrappers';
import { concat, textOf, utf8 } from '../crypto/bytes.js';
import type { MlsEngine, MlsGroup } from '../mls/engine.js';
import { requireOpen } from './held.js';
import type { Session } from './session.js';

const LABEL = 'triptych-signal';
const PADDED = 128;

/** Something that passes. */
export interface Signal {
  readonly kind: 'typing' | 'stopped';
  /** Actor who says so. */
  readonly sender: string;
}

const keyOf = (engine: MlsEngine, group: MlsGroup): Promise<Uint8Array> =>
  engine.exportSecret(group, LABEL, new Uint8Array(), 32);

/** Sends a signal to whoever listens at this moment, where messages may be sent. @throws {UntrustedDeviceError} @throws {HeldError} */
export async function sendSignal(
  session: Session,
  conversationId: string,
  kind: Signal['kind'],
): Promise<void> {
  const { engine, server, self } = session;
  requireOpen(session.store, session.conversation(conversationId));
  const group = session.group(conversationId);
  const sealed = await sealSignal(engine, group, { kind, sender: self.actorUri });
  await server.signal(self.deviceId, conversationId, sealed);
}

/** Seals a signal for the present epoch. */
async function sealSignal(engine: MlsEngine, group: MlsGroup, signal: Signal): Promise<Uint8Array> {
  const key = await keyOf(engine, group);
  const nonce = sodium.randombytes_buf(sodium.crypto_secretbox_NONCEBYTES);
  const padded = sodium.pad(utf8(JSON.stringify(signal)), PADDED);
  return concat(nonce, sodium.crypto_secretbox_easy(padded, nonce, key));
}

/** Opens a signal; null = it is of another epoch, of somebody else, or not understood. */
export async function openSignal(
  engine: MlsEngine,
  group: MlsGroup,
  sealed: Uint8Array,
): Promise<Signal | null> {
  const key = await keyOf(engine, group);
  const length = sodium.crypto_secretbox_NONCEBYTES;
  try {
    const nonce = sealed.subarray(0, length);
    const padded = sodium.crypto_secretbox_open_easy(sealed.subarray(length), nonce, key);
    const { kind, sender } = JSON.parse(textOf(sodium.unpad(padded, PADDED))) as Partial<Signal>;
    const isMember = group.members.some(({ identity }) => identity === sender);
    return isMember && (kind === 'typing' || kind === 'stopped') ? { kind, sender: sender! } : null;
  } catch {
    return null;
  }
}
