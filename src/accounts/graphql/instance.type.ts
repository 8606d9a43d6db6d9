/** This server as it describes itself. Slices above add what they know of limits and modules. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { MAX_PAGE_SIZE } from '../../platform/db/page.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import {
  DateTimeScalar,
  HtmlScalar,
  LanguageTagScalar,
  MarkdownScalar,
  UrlScalar,
} from '../../platform/graphql/scalars.js';
import { SOFTWARE } from '../../platform/software.js';
import {
  instanceSettings,
  REGISTRATION_MODES,
  type InstanceRule,
  type InstanceSettings,
  type RegistrationMode,
} from '../instance-settings.js';
import { registrationChallenge, type IssuedChallenge } from '../registration-challenge.js';

/** GraphQL enum of the registration modes. */
export const RegistrationModeEnum = describedEnum(
  'RegistrationMode',
  'Who can sign up.',
  REGISTRATION_MODES,
);

/** A rule and its place. */
export type RuleSource = InstanceRule & NodeSource & { position: number };

/** Loads rules; everybody may read them. */
export const ruleLoader = defineLoader<string, RuleSource>(async (context, ids) => {
  const { rules } = await instanceSettings(context.database, context.config);
  return new Map(
    toRuleSources(rules)
      .filter(({ id }) => ids.includes(id))
      .map((rule) => [rule.id, rule]),
  );
});

/** `rule_…` ids. */
export const ruleNode = defineNode('rule', ['Rule'], ruleLoader);

@ObjectType('Rule', { implements: [Node], description: 'A rule of this server. Public.' })
export class RuleType {
  @Field(() => String, { description: 'The rule in a sentence.' })
  text!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Longer explanation; null when there is none.',
  })
  hint!: string | null;

  @Field(() => Int, { description: 'Place in the order, from 1.' })
  position!: number;
}

@ObjectType('RegistrationChallenge', {
  description: 'A puzzle that the client solves to register. It works once.',
})
export class RegistrationChallengeType {
  @Field(() => String, {
    description: 'JSON of an ALTCHA challenge, version 2, for the `altcha` widget or library.',
  })
  challenge!: string;

  @Field(() => DateTimeScalar, { description: 'From when on it is worthless.' })
  expiresAt!: Date;
}

@ObjectType('RegistrationInfo', { description: 'Who can sign up, and what it takes.' })
export class RegistrationConditions {
  @Field(() => RegistrationModeEnum, { description: 'Who can sign up.' })
  mode!: RegistrationMode;

  @Field(() => HtmlScalar, {
    nullable: true,
    description: 'What the staff tells those who come to register; null when nothing.',
  })
  message!: string | null;

  @Field(() => Int, { nullable: true, description: 'Least age in years; null when there is none.' })
  minimumAge!: number | null;

  @Field(() => Boolean, { description: 'True when registerAccount needs `captchaToken`.' })
  requiresCaptcha!: boolean;

  @Field(() => Boolean, {
    description:
      'Everybody makes invites, not only the staff. In mode INVITE they let in; in mode APPROVAL the staff decides all the same.',
  })
  membersMayInvite!: boolean;

  @Field(() => Boolean, {
    description: 'True when the e-mail address must be confirmed before the account can be used.',
  })
  requiresEmailVerification!: boolean;
}

@ObjectType('InstanceLimits', {
  description: 'Limits that a client must respect, in effect for the token in use.',
})
export class InstanceLimitsType {
  @Field(() => Int, { description: 'Points that one operation may cost.' })
  maxQueryCost!: number;

  @Field(() => Int, { description: 'How deep fields may be nested.' })
  maxQueryDepth!: number;

  @Field(() => Int, { description: 'Most items on one page.' })
  maxPageSize!: number;
}

@ObjectType('InstanceFeatures', { description: 'Modules that are switched on.' })
export class InstanceFeaturesType {
  @Field(() => Boolean, { description: 'Photographs can be published.' })
  photos!: boolean;

  @Field(() => Boolean, {
    description: 'Videos can be published here; those of other servers are shown in any case.',
  })
  videos!: boolean;

  @Field(() => Boolean, { description: 'Stories can be published.' })
  stories!: boolean;

  @Field(() => Boolean, {
    description:
      'People can write to each other in conversations; `Conversation.encryption` says who can read one.',
  })
  chat!: boolean;

  @Field(() => Boolean, {
    description: 'People and posts of other servers can be followed and read here, and ours there.',
  })
  federation!: boolean;

  @Field(() => Boolean, { description: 'Posts and people can be searched for.' })
  search!: boolean;
}

/** The modules that this version is built with; whoever adds one says so here. */
const MODULES: InstanceFeaturesType = {
  photos: true,
  videos: true,
  stories: true,
  chat: true,
  federation: true,
  search: true,
};

