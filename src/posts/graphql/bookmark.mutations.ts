/** Bookmarking, and the folders for it. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId, type Id } from '../../platform/ids.js';
import { deleteBookmarkFolder } from '../delete-bookmark-folder.js';
import { saveBookmarkFolder } from '../save-bookmark-folder.js';
import { setBookmark } from '../set-bookmark.js';
import {
  bookmarkFolderLoader,
  BookmarkFolderType,
  type BookmarkFolderSource,
} from './bookmark-folder.type.js';
import { postLoader, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

@InputType('SetBookmarkInput', { description: 'A bookmark to be made, moved or removed.' })
export class SetBookmarkInput {
  @Field(() => ID, { description: 'The post.' })
  postId!: string;

  @Field(() => Boolean, { description: 'True bookmarks, false removes the bookmark.' })
  bookmarked!: boolean;

  @Field(() => ID, {
    nullable: true,
    description:
      'Folder of the viewer to put it into; null = none. Absent leaves a bookmark where it is.',
  })
  folderId?: string | null;
}

@ObjectType('SetBookmarkPayload', { description: 'Answer of setBookmark.' })
export class SetBookmarkPayload extends Payload {
  @Field(() => PostType, {
    nullable: true,
    description: 'The post; null when refused, or when the viewer does not see it any more.',
  })
  post!: PostSource | null;
}

@InputType('SaveBookmarkFolderInput', { description: 'A folder to be made or renamed.' })
export class SaveBookmarkFolderInput {
  @Field(() => ID, { nullable: true, description: 'The folder to rename; null = a new one.' })
  folderId?: string | null;

  @Field(() => String, {
    description: 'Title, 1–100 characters, unique among the folders of the viewer in any case.',
  })
  title!: string;
}

@ObjectType('SaveBookmarkFolderPayload', { description: 'Answer of saveBookmarkFolder.' })
export class SaveBookmarkFolderPayload extends Payload {
  @Field(() => BookmarkFolderType, {
    nullable: true,
    description: 'The folder; null when refused.',
  })
  folder!: BookmarkFolderSource | null;
}

@InputType('DeleteBookmarkFolderInput', { description: 'Names a folder of the viewer.' })
export class DeleteBookmarkFolderInput {
  @Field(() => ID, { description: 'The folder.' })
  folderId!: string;
}

@ObjectType('DeleteBookmarkFolderPayload', { description: 'Answer of deleteBookmarkFolder.' })
export class DeleteBookmarkFolderPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the folder that is gone; null when refused.',
  })
  deletedFolderId!: string | null;
}

@Resolver()
export class BookmarkMutations {
  @Mutation(() => SetBookmarkPayload, {
    description:
      'Bookmark a post for the viewer alone, move the bookmark to another folder, or remove it. Doing it twice is the same as once; nobody is told. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:interactions')
  setBookmark(
    @Arg('input', () => SetBookmarkInput, { description: 'The bookmark.' }) input: SetBookmarkInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const postId = readId('post', input.postId, ['postId']);
        await setBookmark(context, {
          postId,
          isBookmarked: input.bookmarked,
          folderId: readFolderId(input.folderId),
        });
        return postId;
      },
      async (postId) => ({ post: await load(context, postLoader, postId) }),
    );
  }

  @Mutation(() => SaveBookmarkFolderPayload, {
    description:
      'Make a folder for bookmarks, or rename one. Codes: INVALID_INPUT, NOT_FOUND, ALREADY_EXISTS, LIMIT_EXCEEDED.',
  })
  @RequiresScope('write:interactions')
  saveBookmarkFolder(
    @Arg('input', () => SaveBookmarkFolderInput, { description: 'The folder.' })
    input: SaveBookmarkFolderInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () =>
        saveBookmarkFolder(context, {
          folderId: readFolderId(input.folderId) ?? null,
          title: input.title,
        }),
      async (folderId) => ({ folder: await load(context, bookmarkFolderLoader, folderId) }),
    );
  }

  @Mutation(() => DeleteBookmarkFolderPayload, {
    description: 'Delete a folder; the posts in it stay bookmarked. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:interactions')
  deleteBookmarkFolder(
    @Arg('input', () => DeleteBookmarkFolderInput, { description: 'Which folder.' })
    input: DeleteBookmarkFolderInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const folderId = readId('bookmarkfolder', input.folderId, ['folderId']);
        await deleteBookmarkFolder(context, folderId);
        return folderId;
      },
      (folderId) => ({ deletedFolderId: toGlobalId('bookmarkfolder', folderId) }),
    );
  }
}

/** Absent stays absent. */
function readFolderId(
  globalId: string | null | undefined,
): Id<'bookmarkfolder'> | null | undefined {
  return globalId == null ? globalId : readId('bookmarkfolder', globalId, ['folderId']);
}
