/** What is answered to other servers whose request is not looked at. */
import type { Response } from 'express';
import type { Services } from '../../platform/context.js';
import { BadSignature } from '../internal/http-signature.js';
import { ACCEPT_SIGNATURE } from '../internal/message-signature.js';
import { MalformedDocument } from '../internal/read-document.js';
import { RefusedServer } from '../internal/refused-server.js';
import { TooBusy, TooMany } from '../internal/sender-memory.js';
import { refuse, refuseForNow } from './answers.js';

const BUSY_SECONDS = 30;

/** Answers what the sender has to mend; a fault of ours is thrown on. */
export function refuseSender(
  services: Pick<Services, 'config'>,
  response: Response,
  error: unknown,
): void {
  const { message } = error as Error;
  if (error instanceof MalformedDocument)
    refuse(services, response, 400, { code: 'BAD_REQUEST', message });
  else if (error instanceof RefusedServer)
    refuse(services, response, 403, { code: 'FORBIDDEN', message });
  else if (error instanceof BadSignature) {
    response.set('Accept-Signature', ACCEPT_SIGNATURE);
    refuse(services, response, 401, { code: 'UNAUTHENTICATED', message });
  } else if (error instanceof TooBusy) {
    const retryAfter = BUSY_SECONDS;
    refuseForNow(services, response, 503, { code: 'SERVICE_UNAVAILABLE', message, retryAfter });
  } else if (error instanceof TooMany) {
    const retryAfter = error.retryAfterSeconds;
    refuseForNow(services, response, 429, { code: 'RATE_LIMITED', message, retryAfter });
  } else throw error;
}
