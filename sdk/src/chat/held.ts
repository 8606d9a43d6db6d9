/** Why nothing is sent in a conversation. */
import type { KeyLogFinding } from './key-log-words.js';

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
