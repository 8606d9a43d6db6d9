/** Videos that the server makes for somebody out of others: from then on like an upload of theirs. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { JobContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import { Media, type MediaId } from './media.entity.js';
import { mediaFailed, uploadReceived } from './media.events.js';

const RECEIVE = statement(
  'media.receive_rendered',
  `update media set original_key = $2, size_bytes = $3, stored_bytes = $3, sha256 = $4, updated_at = $5
   where id = $1 and state = 'PROCESSING' and original_key is null and deleted_at is null returning id`,
);
const REFUSE = statement(
  'media.refuse_rendered',
  `update media set state = $2, failure = $3, failure_code = case $2 when 'REJECTED' then 'ORIGINAL_GONE' else 'SERVER_FAULT' end, updated_at = $4
   where id = any($1::uuid[]) and state in ('PROCESSING', 'READY') and deleted_at is null
     and not exists (select from post_media where media_id = media.id) returning id`,
);

/** Makes an asset that waits for its video, which is on its way. Needs a transaction. */
export function startRenderedVideo(
  tx: Transaction,
  { id, ownerId, now }: { id: MediaId; ownerId: Id<'actor'>; now: Date },
): void {
  tx.em.create(Media, {
    id,
    ownerId,
    kind: 'video',
    purpose: 'POST',
    state: 'PROCESSING',
    mimeType: 'video/mp4',
    createdAt: now,
    updatedAt: now,
  });
}

/** Takes the video in, whose file is consumed; it is processed like an upload. Nothing happens when nobody waits for it. */
export async function finishRenderedVideo(
  { database, storage, clock }: JobContext,
  mediaId: MediaId,
  file: string,
): Promise<void> {
  const { size } = await stat(file);
  const sha256 = await digest(file);
  const key = `originals/${randomBytes(16).toString('hex')}`;
  await storage.putFile(key, file, 'video/mp4');
  const isTaken = await database.transaction(async (tx) => {
    const taken = await tx.row(RECEIVE, [mediaId, key, size, sha256, clock.now()]);
    if (taken) await tx.append(uploadReceived, { mediaId, kind: 'video' });
    return taken !== null;
  });
  if (!isTaken) await storage.remove(key);
}

/** Says that videos that are in no post can't be used. Needs a transaction. */
export async function refuseRenderedVideos(
  tx: Transaction,
  now: Date,
  mediaIds: readonly MediaId[],
  [state, failure]: readonly ['REJECTED' | 'FAILED', string],
): Promise<void> {
  const refused = await tx.rows<{ id: MediaId }>(REFUSE, [mediaIds, state, failure, now]);
  for (const { id } of refused) await tx.append(mediaFailed, { mediaId: id });
}

async function digest(file: string): Promise<Buffer> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest();
}
