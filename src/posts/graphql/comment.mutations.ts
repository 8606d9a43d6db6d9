/** Commenting, answering, and taking it back. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { encodeCursor } from '../../platform/db/page.js';
import type { EdgeSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce } from '../../platform/graphql/mutation.js';
import { LanguageTagScalar, MarkdownScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import { addComment } from '../add-comment.js';
import { deleteComment } from '../delete-comment.js';
import { updateComment } from '../update-comment.js';
import { CommentEdge, commentKey } from './comment.connection.js';
import { commentLoader, type CommentSource } from './comment.loader.js';
import type { CommentVisibility } from '../comment-visibility.js';
import { CommentType, CommentVisibilityEnum } from './comment.type.js';
import { postLoader, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

@InputType('AddCommentInput', { description: 'A comment, or an answer to one.' })
export class AddCommentInput {
  @Field(() => ID, { description: 'The post.' })
  postId!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The comment of the same post that it answers; null = the post itself.',
  })
  parentId?: string | null;

  @Field(() => MarkdownScalar, {
    description: 'Text, 1–2,200 characters; hashtags and mentions are found in it.',
  })
  content!: string;

  @Field(() => LanguageTagScalar, {
    nullable: true,
    description: 'Language of the text; null = not said.',
  })
  language?: string | null;

  @Field(() => CommentVisibilityEnum, {
    nullable: true,
    description:
      'Whom it is for; cannot be changed later. FOLLOWERS only where all followers see the post and each comment above it that is for fewer people: those of a public, unlisted or local post, or of an own one for followers. Null = AS_POST; below a comment for fewer people FOLLOWERS where that is possible, or else MENTIONED.',
  })
  visibility?: CommentVisibility | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 h answer with the first result; at most 128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('AddCommentPayload', { description: 'Answer of addComment.' })
export class AddCommentPayload extends Payload {
  @Field(() => CommentType, { nullable: true, description: 'The new comment; null when refused.' })
  comment!: CommentSource | null;

  @Field(() => CommentEdge, {
    nullable: true,
    description: 'The new comment with its place in the order TOP; null when refused.',
  })
  commentEdge!: EdgeSource<CommentSource> | null;

  @Field(() => PostType, {
    nullable: true,
    description: 'The post with its new counters; null when refused.',
  })
  post!: PostSource | null;
}

@InputType('UpdateCommentInput', { description: 'What to change about an own comment.' })
export class UpdateCommentInput {
  @Field(() => ID, { description: 'The comment.' })
  commentId!: string;

  @Field(() => MarkdownScalar, { description: 'New text, 1–2,200 characters.' })
  content!: string;
}

@ObjectType('UpdateCommentPayload', { description: 'Answer of updateComment.' })
export class UpdateCommentPayload extends Payload {
  @Field(() => CommentType, {
    nullable: true,
    description: 'The comment after the change; null when refused.',
  })
  comment!: CommentSource | null;
}

@InputType('DeleteCommentInput', { description: 'Names a comment.' })
export class DeleteCommentInput {
  @Field(() => ID, { description: 'The comment: an own one, or one under an own post.' })
  commentId!: string;
}

@ObjectType('DeleteCommentPayload', { description: 'Answer of deleteComment.' })
export class DeleteCommentPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'Id of the comment that is gone; null when refused.',
  })
  deletedCommentId!: string | null;

  @Field(() => PostType, {
    nullable: true,
    description: 'The post with its new counters; null when refused.',
  })
  post!: PostSource | null;
}

@Resolver()
export class CommentMutations {
  @Mutation(() => AddCommentPayload, {
    description:
      'Comment on a post, or answer a comment. At most 300 in an hour. Codes: NOT_FOUND, FORBIDDEN, INVALID_INPUT, RATE_LIMITED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('write:interactions')
  addComment(
    @Arg('input', () => AddCommentInput, { description: 'The comment.' }) input: AddCommentInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answerOnce(
      context,
      'addComment',
      input,
      () =>
        addComment(context, {
          postId: readId('post', input.postId, ['postId']),
          parentId: input.parentId == null ? null : readId('comment', input.parentId, ['parentId']),
          content: input.content,
          language: input.language ?? null,
          visibility: input.visibility ?? null,
        }),
      async (commentId) => {
        const comment = await load(context, commentLoader, commentId);
        const commentEdge = comment && {
          cursor: encodeCursor(commentKey(comment, 'TOP')),
          node: comment,
        };
        return {
          comment,
          commentEdge,
          post: comment && (await load(context, postLoader, comment.postId)),
        };
      },
    );
  }

  @Mutation(() => UpdateCommentPayload, {
    description: 'Change the text of an own comment. Codes: NOT_FOUND, INVALID_INPUT.',
  })
  @RequiresScope('write:interactions')
  updateComment(
    @Arg('input', () => UpdateCommentInput, { description: 'What to change.' })
    input: UpdateCommentInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const commentId = readId('comment', input.commentId, ['commentId']);
        await updateComment(context, { commentId, content: input.content });
        return commentId;
      },
      async (commentId) => ({ comment: await load(context, commentLoader, commentId) }),
    );
  }

  @Mutation(() => DeleteCommentPayload, {
    description:
      'Delete an own comment, also under a post that the viewer does not see any more, or one under an own post, with the answers to it. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:interactions')
  deleteComment(
    @Arg('input', () => DeleteCommentInput, { description: 'Which comment.' })
    input: DeleteCommentInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const commentId = readId('comment', input.commentId, ['commentId']);
        return { commentId, postId: await deleteComment(context, commentId) };
      },
      async ({ commentId, postId }) => ({
        deletedCommentId: toGlobalId('comment', commentId),
        post: await load(context, postLoader, postId),
      }),
    );
  }
}