@ObjectType('Instance', { description: 'This server. Public.' })
export class InstanceType {
  @Field(() => String, { description: 'Name of the server as people see it.' })
  name!: string;

  @Field(() => String, {
    nullable: true,
    description: 'Public address of the administrators; null when none is published.',
  })
  contactEmail!: string | null;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'Privacy policy; null until there is one.',
  })
  privacyPolicy!: string | null;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'Terms of service; null until there are any.',
  })
  termsOfService!: string | null;

  @Field(() => Boolean, {
    description: 'What trends is shown before the staff has looked at it.',
  })
  autoApproveTrends!: boolean;
}

@Resolver(() => InstanceType)
export class InstanceFields {
  @Query(() => InstanceType, {
    description: 'Description, rules, limits and registration of this server.',
  })
  instance(@Ctx() context: GraphQLContext): Promise<InstanceSettings> {
    return instanceSettings(context.database, context.config);
  }

  @FieldResolver(() => String, { description: 'Domain of local handles.' })
  domain(@Ctx() context: GraphQLContext): string {
    return context.config.publicUrl.host;
  }

  @FieldResolver(() => HtmlScalar, { description: 'What this server is for.' })
  description(@Root() instance: InstanceSettings): string {
    return paragraphs(instance.description);
  }

  @FieldResolver(() => String, { description: 'Name of the software, in lower case.' })
  software(): string {
    return SOFTWARE.name;
  }

  @FieldResolver(() => String, { description: 'Version of the software.' })
  version(): string {
    return SOFTWARE.version;
  }

  @FieldResolver(() => UrlScalar, {
    nullable: true,
    description:
      'Where the source of the running version is; null when the administrators have not said.',
  })
  sourceUrl(@Ctx() context: GraphQLContext): string | null {
    return context.config.instance.sourceUrl;
  }

  @FieldResolver(() => [LanguageTagScalar], {
    description: 'Languages spoken here, the main one first.',
  })
  @ListSize({ assumedSize: 10 })
  languages(@Ctx() context: GraphQLContext): readonly string[] {
    return context.config.instance.languages;
  }

  @FieldResolver(() => [RuleType], { description: 'Rules, in their order.' })
  @ListSize({ assumedSize: 50 })
  rules(@Root() instance: InstanceSettings): RuleSource[] {
    return toRuleSources(instance.rules);
  }

  @FieldResolver(() => RegistrationConditions, {
    description: 'Who can sign up, and what it takes.',
  })
  registrations(
    @Root() instance: InstanceSettings,
    @Ctx() context: GraphQLContext,
  ): RegistrationConditions {
    const { minimumAgeYears, challenge, emailVerification } = context.config.registration;
    return {
      mode: instance.registrationMode,
      message: instance.registrationMessage && paragraphs(instance.registrationMessage),
      minimumAge: minimumAgeYears > 0 ? minimumAgeYears : null,
      requiresCaptcha: challenge !== 'none',
      membersMayInvite: instance.membersMayInvite,
      requiresEmailVerification: emailVerification === 'required',
    };
  }

  @FieldResolver(() => InstanceFeaturesType, { description: 'Modules that are switched on.' })
  features(): InstanceFeaturesType {
    return MODULES;
  }

  @FieldResolver(() => InstanceLimitsType, {
    description: 'Limits in effect for the token in use.',
  })
  limits(@Ctx() { config, viewer }: GraphQLContext): InstanceLimitsType {
    const { maxCost, anonymousMaxCost, maxDepth } = config.graphql;
    return {
      maxQueryCost: viewer ? maxCost : anonymousMaxCost,
      maxQueryDepth: maxDepth,
      maxPageSize: MAX_PAGE_SIZE,
    };
  }

  @FieldResolver(() => UrlScalar, {
    description: 'Where the schema of this API can be read as SDL.',
  })
  schemaSdlUrl(@Ctx() context: GraphQLContext): string {
    return new URL('/graphql/schema.graphql', context.config.publicUrl).href;
  }
}

@Resolver(() => RegistrationConditions)
export class RegistrationConditionsFields {
  @FieldResolver(() => RegistrationChallengeType, {
    nullable: true,
    description: 'A fresh puzzle, another one each time it is asked for; null when none is needed.',
  })
  @Cost(20)
  challenge(@Ctx() context: GraphQLContext): Promise<IssuedChallenge> | null {
    return registrationChallenge(context)?.issue() ?? null;
  }
}

function toRuleSources(rules: readonly InstanceRule[]): RuleSource[] {
  return rules.map((rule, index) => ({ ...rule, nodeType: 'Rule', position: index + 1 }));
}

/** Plain text as HTML: blank lines part paragraphs. */
function paragraphs(text: string): string {
  const escaped = text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
  return escaped
    .split(/\n{2,}/)
    .map((part) => `<p>${part.trim().replaceAll('\n', '<br>')}</p>`)
    .join('');
}
