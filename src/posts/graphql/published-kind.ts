/** Formats that are published here, as clients name them. */
import { Invalid } from '../../platform/errors.js';
import type { PublishedKind } from '../post.entity.js';
import type { PostKindName } from './post.type.js';

const KINDS: Readonly<Partial<Record<PostKindName, PublishedKind>>> = {
  PHOTO: 'photo',
  VIDEO: 'video',
};

/** As clients name it. */
export function kindName(kind: PublishedKind): PostKindName {
  return kind === 'photo' ? 'PHOTO' : 'VIDEO';
}

/**
 * Reads a format.
 *
 * @throws {Invalid} INVALID_INPUT for one that nobody publishes here
 */
export function toPublishedKind(name: PostKindName, path: readonly string[]): PublishedKind {
  const kind = KINDS[name];
  if (!kind) throw new Invalid('Nobody publishes that here.', path, 'PUBLISHED_HERE');
  return kind;
}
