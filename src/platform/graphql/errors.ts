/**
 * What leaves the server when a field fails. Developers get a stable code and the request id; what
 * went wrong inside stays in the log.
 */
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { InvalidCursor } from '../db/page.js';
import { DomainError, RateLimited } from '../errors.js';
import type { Logger } from '../logger.js';
import { limitCode, TOO_DEEP } from './limits/limit-error.js';

/** Codes of `errors[].extensions.code` that a client must fix or wait for; all others are faults. */
const SHOWN = new Set([
  'GRAPHQL_PARSE_FAILED',
  'GRAPHQL_VALIDATION_FAILED',
  'BAD_USER_INPUT',
  'BAD_REQUEST',
  'OPERATION_RESOLUTION_FAILURE',
  'PERSISTED_QUERY_NOT_FOUND',
  'PERSISTED_QUERY_NOT_SUPPORTED',
  'UNAUTHENTICATED',
  'INSUFFICIENT_SCOPE',
  'FORBIDDEN',
  'RATE_LIMITED',
  'COST_LIMIT_EXCEEDED',
  'DEPTH_LIMIT_EXCEEDED',
  'INVALID_CURSOR',
  'SERVICE_UNAVAILABLE',
]);

const MAX_MESSAGE_LENGTH = 400;

/** Shapes one error for the client, and logs it when it is a fault. */
export function formatGraphQLError(
  formatted: GraphQLFormattedError,
  error: unknown,
  log: Logger,
  requestId: string,
): GraphQLFormattedError {
  const cause = error instanceof GraphQLError ? (error.originalError ?? error) : error;
  const translated = translate(cause);
  if (translated)
    return shape(formatted, translated.message, { ...translated.extensions, requestId });
  const code = limitCode(error) ?? formatted.extensions?.['code'];
  if (typeof code === 'string' && SHOWN.has(code)) {
    const { stacktrace: _, ...extensions } = formatted.extensions ?? {};
    // Apollo's parser says of a document that is nested too deeply what the engine says of its stack.
    const message =
      innermost(error) instanceof RangeError ? TOO_DEEP : withoutSuggestions(formatted.message);
    return shape(formatted, message, {
      ...extensions,
      code,
      requestId,
    });
  }
  if (isBadRequest(error)) {
    return shape(formatted, formatted.message, { code: 'BAD_REQUEST', requestId });
  }
  log.error({ err: cause, path: formatted.path }, 'resolver failed');
  return shape(formatted, 'Something went wrong on this server.', {
    code: 'INTERNAL_SERVER_ERROR',
    requestId,
  });
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
  readonly extensions: Record<string, unknown>;
}

/** Refusals that reached the top level: a query's arguments, or a command outside of a mutation. */
function translate(cause: unknown): Translated | null {
  if (cause instanceof InvalidCursor) {
    return { message: cause.message, extensions: { code: 'INVALID_CURSOR' } };
  }
  if (cause instanceof RateLimited) {
    return {
      message: cause.message,
      extensions: { code: 'RATE_LIMITED', retryAfter: cause.retryAfterSeconds },
    };
  }
  if (cause instanceof DomainError) {
    const code = cause.code === 'FORBIDDEN' ? 'FORBIDDEN' : 'BAD_USER_INPUT';
    return {
      message: cause.message,
      extensions: { code, reason: cause.code, path: cause.inputPath },
    };
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
    message: message.slice(0, MAX_MESSAGE_LENGTH),
    ...(locations && { locations }),
    ...(path && { path }),
    extensions,
  };
}

function withoutSuggestions(message: string): string {
  return message.replace(/ Did you mean .*$/s, '');
}
