/** Passwords: which ones are taken, how they are stored, how one is proven. */
import { randomBytes } from 'node:crypto';
import { hash, verify, type Options } from '@node-rs/argon2';
import { Invalid } from '../platform/errors.js';
import { GUESSABLE_PASSWORDS } from './internal/guessable-passwords.js';
import { inTurn } from './internal/hash-queue.js';

/** Longest password in UTF-16 units: longer ones only cost time. */
export const MAX_PASSWORD_LENGTH = 256;

const MIN_PASSWORD_LENGTH = 8;
const MIN_DISTINCT_CHARACTERS = 4;

/** Memory in KiB. The algorithm is the package's default, Argon2id. @source OWASP Password Storage Cheat Sheet */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

let decoy: Promise<string> | null = null;

/**
 * Checks a new password.
 *
 * @param personal texts that must not be the password: the person's own names and addresses
 * @throws {Invalid} WEAK_PASSWORD
 */
export function checkNewPassword(
  password: string,
  personal: readonly string[],
  path: readonly string[] = ['password'],
): void {
  const refuse = (message: string, constraint: string, limit: string | null = null): never => {
    throw new Invalid(message, path, constraint, limit, 'WEAK_PASSWORD');
  };
  if (password.length > MAX_PASSWORD_LENGTH) {
    refuse(
      `A password has at most ${MAX_PASSWORD_LENGTH} characters.`,
      'MAX_LENGTH',
      String(MAX_PASSWORD_LENGTH),
    );
  }
  if ([...password].length < MIN_PASSWORD_LENGTH) {
    refuse(
      `A password has at least ${MIN_PASSWORD_LENGTH} characters.`,
      'MIN_LENGTH',
      String(MIN_PASSWORD_LENGTH),
    );
  }
  const plain = password.toLowerCase();
  const isGuessable =
    new Set(plain).size < MIN_DISTINCT_CHARACTERS ||
    GUESSABLE_PASSWORDS.has(plain.replace(/[^\p{L}]*$/u, '')) ||
    GUESSABLE_PASSWORDS.has(plain) ||
    personal.some((text) => text !== '' && plain === text.toLowerCase());
  if (isGuessable) refuse('This password is among the first that anybody would try.', 'COMMON');
}

/** Hashes a checked password. @throws {RateLimited} RATE_LIMITED when too many wait for their hash */
export function hashPassword(password: string): Promise<string> {
  return inTurn(() => hash(password, COST));
}

/**
 * Whether the password belongs to the stored hash. Without a stored hash it does the same work and
 * answers false, so that an unknown name takes as long as a known one.
 *
 * @throws {RateLimited} RATE_LIMITED when too many wait for their hash
 */
export async function verifyPassword(
  storedHash: string | null,
  password: string,
): Promise<boolean> {
  if (password.length > MAX_PASSWORD_LENGTH) return false;
  decoy ??= hashPassword(randomBytes(24).toString('base64'));
  const decoyHash = await decoy;
  const isRight = await inTurn(() => verify(storedHash ?? decoyHash, password));
  return storedHash !== null && isRight;
}
