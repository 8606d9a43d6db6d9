/** How the staff lets people in: decisions and invites. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce, type Answer } from '../../platform/graphql/mutation.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { decideRegistration } from '../decide-registration.js';
import { createInvite } from '../invites.js';
import { adminAccountLoader, AdminAccountType, type AdminAccountSource } from './admin.type.js';
import { inviteLoader, InviteType, type InviteSource } from './invite.type.js';

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

@InputType('CreateInviteInput', { description: 'A new invite.' })
export class CreateInviteInput {
  @Field(() => Int, {
    nullable: true,
    description: 'How many may register with it; absent = any number.',
  })
  maxUses?: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on it is worthless; absent = never.',
  })
  expiresAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description: 'Makes a repeat within 24 hours answer the first result; 1–128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('CreateInvitePayload', { description: 'Result of createInvite.' })
export class CreateInvitePayload extends Payload {
  @Field(() => InviteType, {
    nullable: true,
    description: 'The invite; null when nothing was done.',
  })
  invite!: InviteType | null;
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

  @Mutation(() => CreateInvitePayload, {
    description:
      'Make an invite. Needs the role MODERATOR. Codes: FORBIDDEN, INVALID_INPUT, RATE_LIMITED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('admin:write:instance')
  createInvite(
    @Arg('input', () => CreateInviteInput, { description: 'The new invite.' })
    input: CreateInviteInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ invite: InviteSource | null }>> {
    return answerOnce(
      context,
      'createInvite',
      input,
      () => createInvite(context, input),
      async (id) => ({ invite: await load(context, inviteLoader, id) }),
    );
  }
}
