/** Refusals of the upload routes, and how a client gets to read them while it is still sending. */
import type { Request, Response } from 'express';
import { Conflict } from '../../platform/errors.js';
import type { Logger } from '../../platform/logger.js';
import { isStorageOutage } from '../../platform/storage/storage-error.js';
import type { OpenUpload } from '../receive-upload.js';

/** A refusal of an upload request. */
export class UploadRefused extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    /** Stable, for machines. */
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** The answer's body: JSON. */
export function refusalBody({ code, message }: Pick<UploadRefused, 'code' | 'message'>): object {
  return { error: { code, message } };
}

/** What becomes of an error while a complete file was stored: a refusal, or the error itself if it is a fault. */
export function asRefusal(error: unknown, log: Logger): unknown {
  if (error instanceof Conflict) return new UploadRefused(409, 'CONFLICT', error.message);
  if (!isStorageOutage(error)) return error;
  log.error({ err: error }, 'an upload could not be stored');
  return new UploadRefused(503, 'UNAVAILABLE', 'The file cannot be stored now. Try again later.');
}

/** Answers with a refusal. The rest of the body is not read: the connection ends with the answer. */
export function refuse(request: Request, response: Response, refusal: UploadRefused): void {
  if (response.headersSent || response.destroyed) return;
  if (!request.complete) response.setHeader('Connection', 'close');
  response.status(refusal.status).json(refusalBody(refusal));
}

/** The ticket for this protocol, whatever became of it. @throws {UploadRefused} 404 */
export function requireTicket(
  upload: OpenUpload | null,
  protocol: OpenUpload['protocol'],
): OpenUpload {
  if (upload?.protocol === protocol) return upload;
  throw new UploadRefused(404, 'NOT_FOUND', 'No such upload.');
}

/** A ticket that still takes bytes. @throws {UploadRefused} 409 when it was used, 410 when it ran out */
export function requireOpen(upload: OpenUpload, now: Date): OpenUpload {
  if (upload.state === 'RECEIVED') {
    throw new UploadRefused(409, 'CONFLICT', 'This ticket was used already.');
  }
  if (upload.state !== 'OPEN' || upload.expiresAt <= now) {
    throw new UploadRefused(
      410,
      'EXPIRED',
      'This ticket is no longer valid: create another upload.',
    );
  }
  return upload;
}
