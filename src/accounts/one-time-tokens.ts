/** Tokens that work once: links in mails, and the one that makes the first owner. Only digests are stored. */
import type { Services } from '../platform/context.js';
import { addSeconds } from '../platform/clock.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { Conflict } from '../platform/errors.js';
import type { AccountId } from './account.entity.js';
import { digestToken } from './authenticate.js';
import { mintLinkToken } from './tokens.js';

/** What a token opens, and for how many seconds. */
export const LIFETIMES = {
  'verify-email': 3 * 86_400,
  'reset-password': 60 * 60,
  'undo-email-change': 72 * 60 * 60,
  setup: 24 * 60 * 60,
} as const;

/** What a token opens. */
export type TokenPurpose = keyof typeof LIFETIMES;

/** A token that was used just now. */
export interface UsedToken {
  /** Null for `setup`. */
  readonly accountId: AccountId | null;
  /** What was stored with it. */
  readonly payload: Readonly<Record<string, string>>;
}

const INSERT = statement(
  'one_time_tokens.insert',
  `insert into one_time_tokens (token_digest, account_id, purpose, payload, created_at, expires_at)
   values ($1, $2, $3, $4::jsonb, $5, $6)`,
);
const USE = statement(
  'one_time_tokens.use',
  `update one_time_tokens set used_at = $3
   where token_digest = $1 and purpose = $2 and used_at is null and expires_at > $3
   returning account_id as "accountId", payload`,
);
const IS_VALID = statement(
  'one_time_tokens.is_valid',
  `select 1 from one_time_tokens where token_digest = $1 and purpose = $2 and used_at is null and expires_at > $3`,
);
const DISCARD = statement(
  'one_time_tokens.discard',
  `delete from one_time_tokens where account_id is not distinct from $1 and purpose = $2 and used_at is null`,
);

/** Mints a token inside the caller's transaction; earlier ones of the same purpose stay valid until they expire. */
export async function mintOneTimeToken(
  { clock }: Pick<Services, 'clock'>,
  tx: Reader,
  purpose: TokenPurpose,
  accountId: AccountId | null,
  payload: Readonly<Record<string, string>> = {},
): Promise<string> {
  const now = clock.now();
  const { token, digest } = mintLinkToken();
  const expiresAt = addSeconds(now, LIFETIMES[purpose]);
  await tx.rows(INSERT, [digest, accountId, purpose, JSON.stringify(payload), now, expiresAt]);
  return token;
}

/**
 * Uses a token inside the caller's transaction. Of two uses at the same time one succeeds.
 *
 * @throws {Conflict} EXPIRED when it is unknown, used, of another purpose, or too old
 */
export async function spendOneTimeToken(
  { clock }: Pick<Services, 'clock'>,
  tx: Transaction,
  purpose: TokenPurpose,
  token: string,
  path: readonly string[] = ['token'],
): Promise<UsedToken> {
  const used = await tx.row<UsedToken>(USE, [digestToken(token), purpose, clock.now()]);
  if (!used) throw expired(path);
  return used;
}

/**
 * Looks whether a token would work, without using it: before work that is dear.
 *
 * @throws {Conflict} EXPIRED
 */
export async function checkOneTimeToken(
  { clock }: Pick<Services, 'clock'>,
  reader: Reader,
  purpose: TokenPurpose,
  token: string,
  path: readonly string[] = ['token'],
): Promise<void> {
  if (!(await reader.row(IS_VALID, [digestToken(token), purpose, clock.now()])))
    throw expired(path);
}

/** Makes the unused tokens of one purpose worthless; `accountId` null = those of nobody. */
export async function discardOneTimeTokens(
  tx: Transaction,
  purpose: TokenPurpose,
  accountId: AccountId | null,
): Promise<void> {
  await tx.rows(DISCARD, [accountId, purpose]);
}

function expired(path: readonly string[]): Conflict {
  return new Conflict('This link is not valid any more. Ask for a new one.', 'EXPIRED', path);
}
