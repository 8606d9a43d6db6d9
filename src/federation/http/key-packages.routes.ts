/** Key packages of people here, and what the draft calls their messages. */
import { Router, type Request, type Response } from 'express';
import type { ActorId } from '../../actors/actor.entity.js';
import { findActors } from '../../actors/actor.queries.js';
import { findShownPackage, reserveKeyPackages } from '../../devices/reserve-key-packages.js';
import type { Services } from '../../platform/context.js';
import { isUuid } from '../../platform/ids.js';
import { siteOf } from '../../platform/site-of.js';
import { pagedCollection } from '../documents/collection-document.js';
import { keyPackageDocument, keyPackagesDocument } from '../documents/key-package-document.js';
import { findLocalActor } from '../local-actor.js';
import { hostOf } from '../resolve-actor.js';
import { refuseMissing, sendDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

/** Routes of key packages; to be mounted at the root. What is given depends on who asks, so no cache keeps it. */
export function keyPackageRoutes(services: Services, gate: FetchGate): Router {
  const router = Router();
  router.get('/actors/:id/key-packages', async (request: Request, response) => {
    const requester = await gate.admit(request, response, 'RESTRICTED');
    if (requester) await answerList(services, request, response, requester.actorId);
  });
  router.get('/actors/:id/key-packages/:packageId', async (request: Request, response) => {
    const requester = await gate.admit(request, response, 'RESTRICTED');
    if (requester) await answerOne(services, request, response, requester.actorId);
  });
  // What somebody was sent is between them and this server.
  router.get('/actors/:id/messages', async (request: Request, response) => {
    const actor = await findLocalActor(services.database, String(request.params['id']));
    if (!actor) refuseMissing(services, response);
    else if (await gate.admitTo(actor.id, request, response))
      sendDocument(
        response,
        pagedCollection({ id: `${actor.uri}/messages`, totalItems: null, hasPages: false }),
      );
  });
  return router;
}

async function answerList(
  services: Services,
  request: Request,
  response: Response,
  requesterId: ActorId | null,
): Promise<void> {
  const actor = await findLocalActor(services.database, String(request.params['id']));
  const site = requesterId && (await siteOfPerson(services, requesterId));
  const shown = actor
    ? await reserveKeyPackages(services, { ownerId: actor.id, requesterId, site })
    : [];
  // Whoever has no devices looks like whoever may not be seen.
  if (!actor || shown.length === 0) refuseMissing(services, response);
  else sendDocument(response, keyPackagesDocument(actor.uri, shown), 'PRIVATE');
}

async function answerOne(
  services: Services,
  request: Request,
  response: Response,
  requesterId: ActorId | null,
): Promise<void> {
  const { id, packageId } = request.params;
  const actor = await findLocalActor(services.database, String(id));
  const shown =
    actor && isUuid(String(packageId))
      ? await findShownPackage(
          services.database,
          { ownerId: actor.id, requesterId },
          String(packageId),
          services.clock.now(),
        )
      : null;
  if (!actor || !shown) refuseMissing(services, response);
  else sendDocument(response, keyPackageDocument(actor.uri, shown), 'PRIVATE');
}

/** The domain of somebody's server; null for who is no person but the server itself, which takes part in nothing. */
async function siteOfPerson({ database }: Services, id: ActorId): Promise<string | null> {
  const [actor] = await findActors(database, [id]);
  const host = await hostOf(database, id);
  return actor && host && actor.kind !== 'SERVICE' ? siteOf(host) : null;
}
