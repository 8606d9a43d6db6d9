/**
 * Captions that a machine writes, where the operator has named a service for it. Nothing waits for them, and what
 * people have written stays as it is.
 */
import type { JobContext } from '../../platform/context.js';
import { statement, type Reader } from '../../platform/db/database.js';
import { OutsideUnavailable } from '../../platform/outside-unavailable.js';
import { defineJob } from '../../platform/jobs/job.js';
import { CAPTION_BYTES } from '../caption-track.js';
import { askForCaptions } from '../internal/captions/ask-for-captions.js';
import { writeWebVtt } from '../internal/captions/write-web-vtt.js';
import type { MediaId } from '../media.entity.js';
import type { MediaEvent } from '../media.events.js';
import { readRendition } from '../read-rendition.js';
import { putCaptionTrack, storeCaptions } from '../save-caption-track.js';

/** Has captions written for the sound of a video. Hours of tries, as the machine of the service may be busy or off. */
export const writeCaptions = defineJob<MediaEvent>('writeCaptions', write, {
  maxAttempts: 12,
  asksOutside: true,
  keyOf: ({ mediaId }) => mediaId,
});

/** A video without captions, whose sound is not larger than services take. */
const WANTED = `m.kind = 'video' and m.state = 'READY' and m.deleted_at is null
  and not exists (select from caption_tracks t where t.media_id = m.id and t.kind = 'CAPTIONS')
  and exists (select from renditions r where r.media_id = m.id and r.name = 'audio' and r.size_bytes <= 25000000)`;
const FIND = statement('captions.unwritten', `select from media m where m.id = $1 and ${WANTED}`);
const LOCK = statement(
  'captions.lock_unwritten',
  `select from media m where m.id = $1 and ${WANTED} for no key update`,
);

const isWanted = async (reader: Reader, mediaId: MediaId): Promise<boolean> =>
  (await reader.row(FIND, [mediaId])) !== null;

async function write(context: JobContext, { mediaId }: MediaEvent): Promise<void> {
  const { config, database, clock, log } = context;
  if (config.captions === null || !(await isWanted(database, mediaId))) return;
  const sound = await readRendition(context, mediaId, 'audio');
  const heard = sound && (await ask(context, mediaId, sound));
  if (!heard || heard.cues.length === 0) return;
  const { language } = heard;
  const text = writeWebVtt(heard.cues);
  if (language === null || Buffer.byteLength(text) > CAPTION_BYTES) {
    log.warn({ mediaId, language }, 'captions that a machine wrote cannot be used');
    return;
  }
  const stored = await storeCaptions(context, text);
  const isKept = await database.transaction(async (tx) => {
    // Whoever wrote captions meanwhile keeps them.
    if (!(await tx.row(LOCK, [mediaId]))) return false;
    const track = { mediaId, kind: 'CAPTIONS', language, label: null, isAutomatic: true } as const;
    await putCaptionTrack(tx, clock.now(), track, stored);
    return true;
  });
  if (!isKept) await context.storage.remove(stored.key);
}

/** Null when asking again gets the same refusal. */
async function ask(
  context: JobContext,
  mediaId: MediaId,
  sound: Buffer,
): ReturnType<typeof askForCaptions> {
  try {
    return await askForCaptions(context, sound);
  } catch (error) {
    if (!(error instanceof OutsideUnavailable) || error.isTemporary) throw error;
    context.log.warn({ mediaId, failure: error.failure, status: error.status }, 'no captions');
    return null;
  }
}
