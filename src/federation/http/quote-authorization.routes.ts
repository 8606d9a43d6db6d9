/** Stamps of quotes that people here have allowed. Whoever shows such a quote asks for them. */
import { Router } from 'express';
import type { Services } from '../../platform/context.js';
import { isUuid } from '../../platform/ids.js';
import { authorizationDocument } from '../documents/quote-document.js';
import { findOwnAuthorization, stampsAt } from '../quote-authorizations.queries.js';
import { refuseMissing, sendDocument } from './answers.js';
import type { FetchGate } from './fetch-gate.js';

/** Routes of stamps; to be mounted at the root. */
export function quoteAuthorizationRoutes(services: Services, gate: FetchGate): Router {
  const router = Router();
  router.get('/quote-authorizations/:id', async (request, response) => {
    if (!(await gate.admit(request, response, 'PUBLIC'))) return;
    const { id } = request.params;
    const stamp = isUuid(id) ? await findOwnAuthorization(services.database, id) : null;
    const uri = `${stampsAt(services.config.publicUrl.origin)}${id}`;
    if (stamp) sendDocument(response, authorizationDocument({ ...stamp, uri }));
    else refuseMissing(services, response);
  });
  return router;
}
