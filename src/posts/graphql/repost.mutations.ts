/** Reposting. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { setRepost } from '../set-repost.js';
import { postLoader, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

@InputType('SetRepostInput', { description: 'A repost to be made or taken back.' })
export class SetRepostInput {
  @Field(() => ID, { description: 'The post.' })
  postId!: string;

  @Field(() => Boolean, { description: 'True reposts, false takes it back.' })
  reposted!: boolean;
}

@ObjectType('SetRepostPayload', { description: 'Answer of setRepost.' })
export class SetRepostPayload extends Payload {
  @Field(() => PostType, {
    nullable: true,
    description: 'The post with its new counters; null when refused.',
  })
  post!: PostSource | null;
}

@Resolver()
export class RepostMutations {
  @Mutation(() => SetRepostPayload, {
    description:
      'Show a public or unlisted post to the viewer’s followers, or take that back, also when the viewer does not see the post any more. It enters the home timelines of those who follow the viewer now and see their reposts; a post that came into such a timeline within the last day stays where it is. Doing it twice is the same as once. Codes: NOT_FOUND, FORBIDDEN.',
  })
  @RequiresScope('write:interactions')
  setRepost(
    @Arg('input', () => SetRepostInput, { description: 'The repost.' }) input: SetRepostInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const postId = readId('post', input.postId, ['postId']);
        await setRepost(context, { postId, isReposted: input.reposted });
        return postId;
      },
      async (postId) => ({ post: await load(context, postLoader, postId) }),
    );
  }
}
