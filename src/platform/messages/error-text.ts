/** What a refusal says to a person: of the case at hand, or where a language lacks words for that, of its kind. */
import {
  Invalid,
  QuotaExceeded,
  RateLimited,
  type DomainError,
  type ErrorCode,
} from '../errors.js';
import { quotaText, rateText } from './amounts.js';
import {
  CATALOGUES,
  formatMessage,
  ownWords,
  type Locale,
  type MessageKey,
  type MessageValues,
} from './catalogue.js';
import { REFUSALS } from './refusals.js';

/** Codes that say no more than that a rule is broken. */
const RULE_CODES: ReadonlySet<ErrorCode> = new Set(['INVALID_INPUT', 'LIMIT_EXCEEDED']);

/** The message of a refusal in a language; names nothing that the English one does not. */
export function errorText(locale: Locale, error: DomainError): string {
  if (locale === 'en') return error.message;
  if (error instanceof RateLimited) return rateText(locale, error.retryAfterSeconds);
  if (error instanceof QuotaExceeded)
    return quotaText(locale, error.entitlement, error.limit, error.used);
  return (
    ruleText(locale, error) ??
    REFUSALS[locale]?.[error.message] ??
    formatMessage(locale, `error.${error.code}`)
  );
}

/** Null when the error breaks no rule that has a message, or lacks the bound that the message needs. */
function ruleText(locale: Locale, error: DomainError): string | null {
  if (!(error instanceof Invalid) || !RULE_CODES.has(error.code)) return null;
  const key = `rule.${error.constraint}`;
  if (!isMessage(key)) return null;
  const limit = error.limit === null ? null : boundOf(locale, error.limit);
  const isMissing = limit === null && CATALOGUES.en[key].includes('{limit');
  const isUncountable = typeof limit !== 'number' && CATALOGUES.en[key].includes('{limit, plural');
  return isMissing || isUncountable
    ? null
    : formatMessage(locale, key, limit === null ? {} : { limit });
}

/** Numbers and ranges of numbers are the server's own; any other bound is a text. */
function boundOf(locale: Locale, limit: string): MessageValues[string] {
  const range = /^(-?\d+)(?:\.\.|–)(-?\d+)$/.exec(limit);
  if (range)
    return ownWords(new Intl.NumberFormat(locale).formatRange(Number(range[1]), Number(range[2])));
  return /^-?\d+$/.test(limit) ? Number(limit) : limit;
}

function isMessage(key: string): key is MessageKey {
  return key in CATALOGUES.en;
}
