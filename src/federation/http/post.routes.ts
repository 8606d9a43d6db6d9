/** Posts and comments of this server, to whoever asks for ActivityStreams and may see them. */
import { Router, type Request, type Response } from 'express';
import type { ActorId } from '../../actors/actor.entity.js';
import type { Services } from '../../platform/context.js';
import { isUuid } from '../../platform/ids.js';
import { canSee } from '../../posts/visibility.js';
import { findSubjectFacts } from '../../posts/visibility.queries.js';
import { noteDocument } from '../documents/note-document.js';
import { findFederatedPost } from '../federated-post.queries.js';
import { refuseMissing, sendDocument, wantsDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

/** Routes of posts and comments; to be mounted at the root. */
export function postRoutes(services: Services, gate: FetchGate): Router {
  const router = Router();
  router.get(['/posts/:id', '/comments/:id'], async (request, response, next) => {
    if (wantsDocument(request)) await answer(services, gate, request, response);
    else next();
  });
  return router;
}

/**
 * What is not for everybody is given to the actor that may see it; all others are told what they would be told if it did
 * not exist, and whoever asks is asked who they are in both cases.
 */
async function answer(
  services: Services,
  gate: FetchGate,
  request: Request,
  response: Response,
): Promise<void> {
  const { database, config } = services;
  const id = String(request.params['id']);
  const found = isUuid(id) ? await findFederatedPost(database, id) : null;
  const post = found?.uri === config.publicUrl.origin + request.path ? found : null;
  const isVisibleTo = async (actorId: ActorId | null): Promise<boolean> => {
    const facts = post && (await findSubjectFacts(database, [id], actorId)).get(id);
    return facts ? canSee(actorId && { actorId, isLocal: false }, facts) : false;
  };
  const isForAll = await isVisibleTo(null);
  const requester = await gate.admit(request, response, isForAll ? 'PUBLIC' : 'RESTRICTED');
  if (!requester) return;
  const { actorId } = requester;
  const isShown = actorId === null ? isForAll : await isVisibleTo(actorId);
  if (post && isShown)
    sendDocument(response, noteDocument(services, post), isForAll ? 'PUBLIC' : 'PRIVATE');
  else refuseMissing(services, response);
}
