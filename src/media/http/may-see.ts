/**
 * Whether whoever an address was made for may still see the asset. What assets belong to, and who sees that, is known to
 * the slices above.
 */
import type { Id } from '../../platform/ids.js';
import type { SignedTerm } from '../media-url.js';
import type { MediaId } from '../media.entity.js';

/**
 * Asks for a person and an asset of which they were given an address; null = other servers were, and whom it is for they
 * know.
 */
export type MaySee = (mediaId: MediaId, viewerId: Id<'actor'> | null) => Promise<boolean>;

/** Whether the address still leads somewhere; one that ends and names nobody does until then. */
export async function isStillShown(
  maySee: MaySee,
  mediaId: MediaId,
  { viewerId, isLasting }: Pick<SignedTerm, 'viewerId' | 'isLasting'>,
): Promise<boolean> {
  return (viewerId === null && !isLasting) || maySee(mediaId, viewerId);
}
