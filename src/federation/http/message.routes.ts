/** Messages of this server, to those who take part. */
import { Router, type Request, type Response } from 'express';
import type { Services } from '../../platform/context.js';
import { isUuid } from '../../platform/ids.js';
import { messageDocument } from '../documents/message-document.js';
import { findFederatedMessage } from '../federated-message.queries.js';
import { refuseMissing, sendDocument, wantsDocument } from './answers.js';
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

/** To all others there is no message, and whoever asks is asked who they are in both cases. */
async function answer(
  services: Services,
  gate: FetchGate,
  request: Request,
  response: Response,
): Promise<void> {
  const { database, config } = services;
  const id = String(request.params['id']);
  const requester = await gate.admit(request, response, 'RESTRICTED');
  if (!requester) return;
  const message = isUuid(id) ? await findFederatedMessage(database, id) : null;
  const reader = message?.readers.find(({ id: readerId }) => readerId === requester.actorId);
  const isShown = message?.isSenderShown === true && !message.deletedAt;
  if (isShown && reader && !reader.isBlocked)
    sendDocument(response, messageDocument(config, message), 'PRIVATE');
  else refuseMissing(services, response);
}
