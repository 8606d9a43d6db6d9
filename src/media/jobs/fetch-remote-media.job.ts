/** Fetches the original of a remote picture; what follows is that of an upload. */
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { addSeconds } from '../../platform/clock.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import type { OutsideLimits } from '../../platform/http-client.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { defineJob } from '../../platform/jobs/job.js';
import { MAX_EMOJI_BYTES } from '../create-upload.js';
import { leaveRemote, postponeRemote, refuseRemote } from '../internal/remote-cache.js';
import { chargeBytes, chargePicture } from '../stranger-budget.js';
import type { MediaId, MediaPurpose } from '../media.entity.js';
import { mediaFailed, uploadReceived, type RemoteMediaEvent } from '../media.events.js';

const MIB = 1024 * 1024;
const PICTURE = { maxBytes: 30 * MIB, timeoutMs: 30_000 };
const SMALL = { maxBytes: 8 * MIB, timeoutMs: 10_000 };
/** How large an original may be by what it is for, and how long it may take. */
const SIZES: Readonly<Record<MediaPurpose, Pick<OutsideLimits, 'maxBytes' | 'timeoutMs'>>> = {
  POST: PICTURE,
  STORY: PICTURE,
  AVATAR: SMALL,
  HEADER: SMALL,
  EMOJI: { ...SMALL, maxBytes: Number(MAX_EMOJI_BYTES) },
  EMOJI_ARCHIVE: { ...SMALL, maxBytes: 0 },
  BLOB: { ...SMALL, maxBytes: 0 },
};
const LIMITS: Pick<OutsideLimits, 'maxRedirects' | 'contentTypes'> = {
  maxRedirects: 3,
  contentTypes: [
    'image/jpeg',
    'image/jpg',
    'image/png',
    'image/webp',
    'image/avif',
    'image/gif',
    // As stores name what they were told nothing of; what it is its content says.
    'application/octet-stream',
    'binary/octet-stream',
  ],
};
const TRIES = 8;
/** Whoever takes too long holds up others meanwhile. */
const SLOW_TRIES = 3;
/** Pictures that one host is asked for at the same time: a slow one does not take all workers. */
const LANES = 2;

const followedHere = (actorId: string): string =>
  `exists (select from follows f join actors a on a.id = f.follower_id
     where f.followee_id = ${actorId} and f.state = 'ACCEPTED' and a.domain is null)`;
const FIND = statement(
  'media.unfetched',
  `select m.remote_url as url, m.purpose, c.media_id is not null and m.state <> 'PROCESSING' as "wasHere",
     c.asked_at is not null as "isAsked", owner.domain as "ownerDomain",
     m.purpose = 'EMOJI' or ${followedHere('m.owner_id')}
       or exists (select from post_media placed join reposts r on r.post_id = placed.post_id
         where placed.media_id = m.id and ${followedHere('r.actor_id')}) as "isWanted",
     (select rejects_media from domain_policy(
       (select actor_hosts(owner.id, owner.domain) where owner.domain is not null)
         || (select array_agg(distinct domain) from remote_emojis where media_id = m.id))) as "isRejected"
   from media m
     left join remote_media c on c.media_id = m.id left join actors owner on owner.id = m.owner_id
   where m.id = $1 and m.original_key is null and m.deleted_at is null
     and (m.state = 'PROCESSING' and c.media_id is null or c.dropped_at is not null and c.asked_at is not null)`,
);
const TAKE = statement(
  'media.take_remote',
  `update media m set original_key = $2, size_bytes = $3, stored_bytes = $3, updated_at = $4
   where id = $1 and original_key is null and deleted_at is null and (state = 'PROCESSING'
     or exists (select from remote_media c where c.media_id = m.id and c.dropped_at is not null)) returning id`,
);
const FAIL = statement(
  'media.fail_remote',
  `update media set state = 'FAILED', failure = $2, updated_at = $3 where id = $1 and state = 'PROCESSING' returning id`,
);

