/** How documents and refusals are answered to other servers. */
import type { Request, Response } from 'express';
import type { Services } from '../../platform/context.js';
import { errorBody, type RefusedRequest } from '../../platform/request-errors.js';
import { ACTIVITY_JSON } from '../addresses.js';

const PRIVATE = 'private, no-store';
/** LASTING is for what never changes. */
const CACHING = {
  PUBLIC: 'public, max-age=180',
  PRIVATE,
  LASTING: 'public, max-age=31536000, immutable',
} as const;
const ACTIVITY_TYPES = ['application/activity+json', 'application/ld+json'];

/** Whether an ActivityStreams document is wanted rather than a page. */
export function wantsDocument(request: Request): boolean {
  const accept = request.headers.accept ?? '';
  return ACTIVITY_TYPES.some((type) => accept.includes(type));
}

/** Whether somebody looks at an address with a browser. */
export function wantsPage(request: Request): boolean {
  return !wantsDocument(request) && (request.headers.accept ?? '').includes('text/html');
}

/**
 * Answers a document. Caches between us and whoever asks may keep what everybody may have, and nothing that was given
 * to somebody in particular.
 */
export function sendDocument(
  response: Response,
  document: object,
  caching: keyof typeof CACHING = 'PUBLIC',
): void {
  response
    .vary('Accept')
    .set({ 'Content-Type': ACTIVITY_JSON, 'Cache-Control': CACHING[caching] })
    .send(JSON.stringify(document));
}

/** Answers a document of another media type, such as that of WebFinger. */
export function sendJson(response: Response, mediaType: string, document: object): void {
  response
    // Pages of other sites may ask, too. @source RFC 7033 §5
    .set({
      'Content-Type': mediaType,
      'Cache-Control': 'public, max-age=180',
      'Access-Control-Allow-Origin': '*',
    })
    .send(JSON.stringify(document));
}

/** Refuses, in the shape of all refusals of this server. */
export function refuse(
  { config }: Pick<Services, 'config'>,
  response: Response,
  status: number,
  refusal: RefusedRequest,
): void {
  response.status(status).set('Cache-Control', PRIVATE).json(errorBody(config, refusal));
}

/** As `refuse`, with when to come back. */
export function refuseForNow(
  services: Pick<Services, 'config'>,
  response: Response,
  status: 429 | 503,
  refusal: RefusedRequest & { readonly retryAfter: number },
): void {
  response.set('Retry-After', String(refusal.retryAfter));
  refuse(services, response, status, refusal);
}

/** What is not there, and what may not be seen. */
export function refuseMissing(services: Pick<Services, 'config'>, response: Response): void {
  refuse(services, response, 404, { code: 'NOT_FOUND', message: 'Not found.' });
}
