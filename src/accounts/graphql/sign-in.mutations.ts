/** Coming and going. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { signIn } from '../sign-in.js';
import { signOut } from '../sign-out.js';
import { answerOk, OkPayload } from './ok.payload.js';
import { provenViewer } from './own-viewer.js';
import type { ViewerSource } from './viewer.loader.js';
import { ViewerType } from './viewer.type.js';

@InputType('SignInInput', { description: 'Who signs in.' })
export class SignInInput {
  @Field(() => String, {
    description:
      'Username, handle of this server, or e-mail address. An address means the account that has confirmed it.',
  })
  login!: string;

  @Field(() => String, { description: 'Password.' })
  password!: string;

  @Field(() => String, {
    nullable: true,
    description: 'What the session is called in the list of sessions, at most 100 characters.',
  })
  deviceName?: string | null;
}

@ObjectType('SignInPayload', { description: 'Result of signIn.' })
export class SignInPayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description: 'Session token, shown this once; null when nothing was done.',
  })
  token!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the session ends unless it is used before; null without a token.',
  })
  expiresAt!: Date | null;

  @Field(() => ViewerType, {
    nullable: true,
    description:
      'The account that signed in. Its scoped fields need the new token: ask for them in the next request.',
  })
  viewer!: ViewerType | null;
}

@ObjectType('SignOutPayload', { description: 'Result of signOut.' })
export class SignOutPayload extends OkPayload {}

@Resolver()
export class SignInMutations {
  @Mutation(() => SignInPayload, {
    description:
      'Password sign-in of first-party clients; answers a session token with every scope of the role. Same answer and timing for unknown names. An account that its owner deleted is kept if they sign in before it is erased. Codes: INVALID_CREDENTIALS, RATE_LIMITED and, after the right password, EMAIL_UNVERIFIED, APPROVAL_REQUIRED, ACCOUNT_SUSPENDED.',
  })
  signIn(
    @Arg('input', () => SignInInput, { description: 'Who signs in.' }) input: SignInInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ token: string; expiresAt: Date; viewer: ViewerSource | null }>> {
    return answer(
      context,
      () => signIn(context, input),
      async ({ id, token, expiresAt }) => ({
        token,
        expiresAt,
        viewer: await provenViewer(context, id),
      }),
    );
  }

  @Mutation(() => SignOutPayload, {
    description:
      'End the session of the token in use; its open sockets are closed. Codes: FORBIDDEN when nobody is signed in.',
  })
  signOut(@Ctx() context: GraphQLContext): Promise<Answer<object> & { ok: boolean }> {
    return answerOk(context, () => signOut(context));
  }
}
