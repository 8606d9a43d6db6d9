/**
 * What leaves the server when a field fails. Developers get a stable code and the request id; what
 * went wrong inside stays in the log.
 */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { DatabaseBusy } from '../db/database-busy.js';
import { InvalidCursor } from '../db/page.js';
import { DomainError, RateLimited } from '../errors.js';
import type { Config } from '../config.js';
import type { Logger } from '../logger.js';
import { errorExtensions, isRequestErrorCode, type RequestErrorCode } from '../request-errors.js';
import { limitCode, TOO_DEEP } from './limits/limit-error.js';

const MAX_MESSAGE_LENGTH = 400;

/** What an error needs to be shaped. */
export interface ErrorSurroundings {
  readonly config: Pick<Config, 'publicUrl'>;
  readonly log: Logger;
  readonly requestId: string;
}

/** Shapes one error for the client, and logs it when it is a fault. */
export function formatGraphQLError(
  formatted: GraphQLFormattedError,
  error: unknown,
  { config, log, requestId }: ErrorSurroundings,
): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const shaped = (message: string, code: RequestErrorCode, more = {}): GraphQLFormattedError =>
    shape(formatted, message, { ...more, ...errorExtensions(config, code, requestId) });
  const translated = translate(cause);
  if (cause instanceof DatabaseBusy) log.warn({ err: cause }, 'no connection was to be had');
  if (translated) return shaped(translated.message, translated.code, translated.more);
  const code = limitCode(error) ?? formatted.extensions?.['code'];
  if (isRequestErrorCode(code) && code !== 'INTERNAL_SERVER_ERROR') {
    const { stacktrace: _, ...more } = formatted.extensions ?? {};
    // Apollo's parser says of a document that is nested too deeply what the engine says of its stack.
    const isTooDeep = innermost(error) instanceof RangeError;
    return shaped(isTooDeep ? TOO_DEEP : withoutSuggestions(formatted.message), code, more);
  }
  if (isBadRequest(error)) return shaped(formatted.message, 'BAD_REQUEST');
  log.error({ err: cause, path: formatted.path }, 'resolver failed');
  return shaped('Something went wrong on this server.', 'INTERNAL_SERVER_ERROR');
}

/**
 * Throws an error on that came before the operation ran, with the HTTP status that it has.
 *
 * @throws {GraphQLError} SERVICE_UNAVAILABLE with 503 where the database had no connection
 */
export function rethrowBeforeOperation(error: unknown): never {
  if (!(error instanceof DatabaseBusy)) throw error;
  const { message, retryAfterSeconds: retryAfter } = error;
  const headers = new Map([['retry-after', String(retryAfter)]]);
  const extensions = { code: 'SERVICE_UNAVAILABLE', retryAfter, http: { status: 503, headers } };
  throw new GraphQLError(message, { extensions });
}

/** What stands below the wrappers that each layer of GraphQL adds. */
function innermost(error: unknown): unknown {
  return error instanceof GraphQLError && error.originalError
    ? innermost(error.originalError)
    : error;
}

/** Requests that Apollo refuses with a 4xx status and without a code, such as a document under a wrong hash. */
function isBadRequest(error: unknown): boolean {
  if (!(error instanceof GraphQLError) || error.originalError || error.path) return false;
  const { code, http } = error.extensions as { code?: string; http?: { status?: number } };
  const status = http?.status ?? 500;
  return code === undefined && status >= 400 && status < 500;
}

interface Translated {
  readonly message: string;
  readonly code: RequestErrorCode;
  readonly more?: Readonly<Record<string, unknown>>;
}

/** Refusals that reached the top level: a query's arguments, or a command outside of a mutation. */
function translate(cause: unknown): Translated | null {
  if (cause instanceof InvalidCursor) return { message: cause.message, code: 'INVALID_CURSOR' };
  if (cause instanceof DatabaseBusy) {
    const { message, retryAfterSeconds: retryAfter } = cause;
    return { message, code: 'SERVICE_UNAVAILABLE', more: { retryAfter } };
  }
  if (cause instanceof RateLimited) {
    const { message, retryAfterSeconds: retryAfter } = cause;
    return { message, code: 'RATE_LIMITED', more: { retryAfter } };
  }
  if (cause instanceof DomainError) {
    const code = cause.code === 'FORBIDDEN' ? 'FORBIDDEN' : 'BAD_USER_INPUT';
    return { message: cause.message, code, more: { reason: cause.code, path: cause.inputPath } };
  }
  return null;
}

function shape(
  formatted: GraphQLFormattedError,
  message: string,
  extensions: Record<string, unknown>,
): GraphQLFormattedError {
  const { locations, path } = formatted;
  return {
    message: message.trim().slice(0, MAX_MESSAGE_LENGTH),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions,
  };
}

function withoutSuggestions(message: string): string {
  return message.replace(/ Did you mean .*$/s, '');
}
