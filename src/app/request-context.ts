/** From a request to the context that commands get: who asks, from where, under which request id. */
import type { IncomingMessage } from 'node:http';
import { randomUUID } from 'node:crypto';
import { GraphQLError } from 'graphql';
import { authenticateToken } from '../accounts/authenticate.js';
import { localeOf } from '../platform/messages/accept-language.js';
import type { CommandContext, Services, Viewer } from '../platform/context.js';

/**
 * Reads `Authorization: Bearer …`; no header is an anonymous request.
 *
 * @throws {GraphQLError} UNAUTHENTICATED, 401, for a token that proves nobody
 * @source RFC 6750 §3.1
 */
export async function authenticate(
  services: Services,
  authorization: string | undefined,
): Promise<Viewer | null> {
  if (authorization === undefined) return null;
  const token = /^Bearer ([\w.~+/=-]{1,512})$/i.exec(authorization.trim())?.[1];
  const viewer = token ? await authenticateToken(services, token) : null;
  if (viewer) return viewer;
  throw new GraphQLError('The token is not valid: sign in again.', {
    extensions: {
      code: 'UNAUTHENTICATED',
      http: {
        status: 401,
        headers: new Map([['www-authenticate', 'Bearer error="invalid_token"']]),
      },
    },
  });
}

/** Makes the command context of a request. What is logged while it is answered carries its id: see `withRequestId`. */
export function toCommandContext(
  services: Services,
  viewer: Viewer | null,
  request: {
    headers: IncomingMessage['headers'];
    clientAddress: string | null;
    requestId?: string;
  },
): CommandContext {
  const requestId = request.requestId ?? randomUUID();
  return {
    ...services,
    viewer,
    requestId,
    clientAddress: request.clientAddress,
    locale: localeOf(request),
    clientName: request.headers['user-agent']?.slice(0, 200) ?? null,
  };
}
