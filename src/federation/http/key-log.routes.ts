/** The log of keys of people here, to everybody who sees them. */
import { Router, type Request, type Response } from 'express';
import type { ActorRow } from '../../actors/actor.queries.js';
import { findKeyLogOf, proveInclusion, signKeyLogHead } from '../../devices/key-log.queries.js';
import type { Services } from '../../platform/context.js';
import { keyLogDocument, keyLogUri, type KeyLogPage } from '../documents/key-log-document.js';
import { findLocalActor } from '../local-actor.js';
import { refuse, refuseMissing, sendDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

/** Entries on a page: each comes with its proof. */
const PER_PAGE = 20;
const PLACE = /^\d{1,9}$/;

/** Routes of the log; to be mounted at the root. */
export function keyLogRoutes(services: Services, gate: FetchGate): Router {
  const router = Router();
  router.get('/actors/:id/key-log', async (request: Request, response) => {
    const actor = await findLocalActor(services.database, String(request.params['id']));
    if (!actor) refuseMissing(services, response);
    else if (await gate.admitTo(actor.id, request, response))
      await answer(services, actor, request, response);
  });
  return router;
}

async function answer(
  services: Services,
  actor: ActorRow,
  { query }: Request,
  response: Response,
): Promise<void> {
  const { after } = query;
  if (after !== undefined && (typeof after !== 'string' || !PLACE.test(after))) {
    refuse(services, response, 400, { code: 'BAD_REQUEST', message: 'There is no such page.' });
    return;
  }
  const id = after === undefined ? keyLogUri(actor.uri) : `${keyLogUri(actor.uri)}?after=${after}`;
  const page = await pageOf(services, actor, after ?? null);
  sendDocument(response, keyLogDocument(actor.uri, id, page));
}

/** The head is made first: what is written meanwhile is left to whoever asks next. */
async function pageOf(
  services: Services,
  { id }: ActorRow,
  after: string | null,
): Promise<KeyLogPage> {
  const head = await signKeyLogHead(services);
  const { database } = services;
  const request = { size: PER_PAGE, isBackward: false, from: after === null ? null : [after] };
  const found = await findKeyLogOf(database, [id], request, id);
  const entries = [];
  for (const entry of found.slice(0, PER_PAGE)) {
    const inclusion = await proveInclusion(database, entry.index, head.treeSize);
    if (inclusion) entries.push({ ...entry, inclusion });
  }
  const last = entries.at(-1);
  return { entries, head, after: found.length > PER_PAGE && last ? last.index : null };
}
