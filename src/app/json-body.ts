/** How much JSON a request may bring: little from anybody, and more from whoever is signed in. */
import express, { type RequestHandler } from 'express';
import type { Services } from '../platform/context.js';
import { authenticate } from './request-context.js';

const FROM_ANYBODY = 256 * 1024;

/** A commit of a large encrypted group with what belongs to it, in base64. */
const FROM_PEOPLE = '3mb';

/** Reads bodies; a large one is read only once its token has proven somebody. */
export function jsonBody(services: Services): RequestHandler {
  const small = express.json({ limit: FROM_ANYBODY, inflate: false });
  const large = express.json({ limit: FROM_PEOPLE, inflate: false });
  return async (request, response, next) => {
    const isLarge = Number(request.headers['content-length'] ?? 0) > FROM_ANYBODY;
    const read = isLarge && (await isOfSomebody(services, request.headers.authorization));
    (read ? large : small)(request, response, next);
  };
}

/** Who comes with a wrong token is refused by what follows. */
async function isOfSomebody(
  services: Services,
  authorization: string | undefined,
): Promise<boolean> {
  try {
    return (await authenticate(services, authorization)) !== null;
  } catch {
    return false;
  }
}
