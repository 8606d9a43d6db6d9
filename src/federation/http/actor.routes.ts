/** Actors of this server, to whoever asks for ActivityStreams. */
import { Router, type Request, type Response } from 'express';
import type { ActorRow } from '../../actors/actor.queries.js';
import type { Services } from '../../platform/context.js';
import {
  findLocalActor,
  findLocalActorByName,
  localActorDocument,
  localActorKeyDocument,
} from '../local-actor.js';
import { refuseMissing, sendDocument, wantsDocument, wantsPage } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

/** Routes of actors; to be mounted at the root. */
export function actorRoutes(services: Services, gate: FetchGate): Router {
  const { database } = services;
  const router = Router();
  // Its key is given to everybody: who cannot check our signatures could not prove to us who they are.
  const answer = async (actor: ActorRow, request: Request, response: Response): Promise<void> =>
    sendDocument(
      response,
      (await gate.isTrusted(actor.id, request, response))
        ? await localActorDocument(services, actor)
        : await localActorKeyDocument(services, actor),
    );
  router.get('/actors/:id', async (request: Request, response) => {
    const actor = await findLocalActor(database, String(request.params['id']));
    if (!actor) refuseMissing(services, response);
    else if (wantsPage(request)) response.vary('Accept').redirect(actor.url);
    else await answer(actor, request, response);
  });
  router.get('/@:username', async (request: Request, response, next) => {
    const actor = wantsDocument(request)
      ? await findLocalActorByName(database, String(request.params['username']))
      : null;
    if (actor) await answer(actor, request, response);
    else next();
  });
  return router;
}
