/**
 * What is wrong with a request, for whoever wrote the client: the same codes and the same shape over HTTP and WebSocket,
 * on /graphql and on every other route. What a person can mend is in `userErrors` of a mutation instead.
 */
import type { Config } from './config.js';
import { currentRequestId } from './logger.js';

/** Codes of `errors[].extensions.code`: what each means, and what to do. Additions are not breaking. */
export const REQUEST_ERRORS = {
  GRAPHQL_PARSE_FAILED: 'The document is not GraphQL. The message says where.',
  GRAPHQL_VALIDATION_FAILED:
    'The document does not fit the schema. Compare it with /graphql/schema.graphql.',
  BAD_USER_INPUT:
    'A variable, an argument or the document itself breaks a rule. `reason` and `path` say which, where there are any.',
  BAD_REQUEST:
    'The request is not in the form that this route reads. The message says what is wrong.',
  OPERATION_RESOLUTION_FAILURE:
    'The document has several operations and `operationName` names none of them.',
  PERSISTED_QUERY_NOT_FOUND:
    'The server does not know a document of this hash. Send it again together with its text.',
  PERSISTED_QUERY_NOT_SUPPORTED: 'Documents cannot be sent by their hash here.',
  UNAUTHENTICATED:
    'A valid token is needed: there is none, or it has ended. Sign in, and send it as `Authorization: Bearer`.',
  INSUFFICIENT_SCOPE:
    'The token may not do this. `requiredScopes` has the scopes of which one is needed.',
  FORBIDDEN: 'The account may not do this.',
  NOT_FOUND:
    'There is no such thing, or none that may be seen with this token, ticket or signature.',
  METHOD_NOT_ALLOWED:
    'The route does not take this method. The header Allow names those that it takes.',
  CONFLICT:
    'The state has changed in a way that rules this out, or another request is doing the same.',
  EXPIRED: 'The ticket is no longer valid. Create another upload.',
  TOO_LARGE: 'More bytes than are allowed, or than were declared.',
  UNSUPPORTED_MEDIA: 'Send the bytes in another form. The message says in which.',
  CHECKSUM_MISMATCH: 'The bytes differ from the declared SHA-256. Send them again from the start.',
  RANGE_NOT_SATISFIABLE: 'The object has no such range. The header Content-Range has its size.',
  RATE_LIMITED: 'Too much within the hour. Try again after `retryAfter` seconds.',
  COST_LIMIT_EXCEEDED:
    'The operation asks for more than one may. Ask for smaller pages or for less in each.',
  DEPTH_LIMIT_EXCEEDED: 'The document is nested too deeply.',
  INVALID_CURSOR:
    'The cursor is not one of this list, or what it names is gone. Begin without one.',
  SERVICE_UNAVAILABLE:
    'The server cannot do this at the moment. Try again, after `retryAfter` seconds where it is given; what creates something with the same `idempotencyKey`, as only the answer may be missing.',
  INTERNAL_SERVER_ERROR: 'A fault of the server. Its log has the reason under `requestId`.',
} as const;

/** One of the codes. */
export type RequestErrorCode = keyof typeof REQUEST_ERRORS;

/** Where the codes are explained, on every server. */
export const ERROR_DOCS_PATH = '/graphql/errors';

/** What all refusals say beside their code. */
type DocsOf = Pick<Config, 'publicUrl'>;

/** Whether a code is one of the list. */
export function isRequestErrorCode(code: unknown): code is RequestErrorCode {
  return typeof code === 'string' && Object.hasOwn(REQUEST_ERRORS, code);
}

/** `extensions` of one error. */
export function errorExtensions(
  { publicUrl }: DocsOf,
  code: RequestErrorCode,
  requestId: string,
): Readonly<Record<'code' | 'requestId' | 'docsUrl', string>> {
  return { code, requestId, docsUrl: new URL(`${ERROR_DOCS_PATH}#${code}`, publicUrl).href };
}

/** A refusal of a request outside of GraphQL. */
export interface RefusedRequest {
  readonly code: RequestErrorCode;
  /** For developers, in English; safe to show. */
  readonly message: string;
  /** Seconds after which a repeat makes sense. */
  readonly retryAfter?: number;
}

/** The body that answers it: what /graphql answers, too. */
export function errorBody(
  docs: DocsOf,
  { code, message, ...more }: RefusedRequest,
  requestId = currentRequestId() ?? '',
): object {
  return {
    errors: [{ message, extensions: { ...errorExtensions(docs, code, requestId), ...more } }],
  };
}
