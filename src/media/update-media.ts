/** Changes what is said about an asset: its description, the point that crops keep, and whether its camera data show. */
import type { CommandContext } from '../platform/context.js';
import { Invalid, NotFound } from '../platform/errors.js';
import { requireViewer } from '../platform/require-viewer.js';
import { checkAltText } from './alt-text.js';
import { Media, type MediaId } from './media.entity.js';
import { mediaDescribed } from './media.events.js';

/** Absent = unchanged; null clears the description. */
export interface UpdateMediaInput {
  readonly mediaId: MediaId;
  readonly altText?: string | null;
  readonly focalX?: number | null;
  readonly focalY?: number | null;
  /** Null = no. */
  readonly showsCameraData?: boolean | null;
}

/**
 * Updates an asset of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT
 */
export async function updateMedia(context: CommandContext, input: UpdateMediaInput): Promise<void> {
  const viewer = requireViewer(context);
  checkAltText(input.altText ?? null, ['altText']);
  checkFocus(input.focalX, 'focalX');
  checkFocus(input.focalY, 'focalY');
  await context.database.transaction(async (tx) => {
    const media = await tx.em.findOne(Media, {
      id: input.mediaId,
      ownerId: viewer.actorId,
      deletedAt: null,
    });
    if (!media) throw new NotFound(['mediaId']);
    const altText = media.altText ?? null;
    if (input.altText !== undefined) media.altText = input.altText?.trim() || null;
    if (input.focalX != null) media.focalX = Math.fround(input.focalX);
    if (input.focalY != null) media.focalY = Math.fround(input.focalY);
    if (input.showsCameraData !== undefined) media.showsCameraData = input.showsCameraData ?? false;
    media.updatedAt = context.clock.now();
    if ((media.altText ?? null) !== altText)
      await tx.append(mediaDescribed, { mediaId: input.mediaId });
  });
}

function checkFocus(value: number | null | undefined, name: string): void {
  if (value != null && !(value >= -1 && value <= 1)) {
    throw new Invalid('A focal point lies between -1 and 1.', [name], 'RANGE', '-1..1');
  }
}
