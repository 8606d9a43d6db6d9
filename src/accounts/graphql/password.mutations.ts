/** Passwords: forgotten, changed, confirmed. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { confirmPassword } from '../prove-password.js';
import { changePassword, requestPasswordReset, resetPassword } from '../replace-password.js';
import { answerOk, OkPayload } from './ok.payload.js';
import { ownViewer } from './own-viewer.js';
import type { ViewerSource } from './viewer.loader.js';
import { ViewerType } from './viewer.type.js';

@InputType('RequestPasswordResetInput', { description: 'Who has forgotten the password.' })
export class RequestPasswordResetInput {
  @Field(() => String, { description: 'E-mail address of the account.' })
  email!: string;
}

@ObjectType('RequestPasswordResetPayload', { description: 'Result of requestPasswordReset.' })
export class RequestPasswordResetPayload extends OkPayload {}

@InputType('ResetPasswordInput', { description: 'A new password by the link of a letter.' })
export class ResetPasswordInput {
  @Field(() => String, { description: 'What stands behind # in the link.' })
  token!: string;

  @Field(() => String, { description: 'New password, 8–256 characters.' })
  password!: string;
}

@ObjectType('ResetPasswordPayload', { description: 'Result of resetPassword.' })
export class ResetPasswordPayload extends OkPayload {}

@InputType('ChangePasswordInput', { description: 'A new password for the old one.' })
export class ChangePasswordInput {
  @Field(() => String, { description: 'The password until now.' })
  currentPassword!: string;

  @Field(() => String, { description: 'New password, 8–256 characters.' })
  password!: string;
}

@ObjectType('ChangePasswordPayload', { description: 'Result of changePassword.' })
export class ChangePasswordPayload extends Payload {
  @Field(() => ViewerType, {
    nullable: true,
    description: 'The account; null when nothing was done.',
  })
  viewer!: ViewerType | null;
}

@InputType('ConfirmPasswordInput', {
  description: 'Proof that the person at the device is still the same.',
})
export class ConfirmPasswordInput {
  @Field(() => String, { description: 'The password.' })
  password!: string;
}

@ObjectType('ConfirmPasswordPayload', { description: 'Result of confirmPassword.' })
export class ConfirmPasswordPayload extends OkPayload {}

@Resolver()
export class PasswordMutations {
  @Mutation(() => RequestPasswordResetPayload, {
    description:
      'Ask for a letter with a link that works for an hour. Succeeds, in the same time, whether or not the address is known. Codes: RATE_LIMITED.',
  })
  requestPasswordReset(
    @Arg('input', () => RequestPasswordResetInput, { description: 'Who.' })
    input: RequestPasswordResetInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<object> & { ok: boolean }> {
    return answerOk(context, () => requestPasswordReset(context, input));
  }

  @Mutation(() => ResetPasswordPayload, {
    description:
      'Set a new password by the link of a letter. Ends every session and token of the account. Codes: EXPIRED, WEAK_PASSWORD, RATE_LIMITED.',
  })
  resetPassword(
    @Arg('input', () => ResetPasswordInput, { description: 'The new password.' })
    input: ResetPasswordInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<object> & { ok: boolean }> {
    return answerOk(context, () => resetPassword(context, input));
  }

  @Mutation(() => ChangePasswordPayload, {
    description:
      'Set a new password for the old one. Other sessions end; the one in use and personal access tokens go on. Codes: INVALID_CREDENTIALS, WEAK_PASSWORD, RATE_LIMITED.',
  })
  @RequiresScope('account:security')
  changePassword(
    @Arg('input', () => ChangePasswordInput, { description: 'Both passwords.' })
    input: ChangePasswordInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ viewer: ViewerSource | null }>> {
    return answer(
      context,
      () => changePassword(context, input),
      async () => ({ viewer: await ownViewer(context) }),
    );
  }

  @Mutation(() => ConfirmPasswordPayload, {
    description:
      'Prove the password again in the running session: for 15 minutes it then may do what answers REAUTHENTICATION_REQUIRED. Codes: INVALID_CREDENTIALS, RATE_LIMITED.',
  })
  @RequiresScope('account:security')
  confirmPassword(
    @Arg('input', () => ConfirmPasswordInput, { description: 'The proof.' })
    input: ConfirmPasswordInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<object> & { ok: boolean }> {
    return answerOk(context, () => confirmPassword(context, input));
  }
}
