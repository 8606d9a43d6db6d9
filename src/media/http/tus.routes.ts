/**
 * `/uploads/tus/<ticket>`: one declared file by the tus protocol 1.0.0, so that it survives broken lines and restarts.
 * The address is the upload already: a client reads its offset (HEAD) and sends on (PATCH). Creating it (POST to the
 * same address) is answered too, for clients that insist.
 *
 * @source https://tus.io/protocols/resumable-upload
 */
import { open, rm } from 'node:fs/promises';
import { Router, type Request, type Response } from 'express';
import type { Services } from '../../platform/context.js';
import { cancelTicket } from '../cancel-upload.js';
import { resumableFile } from '../internal/upload-directory.js';
import { findUpload, type OpenUpload } from '../receive-upload.js';
import { createTusServer, type TusServer } from './tus-server.js';
import { refuse, requireOpen, requireTicket, UploadRefused } from './upload-refused.js';

const TUS_VERSION = '1.0.0';

/** Routes below /uploads/tus. */
export function tusRoutes(services: Services): Router {
  const router = Router();
  const tus = createTusServer(services);
  router.all('/:ticket', async (request, response) => {
    response.setHeader('Tus-Resumable', TUS_VERSION);
    response.setHeader('Cache-Control', 'no-store');
    try {
      await answer(services, tus, request, response);
    } catch (error) {
      if (!(error instanceof UploadRefused)) throw error;
      refuse(services.config, request, response, error);
    }
  });
  return router;
}

async function answer(
  services: Services,
  tus: TusServer,
  request: Request,
  response: Response,
): Promise<void> {
  const token = String(request.params['ticket']);
  await tus.finishing(token);
  const upload = requireTicket(await findUpload(services, token), 'TUS');
  switch (request.method) {
    case 'HEAD':
      return tellOffset(services, tus, token, upload, request, response);
    case 'PATCH':
      await openUpload(services, upload, response);
      return tus.handle(upload, request, response);
    case 'POST':
      await openUpload(services, upload, response);
      return create(services, token, upload, request, response);
    case 'DELETE':
      requireOpen(upload, services.clock.now());
      await cancelTicket(services, token);
      response.status(204).end();
      return;
    default:
      response.setHeader('Allow', 'HEAD, PATCH, POST, DELETE');
      throw new UploadRefused(
        405,
        'METHOD_NOT_ALLOWED',
        'Send this upload by tus 1.0.0: HEAD, then PATCH.',
      );
  }
}

/**
 * A client that lost the last answer, or whose server died with all bytes on disk, must learn that it is done: what
 * is complete is finished first, and what is finished has its whole length as its offset.
 */
async function tellOffset(
  services: Services,
  tus: TusServer,
  token: string,
  upload: OpenUpload,
  request: Request,
  response: Response,
): Promise<void> {
  if (upload.state !== 'RECEIVED') {
    const sizeBytes = await openUpload(services, upload, response);
    if (sizeBytes >= Number(upload.declaredBytes)) await tus.finish(token, upload);
    else if (!(await isFinishedMeanwhile(services, tus, token, upload)))
      return tus.handle(upload, request, response);
  }
  response.setHeader('Upload-Offset', upload.declaredBytes);
  response.setHeader('Upload-Length', upload.declaredBytes);
  response.status(200).end();
}

/** Another request may have finished the upload since it was looked up; the file that was opened is then a new one. */
async function isFinishedMeanwhile(
  services: Services,
  tus: TusServer,
  token: string,
  { digest }: OpenUpload,
): Promise<boolean> {
  await tus.finishing(token);
  const { state } = requireTicket(await findUpload(services, token), 'TUS');
  if (state === 'RECEIVED') await rm(resumableFile(services.config, digest), { force: true });
  return state === 'RECEIVED';
}

/** Makes sure that a ticket still takes bytes and has its file; the bytes it has. */
async function openUpload(
  services: Services,
  upload: OpenUpload,
  response: Response,
): Promise<number> {
  requireOpen(upload, services.clock.now());
  response.setHeader('Upload-Expires', upload.expiresAt.toUTCString());
  await using file = await open(resumableFile(services.config, upload.digest), 'a', 0o600);
  return (await file.stat()).size;
}

/** Nothing is made: the ticket is the upload. Metadata are ignored, they were declared with the ticket. */
function create(
  services: Services,
  token: string,
  upload: OpenUpload,
  request: Request,
  response: Response,
): void {
  if (request.headers['tus-resumable'] !== TUS_VERSION) {
    throw new UploadRefused(412, 'BAD_REQUEST', `Send the header Tus-Resumable: ${TUS_VERSION}.`);
  }
  if (request.headers['upload-length'] !== upload.declaredBytes) {
    throw new UploadRefused(
      400,
      'BAD_REQUEST',
      `Upload-Length must be the ${upload.declaredBytes} declared bytes.`,
    );
  }
  response.setHeader('Location', new URL(`/uploads/tus/${token}`, services.config.publicUrl).href);
  response.status(201).end();
}
