/**
 * `GET /media/<id>/remote/…`: videos of other servers, their playlists and captions, passed on so that nobody's network
 * address goes there. Nothing is asked for without a signature of this server over its address, and nothing is stored.
 */
import { Router, type Request, type Response } from 'express';
import { answerError } from '../../../platform/answer-error.js';
import { addressKey } from '../../../platform/client-address.js';
import type { Services } from '../../../platform/context.js';
import { OutsideUnavailable } from '../../../platform/outside-unavailable.js';
import { parseGlobalId } from '../../../platform/ids.js';
import type { MediaId } from '../../media.entity.js';
import { readSignedRemote, REMOTE_FILES, type RemoteKind } from '../../remote-video-url.js';
import { isStillShown, type MaySee } from '../may-see.js';
import { answerMissing, answerUnsatisfiable } from '../serve-object.js';
import { ByteBudget } from './byte-budget.js';
import { findRemoteVideo } from './find-remote-video.js';
import { KnownTypes } from './known-types.js';
import { VideoRefused } from './open-video.js';
import { RemotePlaces } from './places.js';
import type { RemoteRequest } from './remote-request.js';
import { PlaylistRefused } from './playlist-tags.js';
import { serveCaptions, servePlaylistOf } from './serve-texts.js';
import { serveVideo } from './serve-video.js';

/** Longest address that is kept of a video; those in playlists are relative to one. */
const LONGEST_URL = 4_096;
const COME_BACK_SECONDS = 10;

/** Routes below /media. */
export function remoteVideoRoutes(services: Services, maySee: MaySee): Router {
  const memory = { places: new RemotePlaces(), known: new KnownTypes(), maySee };
  return Router().get('/:id/remote/:file', async (request, response) => {
    await answer(services, memory, request, response);
  });
}

interface Memory {
  readonly places: RemotePlaces;
  readonly known: KnownTypes;
  readonly maySee: MaySee;
}

async function answer(
  services: Services,
  memory: Memory,
  request: Request,
  response: Response,
): Promise<void> {
  const asked = readRequest(services, request);
  const isShown = asked && (await isStillShown(memory.maySee, asked.mediaId, asked.term));
  const video = isShown && (await findRemoteVideo(services.database, asked.mediaId, asked.url));
  if (!asked || !video) {
    answerMissing(services.config, response);
    return;
  }
  const viewer = addressKey(request.ip ?? null);
  const budget = new ByteBudget(services.rateLimiter, viewer);
  const pause = await budget.open();
  const place = pause === null ? memory.places.take(viewer, new URL(asked.url).host) : null;
  if (!place) {
    answerBusy(services, response, pause ?? 1);
    return;
  }
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  place.displaced.addEventListener('abort', () => response.destroy());
  try {
    const { signal } = gone;
    await serve(services, memory.known, {
      ...asked,
      ...video,
      budget,
      place,
      request,
      response,
      signal,
    });
  } catch (error) {
    refuse(services, response, error);
  } finally {
    place.leave();
  }
}

function readRequest(
  services: Services,
  { params, query }: Request,
): Pick<RemoteRequest, 'mediaId' | 'kind' | 'url' | 'term'> | null {
  const parsed = parseGlobalId(String(params['id']));
  const [kind] = KINDS.find(([, file]) => file === params['file']) ?? [];
  const { url } = query;
  if (parsed?.kind !== 'media' || kind === undefined) return null;
  if (typeof url !== 'string' || url.length > LONGEST_URL) return null;
  const mediaId = parsed.id as MediaId;
  const term = readSignedRemote(services, mediaId, { kind, url }, query);
  return term && { mediaId, kind, url, term };
}

const KINDS = Object.entries(REMOTE_FILES) as [RemoteKind, string][];

async function serve(services: Services, known: KnownTypes, asked: RemoteRequest): Promise<void> {
  asked.response.setHeader('Content-Disposition', 'inline');
  asked.response.setHeader('Content-Security-Policy', "default-src 'none'; sandbox");
  asked.response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
  if (asked.kind === 'video') await serveVideo(services, known, asked);
  else if (asked.kind === 'playlist') await servePlaylistOf(services, asked);
  else await serveCaptions(services, asked);
}

/** What cannot be had later either looks like what is not there. */
function refuse(services: Services, response: Response, error: unknown): void {
  if (response.headersSent || response.destroyed) {
    response.destroy();
    return;
  }
  if (error instanceof VideoRefused && error.reason === 'RANGE') {
    if (error.size !== null) response.setHeader('Content-Range', `bytes */${error.size}`);
    answerUnsatisfiable(services.config, response);
  } else if (isTemporary(error)) {
    const message = 'The server that has it does not give it now. Try again later.';
    const refusal = { status: 503, code: 'SERVICE_UNAVAILABLE', message } as const;
    answerError(services.config, response, { ...refusal, retryAfter: COME_BACK_SECONDS });
  } else if (isRefusal(error)) {
    services.log.debug({ err: error }, 'something of another server is not passed on');
    answerMissing(services.config, response);
  } else throw error;
}

function isTemporary(error: unknown): boolean {
  return error instanceof OutsideUnavailable
    ? error.isTemporary
    : error instanceof VideoRefused && error.reason === 'BUSY';
}

function isRefusal(error: unknown): boolean {
  return [OutsideUnavailable, VideoRefused, PlaylistRefused].some((kind) => error instanceof kind);
}

function answerBusy({ config }: Services, response: Response, retryAfter: number): void {
  const message = 'Too many videos of other servers at a time. Try again later.';
  answerError(config, response, { status: 429, code: 'RATE_LIMITED', message, retryAfter });
}
