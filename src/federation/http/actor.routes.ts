/** Actors of this server and their collections, to whoever asks for ActivityStreams. */
import { Router, type Request, type Response } from 'express';
import type { ActorRow } from '../../actors/actor.queries.js';
import type { Services } from '../../platform/context.js';
import { CONTEXT } from '../documents/context.js';
import {
  findLocalActor,
  findLocalActorByName,
  localActorDocument,
  localActorKeyDocument,
} from '../local-actor.js';
import { refuseMissing, sendDocument, wantsDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

type Answer = (actor: ActorRow, response: Response, request: Request) => Promise<void> | void;

/** Routes of actors; to be mounted at the root. */
export function actorRoutes(services: Services, gate: FetchGate): Router {
  const router = Router();
  const answer = (respond: Answer) => async (request: Request, response: Response) => {
    const actor = await findLocalActor(services.database, String(request.params['id']));
    if (actor) await respond(actor, response, request);
    else refuseMissing(services, response);
  };
  // Its key is given to everybody: who cannot check our signatures could not prove to us who they are.
  const document: Answer = async (actor, response, request) =>
    sendDocument(
      response,
      (await gate.isTrusted(actor.id, request, response))
        ? await localActorDocument(services, actor)
        : await localActorKeyDocument(services, actor),
    );
  const collection =
    (respond: (actor: ActorRow, response: Response) => void): Answer =>
    async (actor, response, request) => {
      if (await gate.admitTo(actor.id, request, response)) respond(actor, response);
    };
  router.get('/actors/:id', answer(document));
  router.get(
    '/actors/:id/followers',
    answer(
      collection(({ uri, hidesFollowLists, followerCount }, response) =>
        sendDocument(
          response,
          counted(`${uri}/followers`, hidesFollowLists ? null : followerCount),
        ),
      ),
    ),
  );
  router.get(
    '/actors/:id/following',
    answer(
      collection(({ uri, hidesFollowLists, followingCount }, response) =>
        sendDocument(
          response,
          counted(`${uri}/following`, hidesFollowLists ? null : followingCount),
        ),
      ),
    ),
  );
  router.get('/@:username', async (request, response, next) => {
    const actor = wantsDocument(request)
      ? await findLocalActorByName(services.database, request.params.username)
      : null;
    if (actor) await document(actor, response, request);
    else next();
  });
  return router;
}

/** A collection whose members are nobody's business; null = neither is their number. */
function counted(id: string, totalItems: number | null): object {
  return {
    '@context': CONTEXT[0],
    id,
    type: 'OrderedCollection',
    ...(totalItems !== null && { totalItems }),
  };
}
