/** What answers when no route did: nothing is there, a body cannot be read, or a route failed. */
import type { ErrorRequestHandler, RequestHandler } from 'express';
import { answerError } from '../platform/answer-error.js';
import type { Config } from '../platform/config.js';
import { DatabaseBusy } from '../platform/db/database-busy.js';
import type { Services } from '../platform/context.js';
import type { RequestErrorCode } from '../platform/request-errors.js';

/** Answers whatever came so far. */
export function notFound(config: Config): RequestHandler {
  return (_request, response) => {
    answerError(config, response, { status: 404, code: 'NOT_FOUND', message: 'Not found.' });
  };
}

/** Bodies that cannot be read, and faults of routes. Express calls it for its four parameters. */
export function requestFailed({
  config,
  log,
}: Pick<Services, 'config' | 'log'>): ErrorRequestHandler {
  return (error: { status?: number; type?: string }, _request, response, next) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    if (error instanceof DatabaseBusy) {
      log.warn({ err: error }, 'no connection became free');
      const { message, retryAfterSeconds: retryAfter } = error;
      answerError(config, response, { ...BUSY, message, retryAfter });
      return;
    }
    const status = error.status ?? 500;
    if (status >= 500) log.error({ err: error }, 'request failed');
    const [code, message]: readonly [RequestErrorCode, string] =
      status < 500 ? (REFUSALS[error.type ?? ''] ?? BAD_REQUEST) : FAULT;
    answerError(config, response, { status, code, message });
  };
}

const BUSY = { status: 503, code: 'SERVICE_UNAVAILABLE' } as const;
const BAD_REQUEST = ['BAD_REQUEST', 'Bad request.'] as const;
const FAULT = ['INTERNAL_SERVER_ERROR', 'Something went wrong on this server.'] as const;
const ENCODED = ['UNSUPPORTED_MEDIA', 'Send UTF-8 JSON without a content encoding.'] as const;

/** By the kind of error that the reader of bodies gives. */
const REFUSALS: Readonly<Record<string, readonly [code: RequestErrorCode, message: string]>> = {
  'entity.parse.failed': ['BAD_REQUEST', 'The body is not valid JSON.'],
  'entity.too.large': ['TOO_LARGE', 'The body is too large.'],
  'charset.unsupported': ENCODED,
  'encoding.unsupported': ENCODED,
};
