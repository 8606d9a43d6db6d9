/** `GET /exports/<id>.tar.gz`: archives, by a signed link. What may not be fetched looks like what is not there. */
import { Router, type Request } from 'express';
import { answerMissing, serveObject } from '../../media/http/serve-object.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { parseGlobalId } from '../../platform/ids.js';
import type { ExportId } from '../export-row.js';
import { isSignedExport } from '../export-url.js';

interface ServedExport {
  readonly key: string;
  readonly sizeBytes: string;
  readonly createdAt: Date;
}

const FIND = statement(
  'data_exports.served',
  `select e.storage_key as key, e.size_bytes::text as "sizeBytes", e.created_at as "createdAt"
   from data_exports e join accounts a on a.id = e.account_id
   where e.id = $1 and e.state = 'SUCCEEDED' and e.removed_at is null and e.expires_at > $2 and a.state = 'ACTIVE'`,
);

/** Routes below /exports. */
export function exportRoutes(services: Services): Router {
  const router = Router();
  router.get('/:file', async (request, response) => {
    const found = await findAllowed(services, request);
    if (!found) {
      answerMissing(services.config, response);
      return;
    }
    const day = found.createdAt.toISOString().slice(0, 10).replaceAll('-', '');
    response.set({
      'Content-Type': 'application/gzip',
      'Content-Disposition': `attachment; filename="archive-${day}.tar.gz"`,
      'Cache-Control': 'no-store',
      'Referrer-Policy': 'no-referrer',
      ETag: `"${found.key.split('/').at(-1)}"`,
    });
    await serveObject(services, found, request, response);
  });
  return router;
}

async function findAllowed(services: Services, request: Request): Promise<ServedExport | null> {
  const [name = '', ...extension] = String(request.params['file']).split('.');
  const parsed = parseGlobalId(name);
  if (parsed?.kind !== 'dataexport' || extension.join('.') !== 'tar.gz') return null;
  if (!isSignedExport(services, parsed.id as ExportId, request.query)) return null;
  return services.database.row<ServedExport>(FIND, [parsed.id, services.clock.now()]);
}
