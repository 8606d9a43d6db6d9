/**
 * What keeps robots from registering in bulk: the client spends some seconds of computing before the
 * server spends anything. Everything about the puzzle is behind this one interface.
 */
import { createChallenge, randomInt, verifySolution, type Payload } from 'altcha-lib';
import { deriveKey } from 'altcha-lib/algorithms/pbkdf2';
import type { Services } from '../platform/context.js';
import { addSeconds } from '../platform/clock.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { digestToken } from './authenticate.js';

/** A puzzle for a client. */
export interface IssuedChallenge {
  /** JSON of an ALTCHA challenge (version 2), for the `altcha` widget or library. */
  readonly challenge: string;
  readonly expiresAt: Date;
}

/** Issues puzzles and checks their solutions. */
export interface RegistrationChallenge {
  issue(): Promise<IssuedChallenge>;
  /**
   * Whether the text solves a puzzle of this server that has neither expired nor been used. A solution counts
   * once: it is used up when the caller's transaction commits.
   *
   * @param solution base64 of the JSON `{challenge, solution}`, as the ALTCHA widget gives it
   */
  verify(tx: Transaction, solution: string): Promise<boolean>;
}

const LIFETIME_SECONDS = 20 * 60;
/** PBKDF2 rounds of one guess; a phone needs about a millisecond for it. */
const ROUNDS = 1_000;
const FEWEST_GUESSES = 1_500;
const MOST_GUESSES = 4_500;
const MAX_SOLUTION_LENGTH = 4_096;

const USE_UP = statement(
  'one_time_tokens.use_challenge',
  `insert into one_time_tokens (token_digest, purpose, created_at, expires_at, used_at)
   values ($1, 'registration-challenge', $2, $3, $2) on conflict (token_digest) do nothing returning 1`,
);

/** The puzzle that the configuration asks for; null when there is none. */
export function registrationChallenge(
  services: Pick<Services, 'config' | 'sealer' | 'clock'>,
): RegistrationChallenge | null {
  return services.config.registration.challenge === 'none' ? null : proofOfWork(services);
}

/** Proof of work: many key derivations for the client, one signature for the server. */
function proofOfWork({ sealer, clock }: Pick<Services, 'sealer' | 'clock'>): RegistrationChallenge {
  const key = Buffer.from(sealer.deriveKey('registration-challenge'));
  const hmacSignatureSecret = key.subarray(0, 16).toString('hex');
  const hmacKeySignatureSecret = key.subarray(16).toString('hex');
  return {
    issue: async () => {
      const expiresAt = addSeconds(clock.now(), LIFETIME_SECONDS);
      const challenge = await createChallenge({
        algorithm: 'PBKDF2/SHA-256',
        cost: ROUNDS,
        counter: randomInt(MOST_GUESSES, FEWEST_GUESSES),
        deriveKey,
        expiresAt,
        hmacSignatureSecret,
        hmacKeySignatureSecret,
      });
      return { challenge: JSON.stringify(challenge), expiresAt };
    },
    verify: async (tx, solution) => {
      const payload = readPayload(solution);
      const expiresAt = payload?.challenge.parameters.expiresAt;
      if (!payload || !expiresAt || expiresAt * 1000 <= clock.now().getTime()) return false;
      const result = await verifySolution({
        ...payload,
        deriveKey,
        hmacSignatureSecret,
        hmacKeySignatureSecret,
      }).catch(() => null);
      if (!result?.verified) return false;
      const nonce = digestToken(`challenge:${payload.challenge.parameters.nonce}`);
      return (await tx.row(USE_UP, [nonce, clock.now(), new Date(expiresAt * 1000)])) !== null;
    },
  };
}

function readPayload(solution: string): Payload | null {
  if (solution.length > MAX_SOLUTION_LENGTH) return null;
  try {
    const payload = JSON.parse(Buffer.from(solution, 'base64').toString()) as Payload;
    const { parameters } = payload.challenge;
    const isComplete =
      typeof parameters.nonce === 'string' && typeof payload.solution.derivedKey === 'string';
    return isComplete ? payload : null;
  } catch {
    return null;
  }
}
