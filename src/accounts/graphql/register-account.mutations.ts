/** Becoming a member. */
import { createHash } from 'node:crypto';
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import { toActorSource, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { findActors } from '../../actors/actor.queries.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { answer, once, type Answer } from '../../platform/graphql/mutation.js';
import { DateScalar, DateTimeScalar, LanguageTagScalar } from '../../platform/graphql/scalars.js';
import { Payload, UserError } from '../../platform/graphql/user-error.js';
import { registerAccount, REGISTRATION_STEPS, type RegistrationStep } from '../register-account.js';

/** GraphQL enum of the missing steps. */
export const RegistrationStepEnum = describedEnum(
  'RegistrationStep',
  'What is still missing before a new account can be used.',
  REGISTRATION_STEPS,
);

@ObjectType('UsernameTakenError', {
  implements: UserError,
  description: 'The name is taken or reserved; alternatives were free at the time of the answer.',
})
export class UsernameTakenError extends UserError {
  @Field(() => [String], { description: 'Up to three free names that look like the wanted one.' })
  suggestions!: readonly string[];
}

@InputType('RegisterAccountInput', { description: 'A new account of this server.' })
export class RegisterAccountInput {
  @Field(() => String, {
    description:
      '1–30 characters: letters from a to z, digits and _. Stored in lower case, for good.',
  })
  username!: string;

  @Field(() => String, { description: 'E-mail address; never shown to others.' })
  email!: string;

  @Field(() => String, {
    description: '8–256 characters; the ones everybody tries first are refused.',
  })
  password!: string;

  @Field(() => LanguageTagScalar, {
    nullable: true,
    description: 'Language of messages and mails; `en` when absent.',
  })
  language?: string | null;

  @Field(() => DateScalar, {
    nullable: true,
    description:
      'Day of birth. Needed where `instance.registrations.minimumAge` is set; compared with it and not kept.',
  })
  birthDate?: string | null;

  @Field(() => Boolean, {
    description: 'True once the person has accepted rules, privacy policy and terms of service.',
  })
  agreedToRules!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Code or address of an invite (`invitePreview` says whether it is valid); needed in mode INVITE. In mode APPROVAL it stands for a reason, and one of the staff makes approval needless.',
  })
  inviteCode?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Why the person wants to join, for the staff, 1–1,000 characters; needed in mode APPROVAL without an invite.',
  })
  reason?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'Solution of `instance.registrations.challenge`: base64 of the JSON {challenge, solution}. Needed where there is a challenge; works once.',
  })
  captchaToken?: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The one-time token that the server prints while it has no owner: makes this account the owner, in any registration mode.',
  })
  setupToken?: string | null;

  @Field(() => Boolean, { defaultValue: true, description: 'False when no session is wanted.' })
  startSession!: boolean;

  @Field(() => String, {
    nullable: true,
    description:
      'Makes a repeat within 24 hours answer the first result, without a session token: sign in. 1–128 characters.',
  })
  idempotencyKey?: string | null;
}

@ObjectType('RegisterAccountPayload', { description: 'Result of registerAccount.' })
export class RegisterAccountPayload extends Payload {
  @Field(() => String, {
    nullable: true,
    description:
      'Session token, shown this once. Null when a step is missing, none was wanted, for a repeat, or when nothing was done.',
  })
  token!: string | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the session ends unless it is used; null without a token.',
  })
  expiresAt!: Date | null;

  @Field(() => ActorType, {
    nullable: true,
    description:
      'The new profile; others see it once no step is missing. Null when nothing was done.',
  })
  actor!: ActorType | null;

  @Field(() => RegistrationStepEnum, {
    nullable: true,
    description:
      'Set when the e-mail address must be confirmed or the staff must approve; null when the account can be used.',
  })
  nextStep!: RegistrationStep | null;
}

/** Fields of the payload as the resolver fills them. */
interface RegistrationFields {
  token: string | null;
  expiresAt: Date | null;
  actor: ActorSource | null;
  nextStep: RegistrationStep | null;
}

@Resolver()
export class RegisterAccountMutations {
  @Mutation(() => RegisterAccountPayload, {
    description:
      'Create a local account. Answers a session token where no further step is needed, else the step that is missing. An e-mail address that is known already is answered like any other. Codes: INVALID_INPUT, WEAK_PASSWORD, USERNAME_TAKEN, REGISTRATION_CLOSED, CAPTCHA_REQUIRED, EXPIRED (invite or setup token), ALREADY_EXISTS (setup only), IDEMPOTENCY_KEY_REUSED, RATE_LIMITED.',
  })
  registerAccount(
    @Arg('input', () => RegisterAccountInput, { description: 'The new account.' })
    input: RegisterAccountInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<RegistrationFields>> {
    const owner = { mutation: 'registerAccount', ownerId: nameKey(input.username) };
    return answer(
      context,
      () => registerAccount(context, input, (write) => once(context, owner, input, write)),
      async ({ actorId, nextStep, session }) => {
        const actor = (await findActors(context.database, [actorId]))[0];
        return {
          token: session?.token ?? null,
          expiresAt: session?.expiresAt ?? null,
          actor: actor ? toActorSource(actor) : null,
          nextStep,
        };
      },
    );
  }
}

/** Who registers has no account yet: the wanted name tells the keys of one person from those of others. */
function nameKey(username: string): string {
  const digest = createHash('sha256')
    .update(`username:${username.trim().toLowerCase()}`)
    .digest('hex');
  return [8, 12, 16, 20, 32]
    .map((end, index, ends) => digest.slice(ends[index - 1] ?? 0, end))
    .join('-');
}
