/** The pictures of a post: in order, each the author's own, ready, and used once. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Visibility } from '../../actors/visibility.js';
import { attachMedia, releaseMedia, setMediaAccess } from '../../media/attach-media.js';
import type { MediaAccess, MediaId } from '../../media/media.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { Invalid } from '../../platform/errors.js';
import type { PostId } from '../post.entity.js';

/** Most pictures of one post. */
export const ALBUM_LENGTH = 20;

/** The post that pictures belong to. */
export interface AlbumOwner {
  readonly id: PostId;
  readonly authorId: ActorId;
  readonly visibility: Visibility;
  /** When it was put away; null or absent = it is not. */
  readonly archivedAt?: Date | null | undefined;
}

const DROP_ALBUM = statement(
  'posts.drop_album',
  'delete from post_media where post_id = $1 returning media_id as "mediaId"',
);
const ADD_ALBUM = statement(
  'posts.add_album',
  `insert into post_media (post_id, media_id, position)
   select $1, id, place - 1 from unnest($2::uuid[]) with ordinality as t(id, place)`,
);
const ALBUM = statement(
  'posts.album',
  'select media_id as "mediaId" from post_media where post_id = $1 order by position',
);

/**
 * Refuses an album of no post.
 *
 * @throws {Invalid} INVALID_INPUT for 0 or more than 20 pictures, and for a repeated one
 */
export function requireAlbum(mediaIds: readonly MediaId[]): void {
  if (mediaIds.length === 0) {
    throw new Invalid('A photo post has at least one picture.', ['mediaIds'], 'MIN_ITEMS', '1');
  }
  requireAlbumLength(mediaIds);
}

/**
 * Refuses more pictures than one post may have.
 *
 * @throws {Invalid} INVALID_INPUT for more than 20 pictures, and for a repeated one
 */
export function requireAlbumLength(mediaIds: readonly MediaId[]): void {
  if (mediaIds.length > ALBUM_LENGTH) {
    throw new Invalid(
      `At most ${ALBUM_LENGTH} pictures.`,
      ['mediaIds'],
      'MAX_ITEMS',
      String(ALBUM_LENGTH),
    );
  }
  const repeated = mediaIds.findIndex((id, index) => mediaIds.indexOf(id) !== index);
  if (repeated >= 0) {
    throw new Invalid('Each picture can be used once.', ['mediaIds', String(repeated)], 'UNIQUE');
  }
}

/**
 * Gives a post an album that `requireAlbum` has accepted; pictures that leave it are deleted. Of two
 * posts with the same picture at once, the second one sees that it is taken.
 *
 * @throws {NotFound} NOT_FOUND for a picture of somebody else
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED, or ALREADY_EXISTS for one that is in use
 */
export async function replaceAlbum(
  tx: Transaction,
  now: Date,
  post: AlbumOwner,
  mediaIds: readonly MediaId[],
): Promise<void> {
  const dropped = await tx.rows<{ mediaId: MediaId }>(DROP_ALBUM, [post.id]);
  const before = dropped.map(({ mediaId }) => mediaId);
  const added = mediaIds.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !mediaIds.includes(id));
  if (added.length > 0) {
    await attachMedia(tx, now, {
      mediaIds: added,
      ownerId: post.authorId,
      purpose: 'POST',
      access: accessOf(post),
      pathOf: (index) => ['mediaIds', String(mediaIds.indexOf(added[index]!))],
    });
  }
  if (mediaIds.length > 0) await tx.rows(ADD_ALBUM, [post.id, mediaIds]);
  if (removed.length > 0) await releaseMedia(tx, now, removed);
}

/** Lets everybody fetch the pictures of a post that everybody sees, and nobody without a signed link all others. */
export async function openAlbum(tx: Transaction, post: AlbumOwner): Promise<void> {
  await setMediaAccess(tx, await findAlbum(tx, post.id), accessOf(post));
}

function accessOf({ visibility, archivedAt }: AlbumOwner): MediaAccess {
  const isOpen = archivedAt == null && (visibility === 'PUBLIC' || visibility === 'UNLISTED');
  return isOpen ? 'PUBLIC' : 'PRIVATE';
}

/** The pictures of a post, in order. */
export async function findAlbum(tx: Transaction, postId: PostId): Promise<MediaId[]> {
  return (await tx.rows<{ mediaId: MediaId }>(ALBUM, [postId])).map(({ mediaId }) => mediaId);
}
