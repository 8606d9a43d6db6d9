/** The viewer's bookmarks and their folders, and the folder that a post is in. */
import { Args, ArgsType, Ctx, Field, FieldResolver, ID, Resolver, Root } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { isUuid, readId } from '../../platform/ids.js';
import { hasAnyScope } from '../../platform/scopes.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { findBookmarkFolders, findBookmarks, findFoldersOfPosts } from '../bookmark.queries.js';
import { BOOKMARK_FOLDERS } from '../save-bookmark-folder.js';
import {
  BookmarkFolderType,
  toBookmarkFolderSource,
  type BookmarkFolderSource,
} from './bookmark-folder.type.js';
import { PostConnection } from './post.connection.js';
import { toPostSource, type PostSource } from './post.loader.js';
import { PostViewerStateType } from './post.type.js';

/** Arguments of the list of bookmarks. */
@ArgsType()
export class BookmarkPageArgs extends PageArgs {
  @Field(() => ID, {
    nullable: true,
    description: 'Only what is in this folder; null = all bookmarks.',
  })
  folderId?: string | null;
}

@Resolver(() => ViewerType)
export class ViewerBookmarkFields {
  @FieldResolver(() => PostConnection, {
    description:
      'Posts that the viewer bookmarked and may still see, the last bookmarked first. Only the viewer ever sees it. Empty for a folder that is not the viewer’s.',
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async bookmarks(
    @Args(() => BookmarkPageArgs) args: BookmarkPageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 1, isUuid);
    const folderId =
      args.folderId == null ? null : readId('bookmarkfolder', args.folderId, ['folderId']);
    const page = await findBookmarks(context.database, actorId, folderId, request);
    return toConnection(page, (row) => [row.bookmarkId], toPostSource);
  }

  @FieldResolver(() => [BookmarkFolderType], {
    description: 'The viewer’s folders of bookmarks, at most 200, by title.',
  })
  @RequiresScope('read:posts')
  @ListSize({ assumedSize: BOOKMARK_FOLDERS / 10 })
  async bookmarkFolders(@Ctx() context: GraphQLContext): Promise<BookmarkFolderSource[]> {
    const { actorId } = requireViewer(context);
    return (await findBookmarkFolders(context.database, actorId)).map(toBookmarkFolderSource);
  }
}

const folderLoader = defineLoader<string, BookmarkFolderSource>(async (context, postIds) => {
  const viewerId = context.viewer?.actorId;
  if (!viewerId) return new Map();
  const rows = await findFoldersOfPosts(context.database, postIds, viewerId);
  return new Map(rows.map((row) => [row.postId, toBookmarkFolderSource(row)]));
});

@Resolver(() => PostViewerStateType)
export class PostBookmarkFields {
  @FieldResolver(() => BookmarkFolderType, {
    nullable: true,
    description:
      'The folder that the viewer’s bookmark is in. Null when it is in none, when there is no bookmark, and without the scope read:posts.',
  })
  bookmarkFolder(
    @Root() { postId }: { readonly postId: string },
    @Ctx() context: GraphQLContext,
  ): Promise<BookmarkFolderSource | null> | null {
    if (!hasAnyScope(context.viewer?.scopes ?? [], ['read:posts'])) return null;
    return load(context, folderLoader, postId);
  }
}
