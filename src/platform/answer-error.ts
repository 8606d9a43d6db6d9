/** Answers requests that are refused, on every route but /graphql, which has its own ways to the same shape. */
import type { Response } from 'express';
import type { Config } from './config.js';
import { errorBody, type RefusedRequest } from './request-errors.js';

/** A refusal with its HTTP status. */
export interface RefusedAnswer extends RefusedRequest {
  readonly status: number;
}

const OF_THE_BODY = [
  'ETag',
  'Accept-Ranges',
  'Content-Disposition',
  'Content-Length',
  'Content-Type',
] as const;

/** Answers as JSON, and drops what was said of a body that does not come. Nothing may have been sent yet. */
export function answerError(
  config: Pick<Config, 'publicUrl'>,
  response: Response,
  { status, ...refusal }: RefusedAnswer,
): void {
  for (const name of OF_THE_BODY) response.removeHeader(name);
  if (status !== 416) response.removeHeader('Content-Range');
  if (refusal.retryAfter !== undefined) response.setHeader('Retry-After', refusal.retryAfter);
  response
    .status(status)
    .setHeader('Cache-Control', 'no-store')
    .json(errorBody(config, refusal, String(response.locals['requestId'])));
}
