/** Why nothing is sent in a conversation. */
import type { Store } from '../store/store.js';
import { findingsIn } from './findings.js';
import type { KeyLogFinding } from './key-log-words.js';
import { UntrustedDeviceError } from './people.js';
import type { StoredConversation } from './records.js';

/** A conversation in which nothing can be sent, for a reason that stays until somebody does something. */
export class HeldError extends RangeError {
  override readonly name: string = 'HeldError';
}

/**
 * The logs of keys say that a server lies, or that the key of somebody verified is another one. Nothing is sent until the person
 * here has seen it and decided (`Chat.acceptFindings`), or the logs are right again.
 */
export class SuspectKeysError extends HeldError {
  override readonly name = 'SuspectKeysError';
  readonly findings: readonly KeyLogFinding[];

  constructor(findings: readonly KeyLogFinding[]) {
    const reasons = findings.map(({ kind, server }) => `${kind} (${server})`);
    super(`The logs of keys do not fit: ${reasons.join(', ')}`);
    this.findings = findings;
  }
}

/**
 * Nothing that people say leaves this device where it could be read by whom they did not decide on, whether it stays or passes.
 * @throws {UntrustedDeviceError} @throws {HeldError}
 */
export function requireOpen(store: Store, conversation: StoredConversation): void {
  if (conversation.doubts.length > 0) throw new UntrustedDeviceError(conversation.doubts);
  requireNoLie(store, conversation);
  if (conversation.isBroken) throw new HeldError('This device has to come back first.');
  if (!conversation.isMember)
    throw new HeldError('This device is not in the conversation any more.');
}

/** What was encrypted before a lie was noticed waits as well. @throws {HeldError} */
export function requireNoLie(store: Store, conversation: StoredConversation): void {
  const findings = findingsIn(store, conversation);
  if (findings.length > 0) throw new SuspectKeysError(findings);
  if (conversation.isParted)
    throw new HeldError('Others may be in another group than this device: repair it first.');
}
