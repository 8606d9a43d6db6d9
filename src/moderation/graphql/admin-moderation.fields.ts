/** The queue and the record, for the staff. */
import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  ObjectType,
  Resolver,
} from 'type-graphql';
import { AdminType } from '../../accounts/graphql/admin.type.js';
import { readPage, toPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { isUuid, readId } from '../../platform/ids.js';
import { requireRole } from '../../platform/require-viewer.js';
import type { ReportStatus } from '../report.js';
import { listReports } from '../reports.queries.js';
import { ReportStatusEnum, ReportType, toReportSource, type ReportSource } from './report.type.js';

@ObjectType('ReportEdge', { description: 'A report and its place in a list.' })
export class ReportEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => ReportType, { description: 'The report.' })
  node!: ReportSource;
}

@ObjectType('ReportConnection', { description: 'A page of reports.' })
export class ReportConnection {
  @Field(() => [ReportEdge], { description: 'Reports with their places.' })
  edges!: ReportEdge[];

  @Field(() => [ReportType], { description: 'The reports alone.' })
  nodes!: ReportSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Arguments of the queue. */
@ArgsType()
export class ReportArgs extends PageArgs {
  @Field(() => ReportStatusEnum, {
    nullable: true,
    defaultValue: 'OPEN',
    description: 'Only those that stand there; null = all.',
  })
  status?: ReportStatus | null;

  @Field(() => ID, { nullable: true, description: 'Only those about this actor; null = all.' })
  targetId?: string | null;
}

@Resolver(() => AdminType)
export class AdminReportFields {
  @FieldResolver(() => ReportConnection, {
    description: 'Reports, first come first. Needs the role MODERATOR.',
  })
  @RequiresScope('admin:read:reports')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async reports(
    @Args(() => ReportArgs) args: ReportArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ReportSource>> {
    requireRole(context, 'MODERATOR');
    const request = readPage(args, 1, isUuid);
    const targetId = args.targetId == null ? null : readId('actor', args.targetId, ['targetId']);
    const choice = { status: args.status ?? null, targetId };
    const page = toPage(request, await listReports(context.database, choice, request));
    return toConnection(page, (row) => [row.id], toReportSource);
  }
}
