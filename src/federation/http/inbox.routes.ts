/** `POST /inbox` and the inbox of each actor: what other servers send. */
import express, { Router, type Request, type Response } from 'express';
import type { Services } from '../../platform/context.js';
import { acceptActivity } from '../accept-activity.js';
import { BadSignature } from '../internal/http-signature.js';
import { DOCUMENT_LIMITS, MalformedDocument } from '../internal/read-document.js';
import { SenderMemory, TooBusy, TooMany } from '../internal/sender-memory.js';
import { refuse, refuseForNow } from './answers.js';

const TYPES = ['application/activity+json', 'application/ld+json', 'application/json'];

/** Routes of the inboxes; to be mounted at the root. */
export function inboxRoutes(services: Services, memory = new SenderMemory()): Router {
  const router = Router();
  const body = express.raw({ type: TYPES, limit: DOCUMENT_LIMITS.bytes, inflate: false });
  router.post(['/inbox', '/actors/:id/inbox'], body, (request, response) =>
    receive(services, memory, request, response),
  );
  return router;
}

/** Everybody who is on this server is found by what the activity says, not by the inbox that it came to. */
async function receive(
  services: Services,
  memory: SenderMemory,
  request: Request,
  response: Response,
): Promise<void> {
  const body: unknown = request.body;
  if (!Buffer.isBuffer(body)) {
    refuse(services, response, 415, {
      code: 'UNSUPPORTED_MEDIA',
      message: 'Send application/activity+json.',
    });
    return;
  }
  try {
    const { method, originalUrl: target, headers } = request;
    memory.countAddress(request.ip ?? '');
    await acceptActivity(services, memory, { method, target, headers, body });
    response.status(202).end();
  } catch (error) {
    const { message } = error as Error;
    if (error instanceof MalformedDocument)
      refuse(services, response, 400, { code: 'BAD_REQUEST', message });
    else if (error instanceof BadSignature)
      refuse(services, response, 401, { code: 'UNAUTHENTICATED', message });
    else if (error instanceof TooBusy)
      refuseForNow(services, response, 503, {
        code: 'SERVICE_UNAVAILABLE',
        message,
        retryAfter: 30,
      });
    else if (error instanceof TooMany) {
      const retryAfter = error.retryAfterSeconds;
      refuseForNow(services, response, 429, { code: 'RATE_LIMITED', message, retryAfter });
    } else throw error;
  }
}
