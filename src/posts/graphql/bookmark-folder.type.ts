/** A folder of bookmarks. */
import { Field, ObjectType } from 'type-graphql';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import type { Id } from '../../platform/ids.js';
import { findBookmarkFoldersById, type BookmarkFolderRow } from '../bookmark.queries.js';

/** A folder as resolvers see it. */
export type BookmarkFolderSource = BookmarkFolderRow & NodeSource;

/** Shapes a row. */
export function toBookmarkFolderSource(row: BookmarkFolderRow): BookmarkFolderSource {
  return { ...row, nodeType: 'BookmarkFolder' };
}

/** Loads folders of the viewer; those of others are not there. */
export const bookmarkFolderLoader = defineLoader<Id<'bookmarkfolder'>, BookmarkFolderSource>(
  async (context, ids) => {
    const viewerId = context.viewer?.actorId;
    if (!viewerId) return new Map();
    const rows = await findBookmarkFoldersById(context.database, ids, viewerId);
    return new Map(rows.map((row) => [row.id, toBookmarkFolderSource(row)]));
  },
);

/** `bookmarkfolder_…` ids. */
export const bookmarkFolderNode = defineNode(
  'bookmarkfolder',
  ['BookmarkFolder'],
  bookmarkFolderLoader,
);

@ObjectType('BookmarkFolder', {
  implements: Node,
  description: 'A folder of bookmarks. Only its owner sees it.',
  simpleResolvers: true,
})
export class BookmarkFolderType {
  @Field(() => String, { description: 'Its title, unique among the folders of its owner.' })
  title!: string;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;
}
