/** Making invites, and taking them back. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce, type Answer } from '../../platform/graphql/mutation.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import {
  createInvite,
  MEMBER_INVITE_DAYS,
  MEMBER_INVITE_USES,
  MEMBER_INVITES,
} from '../create-invite.js';
import { revokeInvite } from '../revoke-invite.js';
import { inviteLoader, InviteType, type InviteSource } from './invite.type.js';

@InputType('CreateInviteInput', { description: 'A new invite.' })
export class CreateInviteInput {
  @Field(() => Int, {
    nullable: true,
    description: `How many may register with it; absent = any number for the staff, ${MEMBER_INVITE_USES} for others, who may not give more.`,
  })
  maxUses?: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: `From when on it is worthless; absent = never for the staff, in ${MEMBER_INVITE_DAYS} days for others, who may not give a later one.`,
  })
  expiresAt?: Date | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Who registers with it follows its maker from the start; the invite says so.',
  })
  followInviter!: boolean;

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

@InputType('RevokeInviteInput', { description: 'Names an invite.' })
export class RevokeInviteInput {
  @Field(() => ID, { description: 'The invite.' })
  inviteId!: string;
}

@ObjectType('RevokeInvitePayload', { description: 'Result of revokeInvite.' })
export class RevokeInvitePayload extends Payload {
  @Field(() => InviteType, {
    nullable: true,
    description: 'The invite as it is now; null when nothing was done.',
  })
  invite!: InviteType | null;
}

@Resolver()
export class InviteMutations {
  @Mutation(() => CreateInvitePayload, {
    description: `Make an invite. Who has the role MODERATOR and a token with admin:write:instance makes one of the staff, which spares approval and is recorded; everybody else may have ${MEMBER_INVITES} open ones where members may invite (\`instance.registrations.membersMayInvite\`). Codes: FORBIDDEN, INVALID_INPUT, LIMIT_EXCEEDED, RATE_LIMITED, IDEMPOTENCY_KEY_REUSED.`,
  })
  @RequiresScope('write:account', 'admin:write:instance')
  createInvite(
    @Arg('input', () => CreateInviteInput, { description: 'The new invite.' })
    input: CreateInviteInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ invite: InviteSource | null }>> {
    const { maxUses, expiresAt, followInviter: followsInviter } = input;
    return answerOnce(
      context,
      'createInvite',
      input,
      () => createInvite(context, { maxUses, expiresAt, followsInviter }),
      async (id) => ({ invite: await load(context, inviteLoader, id) }),
    );
  }

  @Mutation(() => RevokeInvitePayload, {
    description:
      'Take an own invite back, or as one of the staff anybody’s, which is recorded: nobody registers with it any more; who has stays. A repeat changes nothing. Codes: NOT_FOUND.',
  })
  @RequiresScope('write:account', 'admin:write:instance')
  revokeInvite(
    @Arg('input', () => RevokeInviteInput, { description: 'Which invite.' })
    input: RevokeInviteInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ invite: InviteSource | null }>> {
    return answer(
      context,
      async () => {
        const id = readId('invite', input.inviteId, ['inviteId']);
        await revokeInvite(context, id);
        return id;
      },
      async (id) => ({ invite: await load(context, inviteLoader, id) }),
    );
  }
}
