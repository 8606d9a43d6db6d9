/** The media of a post: in order, each the author's own, ready, used once, and what its format shows. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Visibility } from '../../actors/visibility.js';
import { attachMedia, releaseMedia, setMediaAccess } from '../../media/attach-media.js';
import type { MediaAccess, MediaId, MediaKind } from '../../media/media.entity.js';
import { statement, type Transaction } from '../../platform/db/database.js';
import { Invalid } from '../../platform/errors.js';
import type { CommentId, PostId, PublishedKind } from '../post.entity.js';
import { requireLeaves } from '../remix-leave.js';

/** Most pictures of one post. */
export const ALBUM_LENGTH = 20;

/** What the posts of a format show. */
interface MediaRule {
  readonly kind: MediaKind;
  readonly most: number;
  readonly tooFew: string;
  readonly tooMany: string;
}

const RULES: Readonly<Record<PublishedKind, MediaRule>> = {
  photo: {
    kind: 'image',
    most: ALBUM_LENGTH,
    tooFew: 'A photo post has at least one picture.',
    tooMany: `At most ${ALBUM_LENGTH} pictures.`,
  },
  video: {
    kind: 'video',
    most: 1,
    tooFew: 'A video post has a video.',
    tooMany: 'A video post has one video.',
  },
};

/** Where an asset stands in the input of a mutation, by its index. */
export type PathOf = (index: number) => readonly string[];

/** Where mutations name a whole album. */
export const IN_MEDIA_IDS: PathOf = (index) => ['mediaIds', String(index)];

/** The post that pictures belong to. */
export interface AlbumOwner {
  readonly id: PostId;
  readonly authorId: ActorId;
  readonly visibility: Visibility;
  /** When it was put away; null or absent = it is not. */
  readonly archivedAt?: Date | null | undefined;
}

/** The post whose media change. */
export interface ChangedAlbum extends AlbumOwner {
  readonly kind: PublishedKind;
}

const DROP_ALBUM = statement(
  'posts.drop_album',
  'delete from post_media where post_id = any($1::uuid[]) returning media_id as "mediaId"',
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
 * Refuses media that no post of the format can have.
 *
 * @throws {Invalid} INVALID_INPUT for 0 or more than 20 pictures, for a number of videos other than 1, and for a repeated one
 */
export function requireAlbum(kind: PublishedKind, mediaIds: readonly MediaId[]): void {
  if (mediaIds.length === 0) throw new Invalid(RULES[kind].tooFew, ['mediaIds'], 'MIN_ITEMS', '1');
  requireAlbumLength(kind, mediaIds);
}

/**
 * Refuses more media than one post of the format may have.
 *
 * @throws {Invalid} INVALID_INPUT for more than 20 pictures or 1 video, and for a repeated one
 */
export function requireAlbumLength(kind: PublishedKind, mediaIds: readonly MediaId[]): void {
  const { most, tooMany } = RULES[kind];
  if (mediaIds.length > most) throw new Invalid(tooMany, ['mediaIds'], 'MAX_ITEMS', String(most));
  const repeated = mediaIds.findIndex((id, index) => mediaIds.indexOf(id) !== index);
  if (repeated >= 0) throw new Invalid('Each can be used once.', IN_MEDIA_IDS(repeated), 'UNIQUE');
}

/** What the media of a format are. */
export function mediaKindOf(kind: PublishedKind): MediaKind {
  return RULES[kind].kind;
}

/**
 * Gives a post an album that `requireAlbum` has accepted; pictures that leave it are deleted. Of two
 * posts with the same picture at once, the second one sees that it is taken.
 *
 * @throws {NotFound} NOT_FOUND for a picture of somebody else
 * @throws {Invalid} INVALID_INPUT for one that the format does not show
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED, or ALREADY_EXISTS for one that is in use
 * @throws {Forbidden} FORBIDDEN for a remix whose original may not be used any more
 */
export async function replaceAlbum(
  tx: Transaction,
  now: Date,
  post: ChangedAlbum,
  mediaIds: readonly MediaId[],
  pathOf: PathOf = IN_MEDIA_IDS,
): Promise<void> {
  const dropped = await tx.rows<{ mediaId: MediaId }>(DROP_ALBUM, [[post.id]]);
  const before = dropped.map(({ mediaId }) => mediaId);
  const added = mediaIds.filter((id) => !before.includes(id));
  const removed = before.filter((id) => !mediaIds.includes(id));
  if (added.length > 0) {
    const pathOfAdded: PathOf = (index) => pathOf(mediaIds.indexOf(added[index]!));
    await attachMedia(tx, now, {
      mediaIds: added,
      ownerId: post.authorId,
      purpose: 'POST',
      kind: mediaKindOf(post.kind),
      access: accessOf(post),
      pathOf: pathOfAdded,
    });
    if (post.kind === 'video') await requireLeaves(tx, post.authorId, added, pathOfAdded);
  }
  if (mediaIds.length > 0) await tx.rows(ADD_ALBUM, [post.id, mediaIds]);
  if (removed.length > 0) await releaseMedia(tx, now, removed);
}

/** Ends the albums of posts and comments that go: their media are deleted. */
export async function dropAlbums(
  tx: Transaction,
  now: Date,
  ids: readonly (PostId | CommentId)[],
): Promise<void> {
  const dropped = await tx.rows<{ mediaId: MediaId }>(DROP_ALBUM, [ids]);
  const mediaIds = dropped.map(({ mediaId }) => mediaId);
  if (mediaIds.length > 0) await releaseMedia(tx, now, mediaIds);
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
