/** Reads of bookmarks. Only their owner ever asks; a post that the owner sees no more is left out. */
import type { ActorId } from '../actors/actor.entity.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import { singlePage } from './page-sql.js';
import type { PostId } from './post.entity.js';
import { selectedVisibleTo, selectPosts, type PostRow } from './post.queries.js';

/** A folder of bookmarks. */
export interface BookmarkFolderRow {
  readonly id: Id<'bookmarkfolder'>;
  readonly title: string;
  readonly createdAt: Date;
}

/** A bookmarked post. */
export interface BookmarkedRow extends PostRow {
  /** Place in the list. */
  readonly bookmarkId: Id<'bookmark'>;
}

const SELECT = selectPosts(
  '$3::uuid',
  'bookmarks bookmark join posts p on p.id = bookmark.post_id',
  ['bookmark.id as "bookmarkId"'],
);
const BOOKMARKS = singlePage('bookmarks.all', {
  select: `${SELECT} where bookmark.owner_id = $3 and ${selectedVisibleTo('$3::uuid')}`,
  key: 'bookmark.id',
});
const IN_FOLDER = singlePage('bookmarks.in_folder', {
  select: `${SELECT} where bookmark.folder_id = $4 and bookmark.owner_id = $3 and ${selectedVisibleTo('$3::uuid')}`,
  key: 'bookmark.id',
});
const FOLDERS = statement(
  'bookmark_folders.all',
  `select id, title, created_at as "createdAt" from bookmark_folders where owner_id = $1 order by lower(title), id`,
);
const FOLDERS_BY_ID = statement(
  'bookmark_folders.by_ids',
  `select id, title, created_at as "createdAt" from bookmark_folders where id = any($1::uuid[]) and owner_id = $2`,
);
const FOLDERS_OF_POSTS = statement(
  'bookmark_folders.of_posts',
  `select bookmark.post_id as "postId", folder.id, folder.title, folder.created_at as "createdAt"
   from bookmarks bookmark join bookmark_folders folder on folder.id = bookmark.folder_id
   where bookmark.post_id = any($1::uuid[]) and bookmark.owner_id = $2`,
);

/**
 * A page of the viewer's bookmarks, the last one first.
 *
 * @param folderId null = all, whatever folder they are in
 */
export async function findBookmarks(
  reader: Reader,
  viewerId: ActorId,
  folderId: Id<'bookmarkfolder'> | null,
  request: PageRequest,
): Promise<Page<BookmarkedRow>> {
  const call =
    folderId === null ? BOOKMARKS(request, [viewerId]) : IN_FOLDER(request, [viewerId, folderId]);
  return toPage(request, await reader.rows<BookmarkedRow>(...call));
}

/** All folders of the viewer, by title. */
export function findBookmarkFolders(
  reader: Reader,
  viewerId: ActorId,
): Promise<BookmarkFolderRow[]> {
  return reader.rows<BookmarkFolderRow>(FOLDERS, [viewerId]);
}

/** Folders of the viewer, by id; those of others are left out. */
export function findBookmarkFoldersById(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId,
): Promise<BookmarkFolderRow[]> {
  return reader.rows<BookmarkFolderRow>(FOLDERS_BY_ID, [ids, viewerId]);
}

/** The folders of the viewer's bookmarks of some posts; none for those that are in no folder. */
export function findFoldersOfPosts(
  reader: Reader,
  postIds: readonly string[],
  viewerId: ActorId,
): Promise<(BookmarkFolderRow & { readonly postId: PostId })[]> {
  return reader.rows(FOLDERS_OF_POSTS, [postIds, viewerId]);
}
