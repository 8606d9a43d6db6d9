/** Leaving for good. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { deleteAccount } from '../delete-account.js';

@InputType('DeleteAccountInput', { description: 'Proof that the owner of the account asks.' })
export class DeleteAccountInput {
  @Field(() => String, { description: 'The password.' })
  password!: string;
}

@ObjectType('DeleteAccountPayload', { description: 'Result of deleteAccount.' })
export class DeleteAccountPayload extends Payload {
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When everything is erased for good; signing in before then calls it off. Null when nothing was done.',
  })
  scheduledFor!: Date | null;
}

@Resolver()
export class DeleteAccountMutations {
  @Mutation(() => DeleteAccountPayload, {
    description:
      'Delete the own account. At once every session ends and nobody sees the profile or anything published any more; a letter tells when everything is erased. Signing in before then calls it off. The name is never given to anybody else. Codes: INVALID_CREDENTIALS, RATE_LIMITED, FORBIDDEN for the owner of the server.',
  })
  @RequiresScope('account:portability')
  deleteAccount(
    @Arg('input', () => DeleteAccountInput, { description: 'The proof.' })
    input: DeleteAccountInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ scheduledFor: Date }>> {
    return answer(
      context,
      () => deleteAccount(context, input),
      (scheduledFor) => ({ scheduledFor }),
    );
  }
}
