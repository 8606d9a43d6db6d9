/** Making and ending rules about whole servers. */
import { Arg, Ctx, Field, ID, InputType, Int, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { DomainSeverity } from '../../actors/domain-rule.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { readId } from '../../platform/ids.js';
import { importDomainRules } from '../import-domain-rules.js';
import { deleteDomainRule, saveDomainRule } from '../save-domain-rule.js';
import {
  domainRuleLoader,
  DomainRuleType,
  DomainSeverityEnum,
  type DomainRuleSource,
} from './domain-rule.type.js';

@InputType('SaveDomainRuleInput', { description: 'What holds for a domain from now on.' })
export class SaveDomainRuleInput {
  @Field(() => String, {
    description:
      'Domain of another server, in ASCII or Unicode; everything under it is meant, too.',
  })
  domain!: string;

  @Field(() => DomainSeverityEnum, { description: 'How far the server is let in.' })
  severity!: DomainSeverity;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Fetch no picture of it, and drop those that were.',
  })
  rejectMedia!: boolean;

  @Field(() => Boolean, { defaultValue: false, description: 'Look at no report that it sends.' })
  rejectReports!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for everybody, in plain text, at most 2,000 characters; null = nothing.',
  })
  publicComment?: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Note for the staff alone, at most 2,000 characters; null = nothing.',
  })
  privateComment?: string | null;

  @Field(() => Boolean, {
    defaultValue: false,
    description: 'Show everybody but the staff only a part of the name.',
  })
  obfuscate!: boolean;
}

@ObjectType('SaveDomainRulePayload', { description: 'Answer of saveDomainRule.' })
export class SaveDomainRulePayload extends Payload {
  @Field(() => DomainRuleType, {
    nullable: true,
    description: 'The rule as it stands now; null when refused.',
  })
  rule!: DomainRuleSource | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Accepted follows between people here and there that end with it, in both directions; null when refused.',
  })
  severedRelationships!: number | null;
}

@InputType('DeleteDomainRuleInput', { description: 'Which rule ends.' })
export class DeleteDomainRuleInput {
  @Field(() => ID, { description: 'The rule.' })
  ruleId!: string;
}

@ObjectType('DeleteDomainRulePayload', { description: 'Answer of deleteDomainRule.' })
export class DeleteDomainRulePayload extends Payload {
  @Field(() => ID, { nullable: true, description: 'The rule that is gone; null when refused.' })
  deletedRuleId!: string | null;
}

@InputType('ImportDomainRulesInput', { description: 'A list of domain rules.' })
export class ImportDomainRulesInput {
  @Field(() => String, {
    description:
      'Content of the file: CSV with the columns #domain, #severity, #reject_media, #reject_reports, #public_comment and #obfuscate, as Mastodon exports it. Longer lists than a request may hold go through `triptych domains import`.',
  })
  csv!: string;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Change nothing, and tell what would happen.',
  })
  dryRun!: boolean;
}

@ObjectType('ImportDomainRulesPayload', { description: 'Answer of importDomainRules.' })
export class ImportDomainRulesPayload extends Payload {
  @Field(() => Int, { nullable: true, description: 'Rules that are new; null when refused.' })
  added!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Rules that were there and are stricter now; null when refused.',
  })
  changed!: number | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Lines that say nothing new or nothing that can be a rule, such as names shown in part; null when refused.',
  })
  skipped!: number | null;

  @Field(() => [Int], {
    nullable: true,
    description:
      'Numbers of the first 100 of those lines that can be no rule, from 1, the titles counted; null when refused.',
  })
  @ListSize({ assumedSize: 100 })
  unreadableLines!: readonly number[] | null;

  @Field(() => Int, {
    nullable: true,
    description:
      'Accepted follows between people here and there that end with it, in both directions; null when refused.',
  })
  severedRelationships!: number | null;
}

@Resolver()
export class DomainRuleMutations {
  @Mutation(() => SaveDomainRulePayload, {
    description:
      'Make a rule for a domain and everything under it, or replace the one there is as a whole, comments included. It holds at once; what is stored follows within moments. Needs the role MODERATOR; recorded. Codes: FORBIDDEN, INVALID_INPUT.',
  })
  @RequiresScope('admin:write:federation')
  saveDomainRule(
    @Arg('input', () => SaveDomainRuleInput, { description: 'The rule.' })
    input: SaveDomainRuleInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () =>
        saveDomainRule(context, {
          domain: input.domain,
          severity: input.severity,
          rejectsMedia: input.rejectMedia,
          rejectsReports: input.rejectReports,
          publicComment: input.publicComment ?? null,
          privateComment: input.privateComment ?? null,
          isObfuscated: input.obfuscate,
        }),
      async ({ id, severed }) => ({
        rule: await load(context, domainRuleLoader, id),
        severedRelationships: severed,
      }),
    );
  }

  @Mutation(() => ImportDomainRulesPayload, {
    description:
      'Take in a list of domain rules. Those that are there become stricter where the list is, never milder. Needs the role MODERATOR; recorded. Codes: FORBIDDEN, INVALID_INPUT.',
  })
  @RequiresScope('admin:write:federation')
  importDomainRules(
    @Arg('input', () => ImportDomainRulesInput, { description: 'The list.' })
    { csv, dryRun }: ImportDomainRulesInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      () => importDomainRules(context, csv, dryRun),
      ({ severed, unreadable, ...counts }) => ({
        ...counts,
        unreadableLines: unreadable,
        severedRelationships: severed,
      }),
    );
  }

  @Mutation(() => DeleteDomainRulePayload, {
    description:
      'End a rule. What was hidden by it is shown again; follows that it ended do not come back. Needs the role MODERATOR; recorded. Codes: FORBIDDEN, NOT_FOUND.',
  })
  @RequiresScope('admin:write:federation')
  deleteDomainRule(
    @Arg('input', () => DeleteDomainRuleInput, { description: 'The rule.' })
    { ruleId }: DeleteDomainRuleInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        await deleteDomainRule(context, readId('domainrule', ruleId, ['ruleId']));
        return ruleId;
      },
      (deletedRuleId) => ({ deletedRuleId }),
    );
  }
}
