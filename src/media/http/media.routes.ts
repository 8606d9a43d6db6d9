/**
 * `GET /media/<id>/<rendition>`: renditions, never originals. What may not be fetched looks exactly
 * like what is not there.
 */
import path from 'node:path';
import { Router, type Request, type Response } from 'express';
import send from 'send';
import type { Config } from '../../platform/config.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { parseGlobalId } from '../../platform/ids.js';
import { answerMissing, answerUnsatisfiable, serveObject } from './serve-object.js';
import { isSigned, renditionFileName } from '../media-url.js';
import type { MediaAccess, MediaId } from '../media.entity.js';

interface ServedRendition {
  readonly name: string;
  readonly access: MediaAccess;
  readonly mimeType: string;
  readonly sizeBytes: string;
  readonly key: string;
}

const FIND = statement(
  'renditions.served',
  `select r.name, m.access, r.mime_type as "mimeType", r.size_bytes::text as "sizeBytes", r.storage_key as key
   from renditions r join media m on m.id = r.media_id left join actors owner on owner.id = m.owner_id
   where r.media_id = $1 and r.name = $2 and m.state = 'READY' and m.deleted_at is null
     and (owner.id is null or owner.status not in ('SUSPENDED', 'DELETED'))`,
);

/** Long enough to spare traffic, short enough that what was deleted or suspended leaves the caches of others. */
const PUBLIC_CACHE = 'public, max-age=86400, immutable';
const PRIVATE_CACHE = 'private, max-age=300';

/** Routes below /media. */
export function mediaRoutes(services: Services): Router {
  const router = Router();
  router.get('/:id/:file', async (request, response) => {
    await serve(services, request, response);
  });
  return router;
}

async function serve(services: Services, request: Request, response: Response): Promise<void> {
  const rendition = await findAllowed(services, request);
  if (!rendition) {
    answerMissing(services.config, response);
    return;
  }
  setHeaders(response, rendition);
  const local = services.storage.localPath(rendition.key);
  if (local !== null) sendFile(services.config, request, response, local);
  else await serveObject(services, rendition, request, response);
}

async function findAllowed(services: Services, request: Request): Promise<ServedRendition | null> {
  const parsed = parseGlobalId(String(request.params['id']));
  const file = String(request.params['file']);
  if (parsed?.kind !== 'media') return null;
  const name = file.split('.')[0] ?? '';
  const rendition = await services.database.row<ServedRendition>(FIND, [parsed.id, name]);
  if (!rendition || renditionFileName(rendition) !== file) return null;
  const isAllowed =
    rendition.access === 'PUBLIC' || isSigned(services, parsed.id as MediaId, name, request.query);
  return isAllowed ? rendition : null;
}

function setHeaders(response: Response, rendition: ServedRendition): void {
  response.setHeader('Content-Type', rendition.mimeType);
  response.setHeader('Content-Disposition', 'inline');
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  response.setHeader('Cache-Control', rendition.access === 'PUBLIC' ? PUBLIC_CACHE : PRIVATE_CACHE);
  response.setHeader('ETag', `"${path.posix.basename(rendition.key)}"`);
}

/** Ranges, If-Range, 304 and 416 as the library does them; keys never change their content. */
function sendFile(
  config: Pick<Config, 'publicUrl'>,
  request: Request,
  response: Response,
  file: string,
): void {
  send(request, path.basename(file), {
    root: path.dirname(file),
    cacheControl: false,
    etag: false,
    dotfiles: 'deny',
  })
    .on('error', (error: { status?: number }) => {
      if (response.headersSent) response.destroy();
      else if (error.status === 416) answerUnsatisfiable(config, response);
      else answerMissing(config, response);
    })
    .pipe(response);
}
