/** Refusals of the upload routes, and how a client gets to read them while it is still sending. */
import type { Request, Response } from 'express';
import { answerError } from '../../platform/answer-error.js';
import type { Config } from '../../platform/config.js';
import { Conflict } from '../../platform/errors.js';
import type { Logger } from '../../platform/logger.js';
import type { RequestErrorCode } from '../../platform/request-errors.js';
import { isStorageOutage } from '../../platform/storage/storage-error.js';
import { isDiskFull } from '../../platform/system-error.js';
import type { OpenUpload } from '../receive-upload.js';

/** A refusal of an upload request. */
export class UploadRefused extends Error {
  constructor(
    /** HTTP status. */
    readonly status: number,
    readonly code: RequestErrorCode,
    message: string,
    /** Seconds after which a repeat makes sense. */
    readonly retryAfter?: number,
  ) {
    super(message);
  }
}

/** What becomes of an error while a file was taken in or stored: a refusal, or the error itself if it is a fault. */
export function asRefusal(error: unknown, log: Logger): unknown {
  if (error instanceof Conflict) return new UploadRefused(409, 'CONFLICT', error.message);
  if (!isStorageOutage(error) && !isDiskFull(error)) return error;
  log.error({ err: error }, 'an upload could not be stored');
  const message = 'The file cannot be stored now. Try again later.';
  return new UploadRefused(503, 'SERVICE_UNAVAILABLE', message, 30);
}

/** Answers with a refusal. The rest of the body is not read: the connection ends with the answer. */
export function refuse(
  config: Pick<Config, 'publicUrl'>,
  request: Request,
  response: Response,
  refusal: UploadRefused,
): void {
  if (response.headersSent || response.destroyed) return;
  if (!request.complete) response.setHeader('Connection', 'close');
  const { status, code, message, retryAfter } = refusal;
  answerError(config, response, { status, code, message, ...(retryAfter && { retryAfter }) });
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
