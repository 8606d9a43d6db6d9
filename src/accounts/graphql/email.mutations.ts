/** E-mail addresses: proven, changed, taken back. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { changeEmail, undoEmailChange } from '../change-email.js';
import type { RegistrationStep } from '../register-account.js';
import { requestEmailVerification, verifyEmail } from '../verify-email.js';
import { answerOk, OkPayload } from './ok.payload.js';
import { ownViewer } from './own-viewer.js';
import { RegistrationStepEnum } from './register-account.mutations.js';
import type { ViewerSource } from './viewer.loader.js';
import { ViewerType } from './viewer.type.js';

@InputType('VerifyEmailInput', { description: 'The link of a letter.' })
export class VerifyEmailInput {
  @Field(() => String, { description: 'What stands behind # in the link.' })
  token!: string;
}

@ObjectType('VerifyEmailPayload', { description: 'Result of verifyEmail.' })
export class VerifyEmailPayload extends Payload {
  @Field(() => ViewerType, {
    nullable: true,
    description:
      'The account of the token in use; null when the request is anonymous or nothing was done.',
  })
  viewer!: ViewerType | null;

  @Field(() => RegistrationStepEnum, {
    nullable: true,
    description: 'What is still missing before the account can be used; null when nothing is.',
  })
  nextStep!: RegistrationStep | null;
}

@InputType('RequestEmailVerificationInput', { description: 'Whose address is to be proven.' })
export class RequestEmailVerificationInput {
  @Field(() => String, {
    nullable: true,
    description: 'Address of a new account; absent = that of the viewer.',
  })
  email?: string | null;
}

@ObjectType('RequestEmailVerificationPayload', {
  description: 'Result of requestEmailVerification.',
})
export class RequestEmailVerificationPayload extends OkPayload {}

@InputType('ChangeEmailInput', { description: 'Another address.' })
export class ChangeEmailInput {
  @Field(() => String, { description: 'The password.' })
  currentPassword!: string;

  @Field(() => String, { description: 'The new address.' })
  email!: string;
}

@ObjectType('ChangeEmailPayload', { description: 'Result of changeEmail.' })
export class ChangeEmailPayload extends Payload {
  @Field(() => ViewerType, {
    nullable: true,
    description: 'The account, with `pendingEmail`; null when nothing was done.',
  })
  viewer!: ViewerType | null;
}

@InputType('UndoEmailChangeInput', { description: 'The link of the letter to the old address.' })
export class UndoEmailChangeInput {
  @Field(() => String, { description: 'What stands behind # in the link.' })
  token!: string;
}

@ObjectType('UndoEmailChangePayload', { description: 'Result of undoEmailChange.' })
export class UndoEmailChangePayload extends OkPayload {}

@Resolver()
export class EmailMutations {
  @Mutation(() => VerifyEmailPayload, {
    description:
      'Prove an address by the link of a letter: completes a registration or a change of address. Codes: EXPIRED, RATE_LIMITED.',
  })
  verifyEmail(
    @Arg('input', () => VerifyEmailInput, { description: 'The link.' }) input: VerifyEmailInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ viewer: ViewerSource | null; nextStep: RegistrationStep | null }>> {
    return answer(
      context,
      () => verifyEmail(context, input),
      async (nextStep) => ({ viewer: await ownViewer(context), nextStep }),
    );
  }

  @Mutation(() => RequestEmailVerificationPayload, {
    description:
      'Ask for the letter with the link again. Succeeds whether or not the address waits for one. Codes: RATE_LIMITED.',
  })
  requestEmailVerification(
    @Arg('input', () => RequestEmailVerificationInput, { description: 'Whose address.' })
    input: RequestEmailVerificationInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<object> & { ok: boolean }> {
    return answerOk(context, () => requestEmailVerification(context, input));
  }

  @Mutation(() => ChangeEmailPayload, {
    description:
      'Ask for another address. It takes effect when the new address is proven; the old one is told, with a link that takes it back within 72 hours. Codes: INVALID_CREDENTIALS, INVALID_INPUT, RATE_LIMITED.',
  })
  @RequiresScope('account:security')
  changeEmail(
    @Arg('input', () => ChangeEmailInput, { description: 'The other address.' })
    input: ChangeEmailInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ viewer: ViewerSource | null }>> {
    return answer(
      context,
      () => changeEmail(context, input),
      async () => ({ viewer: await ownViewer(context) }),
    );
  }

  @Mutation(() => UndoEmailChangePayload, {
    description:
      'Take a change of address back by the link in the letter to the old one. Ends every session and token, makes the password worthless, and sends a letter for a new one to the old address. Codes: EXPIRED, RATE_LIMITED.',
  })
  undoEmailChange(
    @Arg('input', () => UndoEmailChangeInput, { description: 'The link.' })
    input: UndoEmailChangeInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<object> & { ok: boolean }> {
    return answerOk(context, () => undoEmailChange(context, input));
  }
}
