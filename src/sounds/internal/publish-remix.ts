/** What a published video is made of. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { MediaId } from '../../media/media.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import type { PostId } from '../../posts/post.entity.js';
import { blockedBetween } from '../../posts/visibility.js';
import type { RemixKind } from '../../posts/remix-policies.js';
import type { SoundId } from '../sound.js';
import { videoRemixed } from '../sounds.events.js';

interface Published {
  readonly kind: RemixKind;
  readonly mediaId: MediaId;
  readonly authorId: ActorId;
  readonly originalId: PostId;
  readonly originalAuthorId: ActorId;
  /** The sound that was taken, or that of the original; null = none. */
  readonly soundId: SoundId | null;
  readonly isDetached: boolean;
}

const PUBLISH = statement(
  'remixes.publish',
  `update remixes r set post_id = $1, detached_at = case when ${blockedBetween('r.author_id', 'o.author_id')} then $2::timestamptz end
   from post_media part, posts o
   where part.post_id = $1 and r.media_id = part.media_id and r.post_id is null and o.id = r.original_id
   returning r.kind, r.media_id as "mediaId", r.author_id as "authorId", o.id as "originalId", o.author_id as "originalAuthorId", r.detached_at is not null as "isDetached",
     coalesce(r.sound_id, (select sound_id from sound_uses where post_id = o.id)) as "soundId"`,
);
const USE = statement(
  'remixes.use_sound',
  `insert into sound_uses (post_id, sound_id, source, media_id)
   select $1, s.id, 'REUSED', $3 from sounds s where s.id = $2
   on conflict (post_id) do update set sound_id = excluded.sound_id, source = excluded.source, media_id = excluded.media_id`,
);

/**
 * Notes that a post is a remix, once for each that it shows, and gives it the sound that it has from the other video.
 * Needs a transaction.
 */
export async function publishRemix(tx: Transaction, postId: PostId, now: Date): Promise<void> {
  const remix = await tx.row<Published>(PUBLISH, [postId, now]);
  if (!remix) return;
  const { kind, mediaId, soundId, isDetached, ...fact } = remix;
  // After its beginning, what is heard in a stitch is its author's own.
  if (soundId !== null && kind !== 'STITCH') await tx.rows(USE, [postId, soundId, mediaId]);
  if (!isDetached) await tx.append(videoRemixed, { ...fact, postId, kind });
}