interface Unfetched {
  /** Pictures of its server are not taken. */
  readonly isRejected: boolean;
  readonly url: string;
  readonly purpose: MediaPurpose;
  /** It was dropped, and somebody asks for it. */
  readonly wasHere: boolean;
  /** It was left where it is, or dropped, and somebody asks for it. */
  readonly isAsked: boolean;
  /** Null for what the server owns. */
  readonly ownerDomain: string | null;
  /** Somebody here follows whoever published it, or shows it to others. */
  readonly isWanted: boolean;
}

/** Tries again while the other server may come back; a picture that is gone for good fails. */
export const fetchRemoteMedia = defineJob<RemoteMediaEvent>(
  'fetchRemoteMedia',
  async (context, { mediaId }) => {
    const media = await context.database.row<Unfetched>(FIND, [mediaId]);
    if (!media) return;
    const { wasHere } = media;
    if (media.isRejected) {
      if (wasHere) await putOff(context, mediaId, { isTemporary: false });
      else await giveUp(context, mediaId, 'Pictures of this server are not taken.');
      return;
    }
    if (await isLeft(context, mediaId, media)) return;
    try {
      await fetchOriginal(context, mediaId, media);
    } catch (error) {
      if (!(error instanceof OutsideUnavailable)) throw error;
      if (media.isAsked) await putOff(context, mediaId, error);
      if (wasHere || (media.isAsked && error.isTemporary)) return;
      if (error.isTemporary && context.attempt < triesAfter(error)) throw error;
      else await giveUp(context, mediaId, 'The server of this picture does not give it.');
    }
  },
  { asksOutside: true, maxAttempts: TRIES, queueOf: laneOf },
);

function triesAfter({ failure }: OutsideUnavailable): number {
  return failure === 'TIMEOUT' ? SLOW_TRIES : TRIES;
}

/** The end of a host names it well enough, and names of queues are short. */
function laneOf({ mediaId, host }: RemoteMediaEvent): string {
  return `${host.slice(-100)}/${Number.parseInt(mediaId.slice(-2), 16) % LANES}`;
}

/** Whether it stays where it is until somebody looks, as strangers have had enough fetched. */
async function isLeft(
  { database, rateLimiter, clock }: JobContext,
  mediaId: MediaId,
  media: Unfetched,
): Promise<boolean> {
  if (!isCounted(media)) return false;
  const { isExceeded, resetSeconds } = await chargePicture(rateLimiter, media);
  if (!isExceeded) return false;
  const now = clock.now();
  const from = media.isAsked ? addSeconds(now, resetSeconds) : null;
  await database.transaction((tx) => leaveRemote(tx, mediaId, now, from));
  return true;
}

function isCounted(media: Unfetched): media is Unfetched & { readonly ownerDomain: string } {
  return !media.wasHere && !media.isWanted && media.ownerDomain !== null;
}

async function fetchOriginal(
  context: JobContext,
  mediaId: MediaId,
  media: Unfetched,
): Promise<void> {
  const limits = { ...LIMITS, ...SIZES[media.purpose] };
  const { body, contentType } = await context.http.get(media.url, limits);
  if (isCounted(media)) await chargeBytes(context.rateLimiter, media, body.byteLength);
  await using directory = await context.scratch.directory();
  const file = path.join(directory.path, 'original');
  await writeFile(file, body);
  const key = `originals/${randomBytes(16).toString('hex')}`;
  await context.storage.putFile(key, file, contentType);
  await context.database.transaction(async (tx) => {
    const taken = await tx.row(TAKE, [mediaId, key, body.byteLength, context.clock.now()]);
    // Of a video, this is its still picture.
    if (taken) await tx.append(uploadReceived, { mediaId, kind: 'image' });
  });
}

/** Whoever asks later has it tried again. */
async function putOff(
  { database, clock }: JobContext,
  mediaId: MediaId,
  { isTemporary }: Pick<OutsideUnavailable, 'isTemporary'>,
): Promise<void> {
  const now = clock.now();
  await database.transaction((tx) =>
    isTemporary ? postponeRemote(tx, mediaId, now) : refuseRemote(tx, mediaId, now),
  );
}

async function giveUp(context: JobContext, mediaId: MediaId, failure: string): Promise<void> {
  await context.database.transaction(async (tx) => {
    if (await tx.row(FAIL, [mediaId, failure, context.clock.now()]))
      await tx.append(mediaFailed, { mediaId });
  });
}
