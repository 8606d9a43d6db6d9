/** The log of keys of people here, to everybody who sees them. */
import { Router, type Request, type Response } from 'express';
import type { ActorRow } from '../../actors/actor.queries.js';
import {
  findKeyLogOf,
  proveConsistency,
  proveInclusion,
  signKeyLogHead,
} from '../../devices/key-log.queries.js';
import type { Services } from '../../platform/context.js';
import {
  consistencyDocument,
  keyLogDocument,
  keyLogUri,
  type KeyLogPage,
} from '../documents/key-log-document.js';
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
  router.get('/key-log/consistency', async (request: Request, response) => {
    if (await gate.admit(request, response, 'PUBLIC'))
      await answerConsistency(services, request, response);
  });
  return router;
}

async function answer(
  services: Services,
  actor: ActorRow,
  { query }: Request,
  response: Response,
): Promise<void> {
  const [after, size] = [placeIn(query['after']), placeIn(query['size'])];
  const page =
    after === undefined || size === undefined ? null : await pageOf(services, actor, after, size);
  if (!page) {
    refuse(services, response, 400, { code: 'BAD_REQUEST', message: 'There is no such page.' });
    return;
  }
  const asked = Object.entries({ after, size }).filter(([, place]) => place !== null);
  const id = [keyLogUri(actor.uri), asked.map((one) => one.join('=')).join('&')].filter(Boolean);
  // Whoever has just been shown a device looks for it here: no cache may have an older page.
  sendDocument(response, keyLogDocument(actor.uri, id.join('?'), page), 'PRIVATE');
}

/** What was proven once is so for ever. */
async function answerConsistency(
  services: Services,
  { query }: Request,
  response: Response,
): Promise<void> {
  const [from, to] = [Number(placeIn(query['from'])), Number(placeIn(query['to']))];
  const hashes = from > 0 && to > 0 ? await proveConsistency(services.database, from, to) : null;
  if (!hashes) refuseMissing(services, response);
  else {
    const { origin } = services.config.publicUrl;
    sendDocument(response, consistencyDocument(origin, { from, to, hashes }), 'LASTING');
  }
}

/** Null = it was not said; undefined = it is no place. */
function placeIn(value: unknown): string | null | undefined {
  if (value === undefined) return null;
  return typeof value === 'string' && PLACE.test(value) ? value : undefined;
}

/** The head is made first: what is written meanwhile is left to whoever asks next. */
async function pageOf(
  services: Services,
  { id }: ActorRow,
  after: string | null,
  size: string | null,
): Promise<KeyLogPage | null> {
  const { database } = services;
  const head = size === null ? await signKeyLogHead(services) : null;
  const treeSize = head?.treeSize ?? Number(size);
  const request = { size: PER_PAGE, isBackward: false, from: after === null ? null : [after] };
  const found = await findKeyLogOf(database, [id], request, id);
  const entries = [];
  for (const entry of found.slice(0, PER_PAGE)) {
    const inclusion = await proveInclusion(database, entry.index, treeSize);
    if (inclusion) entries.push({ ...entry, inclusion });
    else if (entry.index < treeSize) return null;
  }
  const last = entries.at(-1);
  const hasMore = found.length > PER_PAGE && entries.length === PER_PAGE;
  return { entries, treeSize, head, after: hasMore && last ? last.index : null };
}
