/**
 * Whether whoever an address was made for may still see the asset. What assets belong to, and who sees that, is known to
 * the slices above.
 */
import type { Id } from '../../platform/ids.js';
import type { SignedTerm } from '../media-url.js';
import type { MediaId } from '../media.entity.js';

/** Asks for a person and an asset of which they were given an address. */
export type MaySee = (mediaId: MediaId, viewerId: Id<'actor'>) => Promise<boolean>;

/** Whether the address still leads somewhere; one that names nobody does until it ends. */
export async function isStillShown(
  maySee: MaySee,
  mediaId: MediaId,
  { viewerId }: Pick<SignedTerm, 'viewerId'>,
): Promise<boolean> {
  return viewerId === null || maySee(mediaId, viewerId);
}
