/** Refusals of encrypted messages, each with what a device needs to put itself right. */
import { DomainError, type ErrorCode } from '../platform/errors.js';
import type { ChatMessageRow, ConversationId } from './conversation.js';

/** Most commits that a refusal brings along; what comes after them is in the mailbox. */
export const MISSED_COMMITS = 20;

/** Another commit was accepted first. */
export class StaleEpoch extends DomainError {
  readonly code = 'STALE_EPOCH';
  override readonly typeName = 'StaleEpochError';

  constructor(
    readonly currentEpoch: number,
    /** Commits from the epoch of the refused one on, the oldest first. */
    readonly missedCommits: readonly ChatMessageRow[],
  ) {
    super('The group has changed: process what was missed, then commit anew.', ['epoch']);
  }
}

/** A message is of an epoch that is over for too long. */
export class EpochTooOld extends DomainError {
  readonly code = 'EPOCH_TOO_OLD';
  override readonly typeName = 'EpochError';

  constructor(readonly currentEpoch: number) {
    super('Encrypted for an epoch that is over: encrypt it anew.', ['content', 'mls', 'data']);
  }
}

/** The bytes say something else than the input, or the group. */
export class MlsMismatch extends DomainError {
  readonly code = 'MLS_MISMATCH';
  override readonly typeName = 'EpochError';

  constructor(
    message: string,
    path: readonly string[],
    readonly currentEpoch: number,
  ) {
    super(message, path);
  }
}

/** Key packages of a Welcome, or people of a commit, that do not fit; `refs` in lower-case hexadecimal. */
export class WelcomeRefused extends DomainError {
  override readonly typeName = 'WelcomeError';

  constructor(
    message: string,
    readonly code: ErrorCode & ('MISSING_WELCOME' | 'UNKNOWN_KEY_PACKAGE'),
    path: readonly string[],
    readonly refs: readonly Buffer[] = [],
  ) {
    super(message, path);
  }
}

/** The two have an encrypted conversation. */
export class ConversationExists extends DomainError {
  readonly code = 'ALREADY_EXISTS';
  override readonly typeName = 'ConversationExistsError';

  constructor(
    readonly conversationId: ConversationId | null,
    path: readonly string[],
  ) {
    super('There is such a conversation already.', path);
  }
}

/** Another server orders the conversation, and does not answer: what was sent may or may not have its place. */
export class HubUnreachable extends DomainError {
  readonly code = 'HUB_UNREACHABLE';
  override readonly typeName = 'HubUnreachableError';

  constructor(
    /** Host of that server. */
    readonly hub: string,
    options?: ErrorOptions,
  ) {
    super(`Waiting for ${hub}.`, [], options);
  }
}

/** It answers, but names somebody who is not to be had, or does not say what it should. */
export class HubHeldUp extends HubUnreachable {}
