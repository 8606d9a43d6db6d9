/** What the author of a post does with the comments under it, and the pinned ones. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  ID,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { findPinnedComments } from '../comment.queries.js';
import type { CommentId, PostId } from '../post.entity.js';
import { setCommentHidden } from '../set-comment-hidden.js';
import { PINNED_COMMENTS, setCommentPinned } from '../set-comment-pinned.js';
import { isSeenAsRead } from './around.js';
import { commentLoader, toCommentSource, type CommentSource } from './comment.loader.js';
import { CommentType } from './comment.type.js';
import { postLoader, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

@InputType('SetCommentPinnedInput', { description: 'A comment to be pinned or not.' })
export class SetCommentPinnedInput {
  @Field(() => ID, { description: 'The comment: of the first level, under an own post.' })
  commentId!: string;

  @Field(() => Boolean, { description: 'True pins, false lifts that.' })
  pinned!: boolean;
}

@InputType('SetCommentHiddenInput', { description: 'A comment to be hidden or shown.' })
export class SetCommentHiddenInput {
  @Field(() => ID, { description: 'The comment, under an own post.' })
  commentId!: string;

  @Field(() => Boolean, { description: 'True hides, false shows it again.' })
  hidden!: boolean;
}

@ObjectType({ description: 'What a change of a comment by the author of the post answers.' })
abstract class CuratedCommentPayload extends Payload {
  @Field(() => CommentType, {
    nullable: true,
    description: 'The comment after the change; null when refused.',
  })
  comment!: CommentSource | null;

  @Field(() => PostType, {
    nullable: true,
    description: 'The post with its new counters; null when refused.',
  })
  post!: PostSource | null;
}

@ObjectType('SetCommentPinnedPayload', { description: 'Answer of setCommentPinned.' })
export class SetCommentPinnedPayload extends CuratedCommentPayload {}

@ObjectType('SetCommentHiddenPayload', { description: 'Answer of setCommentHidden.' })
export class SetCommentHiddenPayload extends CuratedCommentPayload {}

@Resolver()
export class CommentCurationMutations {
  @Mutation(() => SetCommentPinnedPayload, {
    description:
      'Pin a comment under an own post above the others, at most three, or lift that. Doing it twice is the same as once. Codes: NOT_FOUND, INVALID_INPUT, LIMIT_EXCEEDED.',
  })
  @RequiresScope('write:interactions')
  setCommentPinned(
    @Arg('input', () => SetCommentPinnedInput, { description: 'What to pin.' })
    input: SetCommentPinnedInput,
    @Ctx() context: GraphQLContext,
  ) {
    return curate(context, input.commentId, (commentId) =>
      setCommentPinned(context, { commentId, isPinned: input.pinned }),
    );
  }

  @Mutation(() => SetCommentHiddenPayload, {
    description:
      'Hide a comment under an own post, with the answers to it, or show it again: only who wrote it and the author of the post see a hidden comment, and no counter tells of it. Its author is not notified, but sees it marked. Hiding lifts a pin. Doing it twice is the same as once. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:interactions')
  setCommentHidden(
    @Arg('input', () => SetCommentHiddenInput, { description: 'What to hide.' })
    input: SetCommentHiddenInput,
    @Ctx() context: GraphQLContext,
  ) {
    return curate(context, input.commentId, (commentId) =>
      setCommentHidden(context, { commentId, isHidden: input.hidden }),
    );
  }
}

const pinnedLoader = defineLoader<PostId, CommentSource[]>(async (context, ids) => {
  const viewerId = context.readerId;
  const pinned = new Map<string, CommentSource[]>();
  for (const row of await findPinnedComments(
    context.database,
    ids,
    viewerId,
    context.clock.now(),
  )) {
    const known = pinned.get(row.ownerId) ?? [];
    pinned.set(row.ownerId, [...known, toCommentSource(row, viewerId)]);
  }
  return pinned;
});

@Resolver(() => PostType)
export class PinnedCommentFields {
  @FieldResolver(() => [CommentType], {
    description:
      'Comments that the author of the post pinned, at most three, the last pinned first, as far as the viewer may see them. They stand in `comments`, too.',
  })
  @ListSize({ assumedSize: PINNED_COMMENTS })
  async pinnedComments(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<CommentSource[]> {
    if (!(await isSeenAsRead(context, post.id))) return [];
    return (await load(context, pinnedLoader, post.id)) ?? [];
  }
}

/** Runs a command on the named comment and answers with it and its post as they are afterwards. */
function curate(
  context: GraphQLContext,
  globalId: string,
  command: (commentId: CommentId) => Promise<PostId>,
): Promise<Answer<{ comment: CommentSource | null; post: PostSource | null }>> {
  return answer(
    context,
    async () => {
      const commentId = readId('comment', globalId, ['commentId']);
      return { commentId, postId: await command(commentId) };
    },
    async ({ commentId, postId }) => ({
      comment: await load(context, commentLoader, commentId),
      post: await load(context, postLoader, postId),
    }),
  );
}
