/** What a hub refuses, in the words in which this server would have refused it. */
import {
  Conflict,
  Forbidden,
  Invalid,
  NotFound,
  RateLimited,
  TooMany,
  type DomainError,
} from '../../../platform/errors.js';
import type { PeerAnswer } from '../../../platform/peers.js';
import {
  ConversationExists,
  EpochTooOld,
  MlsMismatch,
  StaleEpoch,
  WelcomeRefused,
} from '../../mls.errors.js';
import { bytesIn, countIn, listIn, textIn, type Json } from './read-json.js';

const MESSAGE_LENGTH = 300;
const PATH = { items: 6, length: 40 };
const REF_BYTES = 64;
const MOST_REFS = 1000;
const LONGEST_WAIT = 24 * 3600;
/** With these a server refuses what was asked, and not whoever asks. */
const REFUSING = new Set([400, 403, 404, 409, 410, 413, 422, 429]);

/** Null for an answer that is no refusal: then nobody knows what became of it. */
export function refusalOf(
  { status, retryAfter }: PeerAnswer,
  said: Json | null,
): DomainError | null {
  const code = textIn(said?.['code'], PATH.length);
  if (!said || code === null || !REFUSING.has(status)) return null;
  const make = Object.hasOwn(MAKERS, code) ? MAKERS[code] : undefined;
  return make?.(said, retryAfter) ?? null;
}

type Maker = (said: Json, retryAfter: string | null) => DomainError;

const MAKERS: Readonly<Record<string, Maker>> = {
  NOT_FOUND: (said) => new NotFound(pathOf(said)),
  FORBIDDEN: (said) => new Forbidden(messageOf(said), 'FORBIDDEN', pathOf(said)),
  BLOCKED: (said) => new Forbidden(messageOf(said), 'BLOCKED', pathOf(said)),
  INVALID_INPUT: (said) => new Invalid(messageOf(said), pathOf(said), 'HUB'),
  LIMIT_EXCEEDED: (said) => new TooMany(messageOf(said), countIn(said['limit']) ?? 0, pathOf(said)),
  RATE_LIMITED: (said, retryAfter) => new RateLimited(waitOf(said, retryAfter)),
  IDEMPOTENCY_KEY_REUSED: (said) =>
    new Conflict(messageOf(said), 'IDEMPOTENCY_KEY_REUSED', ['clientMessageId']),
  // What was missed is added by who catches up.
  STALE_EPOCH: (said) => new StaleEpoch(epochOf(said), []),
  EPOCH_TOO_OLD: (said) => new EpochTooOld(epochOf(said)),
  MLS_MISMATCH: (said) => new MlsMismatch(messageOf(said), pathOf(said), epochOf(said)),
  MISSING_WELCOME: (said) => new WelcomeRefused(messageOf(said), 'MISSING_WELCOME', pathOf(said)),
  UNKNOWN_KEY_PACKAGE: (said) =>
    new WelcomeRefused(messageOf(said), 'UNKNOWN_KEY_PACKAGE', pathOf(said), refsOf(said)),
  ALREADY_EXISTS: (said) => new ConversationExists(null, pathOf(said)),
};

function messageOf(said: Json): string {
  return textIn(said['message'], MESSAGE_LENGTH) ?? 'The server of the conversation refuses it.';
}

function pathOf(said: Json): string[] {
  return listIn(said['path'])
    .slice(0, PATH.items)
    .map((step) => textIn(step, PATH.length))
    .filter((step) => step !== null);
}

function epochOf(said: Json): number {
  return countIn(said['currentEpoch']) ?? 0;
}

function refsOf(said: Json): Buffer[] {
  return listIn(said['refs'])
    .slice(0, MOST_REFS)
    .map((ref) => bytesIn(ref, REF_BYTES))
    .filter((ref) => ref !== null);
}

function waitOf(said: Json, retryAfter: string | null): number {
  const seconds = countIn(said['retryAfter']) ?? Number.parseInt(retryAfter ?? '', 10);
  return seconds >= 1 ? Math.min(seconds, LONGEST_WAIT) : 1;
}
