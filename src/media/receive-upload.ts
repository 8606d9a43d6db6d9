/** The second step of an upload: all its bytes lie in a local file and become the asset's original. */
import { randomBytes } from 'node:crypto';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { Conflict } from '../platform/errors.js';
import type { MediaId, MediaKind, MediaState } from './media.entity.js';
import { mediaReady, uploadReceived } from './media.events.js';
import { digestTicket } from './ticket.js';

/** A ticket as the upload routes see it. */
export interface OpenUpload {
  /** What is stored of the ticket. */
  readonly digest: Buffer;
  readonly mediaId: MediaId;
  readonly protocol: 'PUT' | 'TUS';
  readonly state: 'OPEN' | 'RECEIVED' | 'EXPIRED' | 'CANCELLED';
  /** Decimal text. */
  readonly declaredBytes: string;
  readonly declaredSha256: Buffer | null;
  readonly mimeType: string;
  readonly expiresAt: Date;
}

/** A file that has arrived. */
export interface ReceivedFile {
  /** Consumed. */
  readonly path: string;
  readonly sizeBytes: number;
  readonly sha256: Buffer;
}

const FIND_UPLOAD = statement(
  'uploads.find',
  `select u.token_digest as digest, u.media_id as "mediaId", u.protocol, u.state, u.declared_bytes::text as "declaredBytes",
     u.declared_sha256 as "declaredSha256", u.expires_at as "expiresAt", m.mime_type as "mimeType"
   from uploads u join media m on m.id = u.media_id join actors owner on owner.id = m.owner_id
   where u.token_digest = $1 and owner.status <> 'SUSPENDED'`,
);
const CLOSE_UPLOAD = statement(
  'uploads.close',
  `update uploads set state = 'RECEIVED', received_bytes = $2 where token_digest = $1 and state = 'OPEN' returning media_id`,
);
const TAKE_ORIGINAL = statement(
  'media.take_original',
  `update media set state = case when purpose = 'BLOB' then 'READY' else 'PROCESSING' end, size_bytes = $2, stored_bytes = $2, sha256 = $3, original_key = $4, updated_at = $5
   where id = $1 returning kind, state`,
);

/** The upload of a ticket; null when there is none. */
export function findUpload(
  services: Pick<Services, 'database'>,
  token: string,
): Promise<OpenUpload | null> {
  return findUploadByDigest(services, digestTicket(token));
}

/** The upload of a ticket of which only the digest is known; null when there is none. */
export function findUploadByDigest(
  services: Pick<Services, 'database'>,
  digest: Buffer,
): Promise<OpenUpload | null> {
  return services.database.row<OpenUpload>(FIND_UPLOAD, [digest]);
}

/**
 * Stores the file as the original and starts its processing, unless it is a blob, of which nothing is made. A ticket works once: of two that arrive
 * at the same moment one wins, and the other's bytes are removed.
 *
 * Opens its own transaction after the bytes are stored; a crash between the two leaves an object that
 * the sweeper finds.
 *
 * @throws {Conflict} CONFLICT when the ticket was used meanwhile
 */
export async function receiveUpload(
  services: Pick<Services, 'database' | 'storage' | 'clock'>,
  token: string,
  upload: OpenUpload,
  file: ReceivedFile,
): Promise<void> {
  const key = `originals/${randomBytes(16).toString('hex')}`;
  await services.storage.putFile(key, file.path, upload.mimeType);
  try {
    await services.database.transaction(async (tx) => {
      if (!(await tx.row(CLOSE_UPLOAD, [digestTicket(token), file.sizeBytes]))) {
        throw new Conflict('This ticket was used already.');
      }
      const now = services.clock.now();
      const { mediaId } = upload;
      const taken = [mediaId, file.sizeBytes, file.sha256, key, now];
      const media = await tx.row<{ kind: MediaKind; state: MediaState }>(TAKE_ORIGINAL, taken);
      if (media?.state === 'READY') await tx.append(mediaReady, { mediaId });
      else if (media) await tx.append(uploadReceived, { mediaId, kind: media.kind });
    });
  } catch (error) {
    if (error instanceof Conflict) await services.storage.remove(key);
    throw error;
  }
}
