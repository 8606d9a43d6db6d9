/** Rules about whole servers, as the staff and everybody else see them. */
import { Args, Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { AdminType } from '../../accounts/graphql/admin.type.js';
import { InstanceType } from '../../accounts/graphql/instance.type.js';
import {
  DOMAIN_SEVERITIES,
  obfuscateDomain,
  type DomainRuleId,
  type DomainRuleRow,
  type DomainSeverity,
} from '../../actors/domain-rule.js';
import { findDomainRules, listDomainRules } from '../../actors/domain-rules.queries.js';
import { readPage, toPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { includesRole, requireRole } from '../../platform/require-viewer.js';
import { exportDomainRules } from '../import-domain-rules.js';

/** A rule as resolvers see it. */
export type DomainRuleSource = DomainRuleRow & NodeSource;

/** GraphQL enum of the severities. */
export const DomainSeverityEnum = describedEnum(
  'DomainSeverity',
  'How far another server is let in.',
  DOMAIN_SEVERITIES,
);

@ObjectType('DomainRule', {
  implements: [Node],
  description:
    'What holds for a domain and everything under it; the rule for the longest name holds. For everybody where it changes what people see, else for the staff.',
})
export class DomainRuleType {
  @Field(() => DomainSeverityEnum, { description: 'How far the server is let in.' })
  severity!: DomainSeverity;

  @Field(() => Boolean, {
    name: 'rejectMedia',
    description: 'No picture of it is fetched, and those that were are dropped.',
  })
  rejectsMedia!: boolean;

  @Field(() => Boolean, {
    name: 'rejectReports',
    description: 'Reports that it sends are not looked at.',
  })
  rejectsReports!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Why, for everybody, in plain text; null when nothing was said.',
  })
  publicComment!: string | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => Boolean, {
    name: 'obfuscate',
    description: 'Everybody but the staff sees only a part of the name.',
  })
  isObfuscated!: boolean;
}

/** Rules: for moderators all, for others those that change what people see. */
export const domainRuleLoader = defineLoader<DomainRuleId, DomainRuleSource>(
  async (context, ids) => {
    const rows = await findDomainRules(context.database, ids, isModerator(context));
    return new Map(rows.map((row) => [row.id, toDomainRuleSource(row)]));
  },
);

/** `domainrule_…` ids. */
export const domainRuleNode = defineNode('domainrule', ['DomainRule'], domainRuleLoader);

function toDomainRuleSource(row: DomainRuleRow): DomainRuleSource {
  return { ...row, nodeType: 'DomainRule' };
}

function isModerator({ viewer }: GraphQLContext): boolean {
  return viewer !== null && includesRole(viewer.role, 'MODERATOR');
}

@Resolver(() => DomainRuleType)
export class DomainRuleFields {
  @FieldResolver(() => String, {
    description: 'The domain; with some letters as * where the staff keeps it from everybody else.',
  })
  domain(@Root() rule: DomainRuleSource, @Ctx() context: GraphQLContext): string {
    return rule.isObfuscated && !isModerator(context) ? obfuscateDomain(rule.domain) : rule.domain;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: 'What the staff noted for itself, in plain text; null for everybody else.',
  })
  @RequiresScope('admin:read:federation')
  privateComment(@Root() rule: DomainRuleSource, @Ctx() context: GraphQLContext): string | null {
    return isModerator(context) ? rule.privateComment : null;
  }
}

@ObjectType('DomainRuleEdge', { description: 'A domain rule and its place in a list.' })
export class DomainRuleEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => DomainRuleType, { description: 'The rule.' })
  node!: DomainRuleSource;
}

@ObjectType('DomainRuleConnection', { description: 'A page of domain rules.' })
export class DomainRuleConnection {
  @Field(() => [DomainRuleEdge], { description: 'Rules with their places.' })
  edges!: DomainRuleEdge[];

  @Field(() => [DomainRuleType], { description: 'The rules alone.' })
  nodes!: DomainRuleSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@Resolver(() => AdminType)
export class AdminDomainRuleFields {
  @FieldResolver(() => DomainRuleConnection, {
    description: 'Rules about other servers, the newest first. Needs the role MODERATOR.',
  })
  @RequiresScope('admin:read:federation')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  domainRules(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<DomainRuleSource>> {
    requireRole(context, 'MODERATOR');
    return pageOfRules(context, args, true);
  }
}

@Resolver(() => AdminType)
export class AdminDomainRuleListFields {
  @FieldResolver(() => String, {
    description:
      'All domain rules as CSV, as importDomainRules and Mastodon read it; without the notes of the staff for itself. Needs the role MODERATOR.',
  })
  @RequiresScope('admin:read:federation')
  @Cost(50)
  domainRulesCsv(@Ctx() context: GraphQLContext): Promise<string> {
    requireRole(context, 'MODERATOR');
    return exportDomainRules(context.database);
  }
}

@Resolver(() => InstanceType)
export class InstanceDomainRuleFields {
  @FieldResolver(() => DomainRuleConnection, {
    description:
      'Servers that are limited or suspended here or whose pictures are not taken, the newest rule first. Public.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  moderatedDomains(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<DomainRuleSource>> {
    return pageOfRules(context, args, false);
  }
}

async function pageOfRules(
  context: GraphQLContext,
  args: PageArgs,
  isStaff: boolean,
): Promise<ConnectionSource<DomainRuleSource>> {
  const request = readPage(args, 1, isUuid);
  const page = toPage(request, await listDomainRules(context.database, isStaff, request));
  return toConnection(page, (row) => [row.id], toDomainRuleSource);
}
