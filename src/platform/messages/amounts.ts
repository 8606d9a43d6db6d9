/** Amounts as people read them: sizes, waits and used-up entitlements, in each language. */
import type { EntitlementKey } from '../entitlements.js';
import { formatMessage, ownWords, type Locale } from './catalogue.js';

const SIZE_UNITS = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A size in decimal units, such as `40 MB` (`40 Mo` in French). */
export function sizeText(locale: Locale, bytes: bigint): string {
  const thousands = Math.floor((String(bytes).length - 1) / 3);
  const power = Math.min(SIZE_UNITS.length - 1, Math.max(0, thousands));
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: SIZE_UNITS[power],
    unitDisplay: power === 0 ? 'long' : 'short',
    maximumFractionDigits: 1,
  }).format(Number(bytes) / 1000 ** power);
}

/** How long to wait, rounded up, such as `25 minutes`. */
export function waitText(locale: Locale, seconds: number): string {
  const [unit, length] =
    seconds <= MINUTE
      ? (['second', 1] as const)
      : seconds <= HOUR
        ? (['minute', MINUTE] as const)
        : seconds <= 2 * DAY
          ? (['hour', HOUR] as const)
          : (['day', DAY] as const);
  const amount = Math.ceil(seconds / length);
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(amount);
}

/** How long something lasts, such as `180 seconds`. */
function lengthText(locale: Locale, milliseconds: bigint): string {
  return new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'second',
    unitDisplay: 'long',
    maximumFractionDigits: 3,
  }).format(Number(milliseconds) / 1000);
}

/** That something is done too often, and when a repeat makes sense. */
export function rateText(locale: Locale, retryAfterSeconds: number): string {
  const wait = ownWords(waitText(locale, retryAfterSeconds));
  return formatMessage(locale, 'error.RATE_LIMITED', { wait });
}

/** Which entitlement does not suffice. */
export function quotaText(
  locale: Locale,
  entitlement: EntitlementKey,
  limit: bigint,
  used: bigint | null,
): string {
  const key = `quota.${entitlement}` as const;
  if (entitlement.endsWith('_MS'))
    return formatMessage(locale, key, { limit: ownWords(lengthText(locale, limit)) });
  if (!entitlement.endsWith('_BYTES')) return formatMessage(locale, key, { limit: Number(limit) });
  const sizes = {
    limit: ownWords(sizeText(locale, limit)),
    ...(used !== null && { used: ownWords(sizeText(locale, used)) }),
  };
  return formatMessage(locale, key, sizes);
}
