/**
 * `GET /blobs/<token>`: what a client has encrypted, for whoever has the address. It is a secret as long as a key, so
 * devices of people of other servers fetch it without a session. What is gone looks like what never was.
 */
import path from 'node:path';
import { Router, type Request, type Response } from 'express';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { BLOB_TYPE } from '../create-upload.js';
import { answerMissing, serveObject, type ServedObject } from './serve-object.js';

const FIND = statement(
  'blobs.served',
  `select m.original_key as key, m.size_bytes::text as "sizeBytes"
   from blobs b join media m on m.id = b.media_id join actors owner on owner.id = m.owner_id
   where b.token = $1 and m.state = 'READY' and m.deleted_at is null and (b.expires_at is null or b.expires_at > $2)
     and owner.status not in ('SUSPENDED', 'DELETED')`,
);

const TOKEN = /^[\w-]{43}$/;

/** Routes below /blobs. */
export function blobRoutes(services: Services): Router {
  const router = Router();
  router.get('/:token', async (request, response) => {
    const blob = await find(services, request.params.token);
    if (!blob) {
      answerMissing(services.config, response);
      return;
    }
    setHeaders(response, blob);
    await serveObject(services, blob, request, response);
  });
  return router;
}

async function find(
  { database, clock }: Services,
  token: Request['params'][string],
): Promise<ServedObject | null> {
  if (!TOKEN.test(String(token))) return null;
  return database.row<ServedObject>(FIND, [token, clock.now()]);
}

function setHeaders(response: Response, { key }: ServedObject): void {
  response.setHeader('Content-Type', BLOB_TYPE);
  response.setHeader('Content-Disposition', 'attachment');
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  response.setHeader('X-Robots-Tag', 'noindex, nofollow, noarchive');
  // An address is never given to other bytes; only whoever knows it is to keep them.
  response.setHeader('Cache-Control', 'private, max-age=31536000, immutable');
  response.setHeader('ETag', `"${path.posix.basename(key)}"`);
}
