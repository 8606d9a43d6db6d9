// Taking pictures: threads draw the next ones while the jobs process those that are uploaded.
import type { MediaId, MediaPurpose } from '../../media/media.entity.js';
import type { Wish } from './pictures/picture.js';
import type { Point } from './pictures/scene.js';
import type { Studio } from './pictures/studio.js';
import type { PlannedMember } from './plan-people.js';
import { updateMedia } from '../../media/update-media.js';
import { uploadFile } from './upload-file.js';
import { altTextOf } from './words/alt-texts.js';
import type { World } from './world.js';

/** A picture that somebody takes and uploads. */
export interface Shot {
  readonly owner: PlannedMember;
  /** When it is uploaded. */
  readonly at: Date;
  readonly wish: Wish;
  readonly purpose: MediaPurpose;
}

/** A picture that was uploaded; READY once the jobs have run. */
export interface Exposure {
  readonly mediaId: MediaId;
  readonly people: readonly Point[];
}

/** Pictures that are drawn and processed together. */
const BATCH = 12;

/** Takes the pictures, in this order; all are READY in the end. */
export async function shoot(
  world: World,
  shots: readonly Shot[],
  {
    studio,
    drain,
    onProgress,
  }: { studio: Studio; drain: () => Promise<void>; onProgress: (text: string) => void },
): Promise<Exposure[]> {
  const exposures: Exposure[] = [];
  let processed: Promise<void> = Promise.resolve();
  for (let first = 0; first < shots.length; first += BATCH) {
    const batch = shots.slice(first, first + BATCH);
    const drawn = await Promise.all(batch.map(({ wish }) => studio.draw(wish)));
    await processed;
    for (const [index, { owner, at, wish, purpose }] of batch.entries()) {
      const { jpeg, ...seen } = drawn[index]!;
      const { username, language } = owner.member;
      const altText = altTextOf(wish, seen, language);
      const context = await world.as(username, at);
      const file = { bytes: jpeg, type: 'image/jpeg', altText, purpose } as const;
      const mediaId = await uploadFile(context, file);
      if (purpose === 'POST' && owner.showsCamera)
        await updateMedia(context, { mediaId, showsCameraData: true });
      exposures.push({ mediaId, people: seen.people });
    }
    world.tally.pictures += batch.length;
    processed = drain();
    if ((first / BATCH) % 4 === 3)
      onProgress(`  ${exposures.length} of ${shots.length} pictures …`);
  }
  await processed;
  return exposures;
}
