/**
 * Gives a video that was published its sound: that of the remix that it is, an earlier one that is heard in it, or its own.
 * Where another video has taken its place, what that one sounded like is forgotten first.
 */
import path from 'node:path';
import type { ActorId } from '../../actors/actor.entity.js';
import { copyRendition } from '../../media/copy-rendition.js';
import type { HeardSound, Listening } from '../../media/listening.js';
import type { MediaId } from '../../media/media.entity.js';
import type { JobContext } from '../../platform/context.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import { newId } from '../../platform/ids.js';
import type { PostId } from '../../posts/post.entity.js';
import { findEarlierSound, saveFingerprint } from '../internal/fingerprints.js';
import { forgetSoundOf } from '../internal/forget-sound-of.js';
import { publishRemix } from '../internal/publish-remix.js';
import type { SoundId } from '../sound.js';

/** Listens to a video and keeps what it sounds like. */
export const keepSound = declareJob<{ postId: PostId }>('keepSound', { maxAttempts: 12 });

/** Renditions in which the sound is looked for. */
const WITH_SOUND = ['audio', 'mp4'];

interface Unheard {
  readonly id: PostId;
  readonly authorId: ActorId;
  readonly mediaId: MediaId;
  /** Others may hear it, so that it may be attributed. */
  readonly isOpen: boolean;
}

const FIND = statement(
  'sounds.unheard',
  `select p.id, p.author_id as "authorId", m.id as "mediaId", p.visibility in ('PUBLIC', 'UNLISTED') as "isOpen"
   from posts p join post_media part on part.post_id = p.id join media m on m.id = part.media_id
   where p.id = $1 and p.kind = 'video' and p.is_local and p.deleted_at is null and m.kind = 'video' and m.deleted_at is null
     and not exists (select from sound_uses where post_id = p.id)
   order by part.position limit 1`,
);
// A deletion and a swap wait, so that they take what is written here along.
const SHOWN = statement(
  'sounds.shown_video',
  `select part.media_id as "mediaId" from posts p join post_media part on part.post_id = p.id
   where p.id = $1 and p.kind = 'video' and p.is_local and p.deleted_at is null order by part.position limit 1
   for no key update of p`,
);
const IS_HEARD = statement('sounds.is_heard', 'select from sound_uses where post_id = $1');
const INSERT = statement(
  'sounds.insert',
  `insert into sounds (id, origin_id, duration_ms, waveform, created_at) values ($1, $2, $3, $4::smallint[], $5)`,
);
const USE = statement(
  'sounds.use',
  `insert into sound_uses (post_id, sound_id, source, media_id) values ($1, $2, $3, $4)`,
);

/** The handler, with what listens on this machine. A video without sound, and one of another server, has none. */
export function createKeepSound(listening: Listening): JobType<{ postId: PostId }> {
  return {
    ...keepSound,
    run: async (context, { postId }) => {
      await context.database.transaction((tx) => settle(tx, context.clock.now(), postId));
      const post = await context.database.row<Unheard>(FIND, [postId]);
      if (!post) return;
      const heard = await hear(context, listening, post.mediaId);
      if (heard) await keepHeard(context, post, heard);
    },
  };
}

/** What is known of what the post shows, without listening to it. */
async function settle(tx: Transaction, now: Date, postId: PostId): Promise<void> {
  const shown = await tx.row<{ mediaId: MediaId }>(SHOWN, [postId]);
  if (!shown) return;
  await forgetSoundOf(tx, postId, shown.mediaId);
  await publishRemix(tx, postId, now);
}

async function hear(
  context: JobContext,
  listening: Listening,
  mediaId: MediaId,
): Promise<HeardSound | null> {
  await using directory = await context.scratch.directory();
  const file = path.join(directory.path, 'video');
  if (!(await copyRendition(context, mediaId, WITH_SOUND, file)))
    throw new Error('There is no rendition yet in which its sound could be heard');
  return await listening.listen(file, directory.path);
}

async function keepHeard(context: JobContext, post: Unheard, heard: HeardSound): Promise<void> {
  const { database, clock } = context;
  const words = heard.fingerprint;
  const earlier = words && post.isOpen ? await findEarlierSound(database, words, post) : null;
  const now = clock.now();
  const id: SoundId = newId<'sound'>(now);
  await database.transaction(async (tx) => {
    const shown = await tx.row<{ mediaId: MediaId }>(SHOWN, [post.id]);
    if (shown?.mediaId !== post.mediaId || (await tx.row(IS_HEARD, [post.id]))) return;
    await tx.rows(INSERT, [id, post.id, heard.durationMs, heard.waveform, now]);
    const source = earlier === null ? 'OWN' : 'RECOGNISED';
    await tx.rows(USE, [post.id, earlier ?? id, source, post.mediaId]);
    if (words) await saveFingerprint(tx, id, words, earlier === null);
  });
}
