/** Messages of this server, to those who take part. */
import { Router, type Request, type Response } from 'express';
import type { ActorId } from '../../actors/actor.entity.js';
import type { Services } from '../../platform/context.js';
import { isUuid } from '../../platform/ids.js';
import { messageDocument } from '../documents/message-document.js';
import { findFederatedMessage, type FederatedMessage } from '../federated-message.queries.js';
import { sendDocument, wantsDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

/** Routes of messages; to be mounted at the root. */
export function messageRoutes(services: Services, gate: FetchGate): Router {
  const router = Router();
  router.get('/messages/:id', async (request, response, next) => {
    if (wantsDocument(request)) await answer(services, gate, request, response);
    else next();
  });
  return router;
}

/** To all but those who take part there is no message. */
async function answer(
  services: Services,
  gate: FetchGate,
  request: Request,
  response: Response,
): Promise<void> {
  const { database, config } = services;
  const id = String(request.params['id']);
  const seen = await gate.admitToSeen(request, response, async (viewerId) => {
    const isAsked = viewerId !== null && isUuid(id);
    const message = isAsked ? await findFederatedMessage(database, id) : null;
    return message && isShownTo(message, viewerId) ? message : null;
  });
  if (seen) sendDocument(response, messageDocument(config, seen.found), 'PRIVATE');
}

function isShownTo(message: FederatedMessage, viewerId: ActorId | null): boolean {
  const reader = message.readers.find(({ id }) => id === viewerId);
  return message.isSenderShown && !message.deletedAt && reader?.isBlocked === false;
}
