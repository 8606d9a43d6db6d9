/**
 * `PUT /uploads/<ticket>`: the bytes of one declared file. The ticket is the permission, so the
 * request carries no account token.
 */
import path from 'node:path';
import { Router, type Request, type Response } from 'express';
import type { Services } from '../../platform/context.js';
import { tellProgress } from '../internal/tell-progress.js';
import {
  findUpload,
  receiveUpload,
  type OpenUpload,
  type ReceivedFile,
} from '../receive-upload.js';
import { displaced, receiveBody, tooLarge } from './receive-body.js';
import { createTicketLocker, UploadLocked } from './ticket-locker.js';
import { asRefusal, refuse, requireOpen, requireTicket, UploadRefused } from './upload-refused.js';

/** A sender that is silent for so long has gone, or holds the disk on purpose. */
const IDLE_MS = 30_000;

/** Routes below /uploads. */
export function uploadRoutes(services: Services): Router {
  const router = Router();
  const locker = createTicketLocker();
  router.put('/:ticket', async (request, response) => {
    const token = request.params['ticket'];
    const stop = new AbortController();
    const lock = locker.newLock(token);
    try {
      // One body at a time, so that a ticket never takes more of the disk than the quota counts for it.
      await lock.lock(goneSignal(response), () => stop.abort());
      try {
        await receive(services, token, request, stop.signal);
      } finally {
        await lock.unlock();
      }
      response.status(204).end();
    } catch (error) {
      const refusal = error instanceof UploadLocked ? displaced() : error;
      if (!(refusal instanceof UploadRefused)) throw error;
      refuse(services.config, request, response, refusal);
    }
  });
  return router;
}

/** Aborted when the client has gone. */
function goneSignal(response: Response): AbortSignal {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  return gone.signal;
}

async function receive(
  services: Services,
  token: string,
  request: Request,
  stop: AbortSignal,
): Promise<void> {
  const found = requireTicket(await findUpload(services, token), 'PUT');
  const upload = requireOpen(found, services.clock.now());
  const declaredBytes = Number(upload.declaredBytes);
  checkHeaders(request, declaredBytes);
  try {
    await using directory = await services.scratch.directory();
    const place = path.join(directory.path, 'body');
    const file = await saveBody(services, request, upload, { place, stop });
    checkFile(file, upload, declaredBytes);
    await receiveUpload(services, token, upload, file);
  } catch (error) {
    throw asRefusal(error, services.log);
  }
}

function checkHeaders(request: Request, declaredBytes: number): void {
  if (request.headers['content-encoding'] !== undefined) {
    throw new UploadRefused(
      415,
      'UNSUPPORTED_MEDIA',
      'Send the bytes as they are, without a content encoding.',
    );
  }
  const length = request.headers['content-length'];
  if (length !== undefined && Number(length) > declaredBytes) throw tooLarge(declaredBytes);
}

async function saveBody(
  services: Services,
  request: Request,
  upload: OpenUpload,
  { place, stop }: { readonly place: string; readonly stop: AbortSignal },
): Promise<ReceivedFile> {
  const maxBytes = Number(upload.declaredBytes);
  const tell = tellProgress(services, upload.mediaId, 'UPLOAD');
  return receiveBody(request, place, {
    maxBytes,
    idleMs: IDLE_MS,
    stop,
    onProgress: (sizeBytes) => tell((sizeBytes / maxBytes) * 100),
  });
}

function checkFile(file: ReceivedFile, upload: OpenUpload, declaredBytes: number): void {
  if (file.sizeBytes !== declaredBytes) {
    throw new UploadRefused(
      400,
      'BAD_REQUEST',
      `${file.sizeBytes} of ${declaredBytes} declared bytes arrived. Send the file again.`,
    );
  }
  if (upload.declaredSha256 && !upload.declaredSha256.equals(file.sha256)) {
    throw new UploadRefused(
      422,
      'CHECKSUM_MISMATCH',
      'The bytes differ from the declared SHA-256. Send the file again.',
    );
  }
}
