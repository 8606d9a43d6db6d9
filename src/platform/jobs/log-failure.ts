/** What the log says of a job that failed. */
import { OutsideUnavailable } from '../outside-unavailable.js';
import type { Logger } from '../logger.js';

/** Codes of what goes wrong on the way to others, in this process' own words. */
const NETWORK_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'ETIMEDOUT',
]);

/** Others being out of reach is ordinary, and no fault of the code: one line of warning. Anything else comes with its stack. */
export function logFailure(log: Logger, error: unknown): void {
  const failure = outsideFailure(error);
  if (failure === null) log.error({ err: error }, 'job failed');
  else log.warn({ failure }, 'job failed: somebody else is out of reach');
}

function outsideFailure(error: unknown): string | null {
  if (error instanceof OutsideUnavailable) return error.failure;
  if (!(error instanceof Error) || !('code' in error)) return null;
  return typeof error.code === 'string' && NETWORK_CODES.has(error.code) ? error.code : null;
}
