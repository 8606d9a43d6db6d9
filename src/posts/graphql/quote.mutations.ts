/** Taking quotes away. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { detachQuote } from '../detach-quote.js';
import { postLoader, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

@InputType('DetachQuoteInput', { description: 'Names a post that quotes one of the viewer.' })
export class DetachQuoteInput {
  @Field(() => ID, { description: 'The post that quotes.' })
  postId!: string;
}

@ObjectType('DetachQuotePayload', { description: 'Answer of detachQuote.' })
export class DetachQuotePayload extends Payload {
  @Field(() => PostType, {
    nullable: true,
    description: 'The post, which quotes nothing any more; null when refused.',
  })
  post!: PostSource | null;
}

@Resolver()
export class QuoteMutations {
  @Mutation(() => DetachQuotePayload, {
    description:
      'Take an own post out of a post that quotes it, for good; the rest of that post stays. Doing it twice is the same as once. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:posts')
  detachQuote(
    @Arg('input', () => DetachQuoteInput, { description: 'Which quote.' }) input: DetachQuoteInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const postId = readId('post', input.postId, ['postId']);
        await detachQuote(context, postId);
        return postId;
      },
      async (postId) => ({ post: await load(context, postLoader, postId) }),
    );
  }
}
