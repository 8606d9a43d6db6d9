/** `POST /inbox` and the inbox of each actor: what other servers send. */
import express, { Router, type Request, type Response } from 'express';
import type { Services } from '../../platform/context.js';
import { acceptActivity } from '../accept-activity.js';
import { ACCEPT_SIGNATURE } from '../internal/message-signature.js';
import { DOCUMENT_LIMITS } from '../internal/read-document.js';
import type { SenderMemory } from '../internal/sender-memory.js';
import { refuse } from './answers.js';
import { refuseSender } from './sender-refusals.js';

const TYPES = ['application/activity+json', 'application/ld+json'];

/** Routes of the inboxes; to be mounted at the root. */
export function inboxRoutes(services: Services, memory: SenderMemory): Router {
  const router = Router();
  const body = express.raw({ type: TYPES, limit: DOCUMENT_LIMITS.bytes, inflate: false });
  router.post(
    ['/inbox', '/actors/:id/inbox', '/actors/:id/channel/inbox'],
    body,
    (request, response) => receive(services, memory, request, response),
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
    response.status(202).set('Accept-Signature', ACCEPT_SIGNATURE).end();
  } catch (error) {
    refuseSender(services, response, error);
  }
}
