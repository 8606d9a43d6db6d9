/**
 * `GET /media/<id>/<rendition>`: renditions, never originals. What may not be fetched looks exactly
 * like what is not there.
 */
import path from 'node:path';
import { Router, type Request, type Response } from 'express';
import { answerError } from '../../platform/answer-error.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { parseGlobalId } from '../../platform/ids.js';
import { remoteVideoRoutes } from './remote/remote-video.routes.js';
import { RemoteMediaAwaiter } from './await-remote-media.js';
import { answerMissing, serveObject } from './serve-object.js';
import { leadsToOthers, servePlaylist } from './serve-playlist.js';
import { isStillShown, type MaySee } from './may-see.js';
import {
  isFormerFileName,
  keptName,
  PLAYLIST,
  readSigned,
  renditionFileName,
  type SignedTerm,
} from '../media-url.js';
import type { RemoteMediaUses } from '../remote-media-uses.js';
import type { MediaAccess, MediaId } from '../media.entity.js';

interface ServedRendition {
  readonly name: string;
  readonly access: MediaAccess;
  readonly version: number;
  readonly mimeType: string;
  readonly sizeBytes: string;
  /** Null: another server has it, and it was dropped here. */
  readonly key: string | null;
  /** Last noted use of what another server has; null for all else. */
  readonly usedAt: Date | null;
  /** Of a video of this server; null for all else. */
  readonly durationMs: number | null;
}

type StoredRendition = AllowedRendition & { readonly key: string };

const FIND = statement(
  'renditions.served',
  `select r.name, r.version, m.access, r.mime_type as "mimeType", r.size_bytes::text as "sizeBytes", r.storage_key as key,
     c.used_at as "usedAt", (m.video ->> 'durationMs')::float8 as "durationMs"
   from renditions r join media m on m.id = r.media_id left join actors owner on owner.id = m.owner_id
     left join remote_media c on c.media_id = m.id
   where r.media_id = $1 and r.name = $2 and m.state = 'READY' and m.deleted_at is null
     and (owner.id is null or owner.status not in ('SUSPENDED', 'DELETED'))`,
);

/** Long enough to spare traffic, short enough that what was deleted or suspended leaves the caches of others. */
const PUBLIC_CACHE = 'public, max-age=86400, immutable';
const PRIVATE_CACHE = 'private, max-age=300';
/** Further qualities join a playlist under the same address, and an old address of a still picture gives the new one. */
const CHANGING_CACHE = 'public, max-age=60';
const COME_BACK_SECONDS = 10;

/** What one process remembers of its requests for media. */
interface Memory {
  readonly uses: RemoteMediaUses;
  readonly awaiter: RemoteMediaAwaiter;
  readonly maySee: MaySee;
}

/** Routes below /media. */
export function mediaRoutes(services: Services, uses: RemoteMediaUses, maySee: MaySee): Router {
  const router = Router();
  const memory = { uses, awaiter: new RemoteMediaAwaiter(services), maySee };
  router.use(remoteVideoRoutes(services, maySee));
  router.get('/:id/:file', async (request, response) => {
    await serve(services, memory, request, response);
  });
  return router;
}

async function serve(
  services: Services,
  memory: Memory,
  request: Request,
  response: Response,
): Promise<void> {
  const rendition = await findAllowed(services, memory.maySee, request);
  if (!rendition) {
    answerMissing(services.config, response);
    return;
  }
  const { mediaId, key, usedAt } = rendition;
  if (key === null) await serveDropped(services, memory, mediaId, request, response);
  else {
    if (usedAt) memory.uses.note(mediaId, usedAt);
    await serveStored(services, { ...rendition, key }, request, response);
  }
}

async function serveDropped(
  services: Services,
  { awaiter, maySee }: Memory,
  mediaId: MediaId,
  request: Request,
  response: Response,
): Promise<void> {
  const delay = await awaiter.fetch(mediaId, request.ip ?? null);
  const rendition = delay === null ? await findAllowed(services, maySee, request) : null;
  if (rendition?.key) {
    await serveStored(services, { ...rendition, key: rendition.key }, request, response);
    return;
  }
  const message = 'The server that has it does not give it now. Try again later.';
  const retryAfter = delay ?? COME_BACK_SECONDS;
  const refusal = { status: 503, code: 'SERVICE_UNAVAILABLE', message, retryAfter } as const;
  answerError(services.config, response, refusal);
}

async function serveStored(
  services: Services,
  rendition: StoredRendition,
  request: Request,
  response: Response,
): Promise<void> {
  setHeaders(response, rendition);
  const { term } = rendition;
  if (term !== null && leadsToOthers(rendition))
    await servePlaylist(services, { ...rendition, term }, request, response);
  else await serveObject(services, rendition, request, response);
}

type AllowedRendition = ServedRendition & {
  readonly mediaId: MediaId;
  /** Of the signature; null: everybody may fetch it. */
  readonly term: SignedTerm | null;
  /** What browsers call the copy that they keep of it; null: they show it. */
  readonly savedAs: string | null;
  /** It was asked for by an address that it had before it was replaced. */
  readonly isFormer: boolean;
};

async function findAllowed(
  services: Services,
  maySee: MaySee,
  request: Request,
): Promise<AllowedRendition | null> {
  const parsed = parseGlobalId(String(request.params['id']));
  const file = String(request.params['file']);
  if (parsed?.kind !== 'media') return null;
  const mediaId = parsed.id as MediaId;
  const name = file.split('.')[0] ?? '';
  const rendition = await services.database.row<ServedRendition>(FIND, [mediaId, name]);
  if (!rendition) return null;
  const isFormer = isFormerFileName(file, rendition);
  if (!isFormer && renditionFileName(rendition) !== file) return null;
  const { query } = request;
  const savedAs =
    query['download'] === undefined ? null : `${String(request.params['id'])}-${file}`;
  const isOpen = rendition.access === 'PUBLIC' && savedAs === null;
  if (isOpen) return { ...rendition, mediaId, term: null, savedAs, isFormer };
  const term = readSigned(services, mediaId, savedAs === null ? name : keptName(name), query);
  if (!term || !(await isStillShown(maySee, mediaId, term))) return null;
  return { ...rendition, access: 'PRIVATE', mediaId, term, savedAs, isFormer };
}

function setHeaders(response: Response, rendition: StoredRendition): void {
  response.setHeader('Content-Type', rendition.mimeType);
  const { savedAs } = rendition;
  const disposition = savedAs === null ? 'inline' : `attachment; filename="${savedAs}"`;
  response.setHeader('Content-Disposition', disposition);
  response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  response.setHeader('Cache-Control', cachingOf(rendition));
  response.setHeader('ETag', `"${path.posix.basename(rendition.key)}"`);
}

function cachingOf({ access, mimeType, isFormer }: StoredRendition): string {
  if (access !== 'PUBLIC') return PRIVATE_CACHE;
  return mimeType === PLAYLIST || isFormer ? CHANGING_CACHE : PUBLIC_CACHE;
}
