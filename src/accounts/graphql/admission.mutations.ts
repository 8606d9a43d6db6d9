/** How the staff lets people in who wait. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { decideRegistration } from '../decide-registration.js';
import { adminAccountLoader, AdminAccountType, type AdminAccountSource } from './admin.type.js';

@InputType('DecideRegistrationInput', {
  description: 'The decision about somebody who waits to be let in.',
})
export class DecideRegistrationInput {
  @Field(() => ID, { description: 'Who.' })
  actorId!: string;

  @Field(() => Boolean, { description: 'True lets the person in.' })
  approve!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Told to the person, at most 1,000 characters.',
  })
  reason?: string | null;
}

@ObjectType('DecideRegistrationPayload', { description: 'Result of decideRegistration.' })
export class DecideRegistrationPayload extends Payload {
  @Field(() => AdminAccountType, {
    nullable: true,
    description: 'The account as it is now; null when nothing was done.',
  })
  actor!: AdminAccountType | null;
}

@Resolver()
export class AdmissionMutations {
  @Mutation(() => DecideRegistrationPayload, {
    description:
      'Let somebody in who waits for approval, or refuse; the person is told by e-mail. Needs the role MODERATOR. Codes: FORBIDDEN, NOT_FOUND, CONFLICT, INVALID_INPUT.',
  })
  @RequiresScope('admin:write:accounts')
  decideRegistration(
    @Arg('input', () => DecideRegistrationInput, { description: 'The decision.' })
    input: DecideRegistrationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ actor: AdminAccountSource | null }>> {
    return answer(
      context,
      () =>
        decideRegistration(context, {
          ...input,
          actorId: readId('actor', input.actorId, ['actorId']),
        }),
      async (accountId) => ({ actor: await load(context, adminAccountLoader, accountId) }),
    );
  }
}
