/**
 * Refusals that a caller is meant to see. Commands throw them; the GraphQL, HTTP and job edges
 * translate. Anything that is not a DomainError is a fault: it is logged and never shown.
 */

import type { EntitlementKey } from './entitlements.js';
import { quotaText, rateText } from './messages/amounts.js';

/** Stable machine-readable codes; part of the public schema (`ErrorCode`). Additions are not breaking. */
export const ERROR_CODES = {
  INVALID_INPUT: 'A value breaks a rule; `path` names it.',
  NOT_FOUND: 'No such thing, or none that the viewer may see: the two look the same.',
  FORBIDDEN: 'The viewer sees it but may not do this to it.',
  CONFLICT: 'The state has changed in a way that rules this out.',
  ALREADY_EXISTS: 'There is one already.',
  LIMIT_EXCEEDED:
    'Too many of something; a ValidationError whose `limit` says how many there may be.',
  QUOTA_EXCEEDED: 'An entitlement of the account is used up.',
  RATE_LIMITED: 'Too often; try again later.',
  ACCOUNT_SUSPENDED: 'The account is suspended.',
  BLOCKED: 'A block between the two people, or of the server of one, rules this out.',
  IDENTITY_MISMATCH: 'The account has another identity key for encrypted chat.',
  NO_CHAT_DEVICE: 'This person has no device that could be let into an encrypted conversation.',
  USERNAME_TAKEN: 'The username is in use or reserved.',
  WEAK_PASSWORD: 'The password is too short, too long or too common.',
  INVALID_CREDENTIALS: 'Name and password do not belong together.',
  EXPIRED: 'The link, token or upload is no longer valid.',
  MEDIA_NOT_READY: 'The media is still being uploaded or processed.',
  MEDIA_REJECTED: 'The file is damaged, too large or not what it claims to be.',
  UNSUPPORTED_MEDIA: 'The file type is not supported here.',
  IDEMPOTENCY_KEY_REUSED: 'The key was used with a different input.',
  CAPTCHA_REQUIRED: 'A solved challenge is needed, or the one given is wrong.',
  REAUTHENTICATION_REQUIRED: 'Sign in again: this needs a recent proof of the password.',
  APPROVAL_REQUIRED: 'A moderator has yet to approve the account.',
  EMAIL_UNVERIFIED: 'The e-mail address has yet to be confirmed.',
  REGISTRATION_CLOSED: 'This server takes no new accounts in this way.',
  STALE_EPOCH: 'The group has changed: catch up with it, then try again.',
  EPOCH_TOO_OLD: 'The message is encrypted for an epoch that is over: encrypt it anew.',
  MLS_MISMATCH: 'What the bytes say and what the input says of them are not the same.',
  MISSING_WELCOME: 'Somebody is added for whom there is no Welcome.',
  UNPROVEN_MESSAGE:
    'The server of the conversation has not seen this message of this sender there at this time.',
  UNKNOWN_KEY_PACKAGE:
    'A Welcome is for a key package that was never handed out, or that was used before.',
  HUB_UNREACHABLE:
    'The server that orders the conversation does not answer: send the same again later.',
} as const;

/** One of the stable codes. */
export type ErrorCode = keyof typeof ERROR_CODES;

/** A refusal with a stable code. `message` is safe to show; `cause` is not. */
export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;

  /** GraphQL object type that carries this refusal in `userErrors`. */
  readonly typeName: string = 'GenericError';

  constructor(
    message: string,
    /**
     * Where in the mutation input, without the leading `input`; empty when nowhere in particular.
     * Not called `path`: graphql-js takes any error with a `path` list for one of its own.
     */
    readonly inputPath: readonly string[] = [],
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = new.target.name;
  }
}

/** A value breaks a rule. `constraint` names the rule, `limit` its bound as text. */
export class Invalid extends DomainError {
  readonly code: ErrorCode;
  override readonly typeName = 'ValidationError';

  constructor(
    message: string,
    path: readonly string[],
    readonly constraint: string,
    readonly limit: string | null = null,
    code: ErrorCode = 'INVALID_INPUT',
  ) {
    super(message, path);
    this.code = code;
  }
}

/** There would be more of something than there may be; `limit` tells how many, also where `message` is another language's. */
export class TooMany extends Invalid {
  constructor(message: string, limit: number, path: readonly string[] = []) {
    super(message, path, 'MAX_ITEMS', String(limit), 'LIMIT_EXCEEDED');
  }
}

/** The thing does not exist, or the viewer may not know that it does. */
export class NotFound extends DomainError {
  readonly code = 'NOT_FOUND';

  constructor(path: readonly string[] = []) {
    super('Not found.', path);
  }
}

/** The viewer may not do this. */
export class Forbidden extends DomainError {
  constructor(
    message: string,
    readonly code: ErrorCode = 'FORBIDDEN',
    path: readonly string[] = [],
  ) {
    super(message, path);
  }
}

/** The present state rules this out. */
export class Conflict extends DomainError {
  constructor(
    message: string,
    readonly code: ErrorCode = 'CONFLICT',
    path: readonly string[] = [],
  ) {
    super(message, path);
  }
}

/** An entitlement of the account does not suffice; amounts in the entitlement's own unit. */
export class QuotaExceeded extends DomainError {
  readonly code = 'QUOTA_EXCEEDED';
  override readonly typeName = 'QuotaError';

  constructor(
    readonly entitlement: EntitlementKey,
    readonly limit: bigint,
    /** What is used now; null for limits of single things, which are never used up. */
    readonly used: bigint | null,
    path: readonly string[] = [],
  ) {
    super(quotaText('en', entitlement, limit, used), path);
  }
}

/** Too often; a repeat makes sense after `retryAfterSeconds`. */
export class RateLimited extends DomainError {
  readonly code = 'RATE_LIMITED';
  override readonly typeName = 'RateLimitError';

  /** What there is too much of, where it is not requests: the rule, such as BYTES_PER_DAY. */
  readonly constraint: string | null;
  /** Its bound, as text. */
  readonly limit: string | null;

  constructor(
    readonly retryAfterSeconds: number,
    exceeded: { readonly constraint: string; readonly limit: number } | null = null,
  ) {
    super(rateText('en', retryAfterSeconds));
    this.constraint = exceeded?.constraint ?? null;
    this.limit = exceeded && String(exceeded.limit);
  }
}

/** A job that must not be tried again: it goes to the dead letters at once. */
export class TerminalError extends Error {}
