/** Pinning posts and putting them away. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { setPostArchived } from '../set-post-archived.js';
import { setPostPinned } from '../set-post-pinned.js';
import { postLoader, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

@InputType('SetPostPinnedInput', { description: 'An own post and whether it is pinned.' })
export class SetPostPinnedInput {
  @Field(() => ID, { description: 'The post.' })
  postId!: string;

  @Field(() => Boolean, { description: 'True pins it, false takes the pin off.' })
  pinned!: boolean;
}

@ObjectType('SetPostPinnedPayload', { description: 'Answer of setPostPinned.' })
export class SetPostPinnedPayload extends Payload {
  @Field(() => PostType, {
    nullable: true,
    description: 'The post after the change; null when refused.',
  })
  post!: PostSource | null;
}

@InputType('SetPostArchivedInput', { description: 'An own post and whether it is put away.' })
export class SetPostArchivedInput {
  @Field(() => ID, { description: 'The post.' })
  postId!: string;

  @Field(() => Boolean, { description: 'True puts it away, false brings it back.' })
  archived!: boolean;
}

@ObjectType('SetPostArchivedPayload', { description: 'Answer of setPostArchived.' })
export class SetPostArchivedPayload extends Payload {
  @Field(() => PostType, {
    nullable: true,
    description: 'The post after the change, which its author goes on seeing; null when refused.',
  })
  post!: PostSource | null;
}

@Resolver()
export class PostShelfMutations {
  @Mutation(() => SetPostPinnedPayload, {
    description:
      'Pin an own post that is PUBLIC, UNLISTED or for FOLLOWERS to the profile, at most 6, or take the pin off. Codes: NOT_FOUND, CONFLICT, LIMIT_EXCEEDED.',
  })
  @RequiresScope('write:posts')
  setPostPinned(
    @Arg('input', () => SetPostPinnedInput, { description: 'Which post.' })
    input: SetPostPinnedInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const postId = readId('post', input.postId, ['postId']);
        await setPostPinned(context, { postId, pinned: input.pinned });
        return postId;
      },
      async (postId) => ({ post: await load(context, postLoader, postId) }),
    );
  }

  @Mutation(() => SetPostArchivedPayload, {
    description:
      'Put an own post away: with its comments it is gone for everybody else, and in no list or count, until it is brought back as it was. A pin is taken off. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  setPostArchived(
    @Arg('input', () => SetPostArchivedInput, { description: 'Which post.' })
    input: SetPostArchivedInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const postId = readId('post', input.postId, ['postId']);
        await setPostArchived(context, { postId, archived: input.archived });
        return postId;
      },
      async (postId) => ({ post: await load(context, postLoader, postId) }),
    );
  }
}
