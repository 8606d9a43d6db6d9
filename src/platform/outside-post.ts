/** Posts to addresses that clients have named. Only public ones are reached. */
import { request } from 'node:https';
import type { LookupFunction } from 'node:net';
import {
  checkedLookup,
  ForbiddenAddress,
  isPublicAddress,
  requirePublicHost,
} from './outside-address.js';

/** What is posted. */
export interface OutsideRequest {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Posts and answers the status; redirects are not followed, and the body of the answer is not read. */
export type OutsidePost = (request: OutsideRequest) => Promise<{ readonly status: number }>;

const TIMEOUT_MS = 10_000;

/**
 * Makes the door to the outside; HTTPS only.
 *
 * @param isAllowed decides about each address; other than the default only in tests
 * @param timeoutMs until there is a status; other than the default only in tests
 */
export function createOutsidePost(
  isAllowed = isPublicAddress,
  timeoutMs = TIMEOUT_MS,
): OutsidePost {
  return ({ url, headers, body }) => {
    requireOutside(url, isAllowed);
    return send({ url, headers, body }, checkedLookup(isAllowed), timeoutMs);
  };
}

/**
 * Refuses an address that can never be reached from here.
 *
 * @throws {ForbiddenAddress} for anything but HTTPS, for credentials in it, and for a literal address that is not public
 */
export function requireOutside(url: URL, isAllowed = isPublicAddress): void {
  if (url.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw new ForbiddenAddress('Only https addresses without credentials are reached.');
  requirePublicHost(url, isAllowed);
}

function send(
  { url, headers, body }: OutsideRequest,
  lookup: LookupFunction,
  timeoutMs: number,
): Promise<{ status: number }> {
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const outgoing = request(url, { method: 'POST', headers, lookup, signal, agent: false });
    outgoing.on('response', (response) => {
      response.on('error', () => undefined);
      resolve({ status: response.statusCode ?? 0 });
      response.destroy();
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
