/** Makes the video that somebody wants of their clip and another video. */
import path from 'node:path';
import type { ActorId } from '../../actors/actor.entity.js';
import type { Combination } from '../../media/combination.js';
import type { Combining } from '../../media/combining.js';
import { copyRendition } from '../../media/copy-rendition.js';
import type { MediaId } from '../../media/media.entity.js';
import { finishRenderedVideo, refuseRenderedVideos } from '../../media/rendered-video.js';
import { untilUnwanted, VideoUnwanted } from '../../media/until-unwanted.js';
import type { JobContext } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { declareJob, type JobType } from '../../platform/jobs/job.js';
import type { PostId } from '../../posts/post.entity.js';
import { findLeave } from '../../posts/remix-leave.js';
import { ORIGINAL_GONE } from '../internal/withdrawn.js';

/** Renders a remix. */
export const renderRemix = declareJob<{ mediaId: MediaId }>('renderRemix', {
  maxAttempts: 10,
  lane: 'video',
});

/** Tries of a video that cannot be made; one whose parts are still being processed gets all of the attempts. */
const TRIES = 3;

/** A rendition of which it is made is still to come. */
class PartMissing extends Error {}

interface Wanted {
  readonly mediaId: MediaId;
  readonly authorId: ActorId;
  readonly mixing: Combination;
  readonly originalId: PostId;
  readonly originalMediaId: MediaId | null;
  readonly clipId: MediaId | null;
}

const FIND = statement(
  'remixes.wanted',
  `select r.media_id as "mediaId", r.author_id as "authorId", r.mixing, r.original_id as "originalId", r.clip_id as "clipId",
     (select part.media_id from post_media part where part.post_id = r.original_id order by part.position limit 1) as "originalMediaId"
   from remixes r join media m on m.id = r.media_id
   where r.media_id = $1 and m.state = 'PROCESSING' and m.original_key is null and m.deleted_at is null`,
);

/** The handler, with what combines videos on this machine. A repeat makes it anew, or finds it made. */
export function createRenderRemix(combining: Combining): JobType<{ mediaId: MediaId }> {
  return {
    ...renderRemix,
    run: async (context, { mediaId }) => {
      const wanted = await context.database.row<Wanted>(FIND, [mediaId]);
      if (!wanted) return;
      const { authorId, originalId, mixing } = wanted;
      const leave = await findLeave(context.database, authorId, originalId, mixing.kind);
      if (leave !== 'GRANTED') return refuse(context, mediaId, ['REJECTED', ORIGINAL_GONE]);
      try {
        await untilUnwanted(context, mediaId, (signal) =>
          render(context, combining, wanted, signal),
        );
      } catch (error) {
        if (error instanceof VideoUnwanted) return;
        const tries = error instanceof PartMissing ? renderRemix.maxAttempts : TRIES;
        if (context.attempt < tries) throw error;
        context.log.error({ err: error, mediaId }, 'a remix could not be made');
        await refuse(context, mediaId, ['FAILED', 'The video could not be made. Try it again.']);
      }
    },
  };
}

async function render(
  context: JobContext,
  combining: Combining,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<void> {
  await using directory = await context.scratch.directory();
  const [original, clip, output] = ['original', 'clip', 'remix.mp4'].map((name) =>
    path.join(directory.path, name),
  ) as [string, string, string];
  const names = wanted.mixing.kind === 'SOUND' ? ['audio', 'mp4'] : ['mp4'];
  const isThere =
    wanted.originalMediaId !== null &&
    wanted.clipId !== null &&
    (await copyRendition(context, wanted.originalMediaId, names, original)) &&
    (await copyRendition(context, wanted.clipId, ['mp4'], clip));
  if (!isThere) throw new PartMissing('There is no rendition yet of which it could be made');
  await combining.combine(wanted.mixing, { original, clip, output }, signal);
  await finishRenderedVideo(context, wanted.mediaId, output);
}

async function refuse(
  { database, clock }: JobContext,
  mediaId: MediaId,
  reason: readonly ['REJECTED' | 'FAILED', string],
): Promise<void> {
  await database.transaction((tx) => refuseRenderedVideos(tx, clock.now(), [mediaId], reason));
}
