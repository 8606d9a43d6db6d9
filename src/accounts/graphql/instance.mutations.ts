/** What administrators change about their server. */
import { Arg, Ctx, Field, ID, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { MarkdownScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import {
  instanceSettings,
  type InstanceSettings,
  type RegistrationMode,
} from '../instance-settings.js';
import { updateInstance } from '../update-instance.js';
import { InstanceType, RegistrationModeEnum } from './instance.type.js';

@InputType('RuleInput', { description: 'A rule of the server.' })
export class RuleInput {
  @Field(() => ID, { nullable: true, description: 'Of a rule that exists; absent for a new one.' })
  id?: string | null;

  @Field(() => String, { description: 'The rule in a sentence, 1–500 characters.' })
  text!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Longer explanation, at most 500 characters.',
  })
  hint?: string | null;
}

@InputType('UpdateInstanceInput', {
  description: 'Absent = unchanged, null = back to the configured default or empty.',
})
export class UpdateInstanceInput {
  @Field(() => String, { nullable: true, description: 'Name, at most 80 characters.' })
  name?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Description in plain text, at most 2,000 characters.',
  })
  description?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Public address of the administrators; null publishes none.',
  })
  contactEmail?: string | null;

  @Field(() => RegistrationModeEnum, { nullable: true, description: 'Who can sign up.' })
  registrationMode?: RegistrationMode | null;

  @Field(() => String, {
    nullable: true,
    description: 'Told to those who come to register; plain text, at most 2,000 characters.',
  })
  registrationMessage?: string | null;

  @Field(() => [RuleInput], {
    nullable: true,
    description: 'All rules in their order, at most 50; those left out are removed.',
  })
  rules?: RuleInput[] | null;

  @Field(() => MarkdownScalar, { nullable: true, description: 'Privacy policy.' })
  privacyPolicy?: string | null;

  @Field(() => MarkdownScalar, { nullable: true, description: 'Terms of service.' })
  termsOfService?: string | null;

  @Field(() => [String], {
    nullable: true,
    description: 'E-mail providers whose addresses are refused, with their subdomains.',
  })
  blockedEmailDomains?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Show what trends before the staff has looked at it; null = no.',
  })
  autoApproveTrends?: boolean | null;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Let everybody make invites, not only the staff; null = yes. With no, invites of others let nobody in any more.',
  })
  membersMayInvite?: boolean | null;
}

@ObjectType('UpdateInstancePayload', { description: 'Result of updateInstance.' })
export class UpdateInstancePayload extends Payload {
  @Field(() => InstanceType, {
    nullable: true,
    description: 'The server as it is now; null when nothing was done.',
  })
  instance!: InstanceType | null;
}

@Resolver()
export class InstanceMutations {
  @Mutation(() => UpdateInstancePayload, {
    description:
      'Change what this server says of itself and who may register. Needs the role ADMIN. Codes: FORBIDDEN, INVALID_INPUT, NOT_FOUND.',
  })
  @RequiresScope('admin:write:instance')
  updateInstance(
    @Arg('input', () => UpdateInstanceInput, { description: 'What to change.' })
    input: UpdateInstanceInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ instance: InstanceSettings }>> {
    return answer(
      context,
      () => {
        const rules = input.rules?.map((rule, index) => ({
          ...rule,
          id: rule.id == null ? null : readId('rule', rule.id, ['rules', String(index), 'id']),
        }));
        return updateInstance(context, { ...input, rules: input.rules === null ? null : rules });
      },
      async () => ({ instance: await instanceSettings(context.database, context.config) }),
    );
  }
}
