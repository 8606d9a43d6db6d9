/** Links to archives: made for the owner alone, signed, good for an hour. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Services } from '../platform/context.js';
import { toGlobalId } from '../platform/ids.js';
import type { ExportId, ExportRow } from './export-row.js';

type Signer = Pick<Services, 'config' | 'sealer' | 'clock'>;

const LIFE_SECONDS = 3_600;

/** Address of a finished archive; null while there is none and when its file is gone. */
export function exportUrl(services: Signer, row: ExportRow): string | null {
  const now = services.clock.now();
  if (row.state !== 'SUCCEEDED' || row.removedAt !== null || row.expiresAt! <= now) return null;
  const expires = Math.floor(now.getTime() / 1000) + LIFE_SECONDS;
  const url = `${services.config.publicUrl.origin}/exports/${toGlobalId('dataexport', row.id)}.tar.gz`;
  return `${url}?expires=${expires}&signature=${sign(services, row.id, expires)}`;
}

/** True for a signature of this server over this archive that has not expired. */
export function isSignedExport(
  services: Signer,
  id: ExportId,
  query: { expires?: unknown; signature?: unknown },
): boolean {
  if (typeof query.expires !== 'string' || typeof query.signature !== 'string') return false;
  const expires = Number(query.expires);
  if (!Number.isSafeInteger(expires) || expires * 1000 < services.clock.now().getTime())
    return false;
  const expected = Buffer.from(sign(services, id, expires));
  const given = Buffer.from(query.signature);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function sign(services: Signer, id: ExportId, expires: number): string {
  return createHmac('sha256', services.sealer.deriveKey('export-url'))
    .update(`${id}:${expires}`)
    .digest('base64url');
}
