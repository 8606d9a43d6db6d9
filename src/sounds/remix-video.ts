/** Making a video of an own clip and a video of somebody else. */
import { requireHere } from '../actors/require-here.js';
import type { Combination } from '../media/combination.js';
import type { MediaId, MediaState } from '../media/media.entity.js';
import { mediaUsage } from '../media/media-usage.queries.js';
import { startRenderedVideo } from '../media/rendered-video.js';
import type { CommandContext, Viewer } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, Invalid, NotFound, QuotaExceeded, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import type { RateLimit } from '../platform/rate-limiter.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { PostId } from '../posts/post.entity.js';
import { requireRemixable } from '../posts/remix-leave.js';
import { STITCH_SECONDS } from './remix.js';
import type { SoundId } from './sound.js';
import { remixRequested } from './sounds.events.js';

/** What is to be made. */
export interface RemixDraft {
  /** An own video that is READY and in no post. */
  readonly clipId: MediaId;
  /** The video, or the sound, that is taken. */
  readonly original: { readonly postId: PostId } | { readonly soundId: SoundId };
  readonly mixing: Combination;
  /** Where the original stands in the input. */
  readonly path: readonly string[];
}

/** Remixes of one person that wait to be made. */
const MOST_WAITING = 10;

const REMIX_LIMIT: RateLimit = {
  name: 'remixes',
  points: 60,
  windowSeconds: 3600,
  failsClosed: false,
};

const CLIP = statement(
  'remixes.clip',
  `select state, attached_at is not null as "isAttached", stored_bytes as bytes from media
   where id = $1 and owner_id = $2 and kind = 'video' and purpose = 'POST' and remote_url is null and deleted_at is null for share`,
);
const LOCK_OWNER = statement(
  'remixes.lock_owner',
  `select pg_advisory_xact_lock(hashtextextended('uploads:' || $1::text, 0))`,
);
const WAITING = statement(
  'remixes.waiting',
  `select count(*)::int as count from remixes r join media m on m.id = r.media_id
   where r.author_id = $1 and r.post_id is null and m.state = 'PROCESSING' and m.deleted_at is null`,
);
const ORIGIN = statement(
  'remixes.origin_of_sound',
  'select origin_id as "postId" from sounds where id = $1 and origin_id is not null',
);
const INSERT = statement(
  'remixes.insert',
  `insert into remixes (media_id, author_id, kind, original_id, sound_id, clip_id, mixing, created_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/**
 * Starts making a video of an own clip and a video of this server, or its sound. What it becomes is an asset like an
 * upload of the viewer, to be published when it is READY.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for a clip of somebody else, and for a video or sound out of sight
 * @throws {Forbidden} FORBIDDEN when its author does not let the viewer
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED, or ALREADY_EXISTS for a clip that is in a post
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED for more than ten that wait
 * @throws {QuotaExceeded} QUOTA_EXCEEDED for STORAGE_BYTES
 * @throws {RateLimited} RATE_LIMITED
 */
export async function remixVideo(context: CommandContext, draft: RemixDraft): Promise<MediaId> {
  const viewer = requireViewer(context);
  requireMixing(draft);
  await requireRate(context, REMIX_LIMIT, viewer.actorId);
  return context.database.transaction(async (tx) => {
    await requireHere(tx, viewer.actorId);
    await tx.rows(LOCK_OWNER, [viewer.actorId]);
    const { kind } = draft.mixing;
    const [originalId, soundId] = await findOriginal(tx, draft);
    await requireRemixable(tx, viewer.actorId, originalId, kind, draft.path);
    await requireClip(context, tx, viewer, draft.clipId);
    const now = context.clock.now();
    const mediaId = newId<'media'>(now);
    startRenderedVideo(tx, { id: mediaId, ownerId: viewer.actorId, now });
    await tx.em.flush();
    const made = [mediaId, viewer.actorId, kind, originalId, soundId, draft.clipId];
    await tx.rows(INSERT, [...made, JSON.stringify(draft.mixing), now]);
    await tx.append(remixRequested, { mediaId });
    return mediaId;
  });
}

function requireMixing({ mixing, path }: RemixDraft): void {
  const kind = path.slice(0, -1);
  if (mixing.kind === 'STITCH') {
    if (mixing.seconds >= 1 && mixing.seconds <= STITCH_SECONDS) return;
    const limit = `1..${STITCH_SECONDS}`;
    throw new Invalid(
      `A stitch takes 1 to ${STITCH_SECONDS} seconds.`,
      [...kind, 'seconds'],
      'RANGE',
      limit,
    );
  }
  for (const name of ['originalVolume', 'clipVolume'] as const)
    if (mixing[name] < 0 || mixing[name] > 100)
      throw new Invalid('A volume is 0 to 100 percent.', [...kind, name], 'RANGE', '0..100');
}

async function findOriginal(
  tx: Transaction,
  { original, path }: RemixDraft,
): Promise<readonly [PostId, SoundId | null]> {
  if ('postId' in original) return [original.postId, null];
  const origin = await tx.row<{ postId: PostId }>(ORIGIN, [original.soundId]);
  if (!origin) throw new NotFound(path);
  return [origin.postId, original.soundId];
}

async function requireClip(
  context: CommandContext,
  tx: Transaction,
  viewer: Viewer,
  clipId: MediaId,
): Promise<void> {
  const values = [clipId, viewer.actorId];
  const clip = await tx.row<{ state: MediaState; isAttached: boolean; bytes: string }>(
    CLIP,
    values,
  );
  const path = ['clipId'];
  if (!clip) throw new NotFound(path);
  if (clip.isAttached) throw new Conflict('This asset is in use already.', 'ALREADY_EXISTS', path);
  if (clip.state === 'REJECTED' || clip.state === 'FAILED')
    throw new Conflict('This file could not be used.', 'MEDIA_REJECTED', path);
  if (clip.state !== 'READY')
    throw new Conflict('This asset is not ready yet.', 'MEDIA_NOT_READY', path);
  const waiting = await tx.row<{ count: number }>(WAITING, [viewer.actorId]);
  if ((waiting?.count ?? 0) >= MOST_WAITING)
    throw new TooMany(`At most ${MOST_WAITING} remixes wait to be made.`, MOST_WAITING);
  await requireRoom(context, tx, viewer, BigInt(clip.bytes));
}

/** What is made is about as large as the clip. */
async function requireRoom(
  { entitlements, clock }: CommandContext,
  tx: Transaction,
  { actorId, accountId }: Viewer,
  bytes: bigint,
): Promise<void> {
  const { bytes: used } = await mediaUsage(tx, actorId, clock.now());
  const limit = await entitlements.limit(accountId, 'STORAGE_BYTES');
  if (limit !== null && used + bytes > limit)
    throw new QuotaExceeded('STORAGE_BYTES', limit, used, ['clipId']);
}
