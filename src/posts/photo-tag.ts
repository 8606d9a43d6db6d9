/** People on pictures: where, and the shape that every list of them must have. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { Invalid, NotFound, TooMany } from '../platform/errors.js';
import type { Id } from '../platform/ids.js';

/** Identity of a tag. */
export type PhotoTagId = Id<'tag'>;

/** Somebody at a point of a picture. */
export interface TagPlacement {
  readonly actorId: ActorId;
  readonly mediaId: MediaId;
  /** 0 (left) to 1 (right). */
  readonly x: number;
  /** 0 (top) to 1 (bottom). */
  readonly y: number;
}

/** Most people tagged in one picture. */
export const TAGS_PER_PICTURE = 20;

/**
 * Refuses a list of tags that no post can have.
 *
 * @throws {Invalid} INVALID_INPUT for a point outside of the picture, and for somebody twice in one picture
 * @throws {TooMany} LIMIT_EXCEEDED for more than 20 in one picture
 * @throws {NotFound} NOT_FOUND for a picture that is not in the album
 */
export function requireTags(tags: readonly TagPlacement[], album: readonly MediaId[]): void {
  const people = new Map(album.map((id) => [id, new Set<ActorId>()]));
  tags.forEach((tag, index) => {
    const path = ['tags', String(index)];
    requireInside(tag.x, [...path, 'x']);
    requireInside(tag.y, [...path, 'y']);
    const tagged = people.get(tag.mediaId);
    if (!tagged) throw new NotFound([...path, 'mediaId']);
    if (tagged.has(tag.actorId))
      throw new Invalid('Each person once in a picture.', [...path, 'actorId'], 'UNIQUE');
    if (tagged.size === TAGS_PER_PICTURE)
      throw new TooMany(`At most ${TAGS_PER_PICTURE} people in a picture.`, TAGS_PER_PICTURE, path);
    tagged.add(tag.actorId);
  });
}

function requireInside(value: number, path: readonly string[]): void {
  if (!(value >= 0 && value <= 1))
    throw new Invalid('A point of a picture lies between 0 and 1.', path, 'RANGE', '0..1');
}
