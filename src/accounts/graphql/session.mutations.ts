/** Ending sessions, and tokens for programs. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, answerOnce, type Answer } from '../../platform/graphql/mutation.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { parseGlobalId } from '../../platform/ids.js';
import { NotFound } from '../../platform/errors.js';
import { createPersonalAccessToken } from '../create-personal-access-token.js';
import { revokeSession } from '../revoke-session.js';
import type { SessionId } from '../session.entity.js';
import {
  PersonalAccessTokenType,
  personalAccessTokenLoader,
  type SessionSource,
} from './session.type.js';

@InputType('RevokeSessionInput', { description: 'Which session is to end.' })
export class RevokeSessionInput {
  @Field(() => ID, { description: 'The session; the current one too.' })
  sessionId!: string;
}

@ObjectType('RevokeSessionPayload', { description: 'Result of revokeSession.' })
export class RevokeSessionPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'The session that has ended; null when nothing was done.',
  })
  revokedSessionId!: string | null;
}

@InputType('CreatePersonalAccessTokenInput', { description: 'A token for a program.' })
export class CreatePersonalAccessTokenInput {
  @Field(() => String, { description: 'What the program is called, 1–100 characters.' })
  name!: string;

  @Field(() => [String], {
    description: 'What it may do: at least one scope, none that the token in use lacks.',
  })
  scopes!: string[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it stops working, at most a year from now; absent = in a year.',
  })
  expiresAt?: Date | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Makes a repeat within 24 hours answer the first result, without the token’s text; 1–128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('CreatePersonalAccessTokenPayload', {
  description: 'Result of createPersonalAccessToken.',
})
export class CreatePersonalAccessTokenPayload extends Payload {
  @Field(() => PersonalAccessTokenType, {
    nullable: true,
    description: 'The token without its text; null when nothing was done.',
  })
  personalAccessToken!: PersonalAccessTokenType | null;

  @Field(() => String, {
    nullable: true,
    description: 'Its text, shown this once; null for a repeat, and when nothing was done.',
  })
  token!: string | null;
}

@InputType('RevokePersonalAccessTokenInput', { description: 'Which token is to stop working.' })
export class RevokePersonalAccessTokenInput {
  @Field(() => ID, { description: 'The token.' })
  tokenId!: string;
}

@ObjectType('RevokePersonalAccessTokenPayload', {
  description: 'Result of revokePersonalAccessToken.',
})
export class RevokePersonalAccessTokenPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'The token that stopped working; null when nothing was done.',
  })
  revokedTokenId!: string | null;
}

@Resolver()
export class SessionMutations {
  @Mutation(() => RevokeSessionPayload, {
    description:
      'End a session of the viewer; its open sockets are closed within seconds. Codes: NOT_FOUND.',
  })
  @RequiresScope('account:security')
  revokeSession(
    @Arg('input', () => RevokeSessionInput, { description: 'Which one.' })
    input: RevokeSessionInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ revokedSessionId: string }>> {
    const { sessionId } = input;
    return answer(
      context,
      () =>
        revokeSession(context, sessionIdOf('session', sessionId, ['sessionId']), 'SESSION', [
          'sessionId',
        ]),
      () => ({ revokedSessionId: sessionId }),
    );
  }

  @Mutation(() => CreatePersonalAccessTokenPayload, {
    description:
      'Make a token for a program of one’s own; it is shown once. Needs a proof of the password within the last 15 minutes, by signIn or confirmPassword. Codes: REAUTHENTICATION_REQUIRED, INVALID_INPUT, LIMIT_EXCEEDED, IDEMPOTENCY_KEY_REUSED.',
  })
  @RequiresScope('account:security')
  createPersonalAccessToken(
    @Arg('input', () => CreatePersonalAccessTokenInput, { description: 'The token.' })
    input: CreatePersonalAccessTokenInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ personalAccessToken: SessionSource | null; token: string | null }>> {
    // What a repeat answers is stored: the token's text must not be.
    let token: string | null = null;
    return answerOnce(
      context,
      'createPersonalAccessToken',
      input,
      async () => {
        const issued = await createPersonalAccessToken(context, input);
        token = issued.token;
        return issued.tokenId;
      },
      async (tokenId) => ({
        personalAccessToken: await load(context, personalAccessTokenLoader, tokenId),
        token,
      }),
    );
  }

  @Mutation(() => RevokePersonalAccessTokenPayload, {
    description:
      'Make a personal access token of the viewer worthless; its open sockets are closed within seconds. Codes: NOT_FOUND.',
  })
  @RequiresScope('account:security')
  revokePersonalAccessToken(
    @Arg('input', () => RevokePersonalAccessTokenInput, { description: 'Which one.' })
    input: RevokePersonalAccessTokenInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ revokedTokenId: string }>> {
    const { tokenId } = input;
    return answer(
      context,
      () =>
        revokeSession(context, sessionIdOf('accesstoken', tokenId, ['tokenId']), 'PERSONAL', [
          'tokenId',
        ]),
      () => ({ revokedTokenId: tokenId }),
    );
  }
}

/** Both kinds are rows of one table; outside their ids have different prefixes. */
function sessionIdOf(
  kind: 'session' | 'accesstoken',
  globalId: string,
  path: readonly string[],
): SessionId {
  const parsed = parseGlobalId(globalId);
  if (parsed?.kind !== kind) throw new NotFound(path);
  return parsed.id as SessionId;
}
