/** Blocking whole servers for oneself. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { setDomainBlock } from '../set-domain-block.js';

@InputType('SetDomainBlockInput', { description: 'Which server to block or unblock.' })
export class SetDomainBlockInput {
  @Field(() => String, {
    description: 'Domain in ASCII or Unicode; everything under it is meant, too.',
  })
  domain!: string;

  @Field(() => Boolean, { description: 'True blocks, false lifts the block.' })
  blocked!: boolean;
}

@ObjectType('SetDomainBlockPayload', { description: 'Answer of setDomainBlock.' })
export class SetDomainBlockPayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description: 'The domain as it is kept; null when refused.',
  })
  domain!: string | null;
}

@Resolver()
export class DomainBlockMutations {
  @Mutation(() => SetDomainBlockPayload, {
    description:
      'Block or unblock a whole server for oneself: its people are in no timeline, search, suggestion or notification of the viewer, what they write to the viewer is not heard, follows between them and the viewer end and none begins. Their profiles, and what they comment, stay readable. Codes: INVALID_INPUT, LIMIT_EXCEEDED for more than 1,000.',
  })
  @RequiresScope('write:relationships')
  setDomainBlock(
    @Arg('input', () => SetDomainBlockInput, { description: 'The server.' })
    input: SetDomainBlockInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => setDomainBlock(context, input),
      (domain) => ({ domain }),
    );
  }
}
