/** Imports, as their owner sees them. */
import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { ViewerSource } from '../../accounts/graphql/viewer.loader.js';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { JobStateEnum, type JobState } from '../../platform/graphql/job-progress.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import {
  IMPORT_MODES,
  IMPORT_SOURCES,
  ROW_OUTCOMES,
  type ImportId,
  type ImportRow,
  type ImportLine,
  type ImportMode,
  type ImportSource,
  type RowOutcome,
} from '../import-row.js';
import { findImports, findLines, listImports } from '../imports.queries.js';
import { KEPT_IMPORTS } from '../start-import.js';

/** GraphQL enum of the sources. */
export const ImportSourceEnum = describedEnum<ImportSource>(
  'ImportSource',
  'What an imported file lists; the files are those that Mastodon exports.',
  IMPORT_SOURCES,
);

/** GraphQL enum of the modes. */
export const ImportModeEnum = describedEnum<ImportMode>(
  'ImportMode',
  'What an import does with what is there already.',
  IMPORT_MODES,
);

const OutcomeEnum = describedEnum<RowOutcome>(
  'ImportOutcome',
  'What became of a line of an imported file.',
  ROW_OUTCOMES,
);

/** An import as resolvers see it. */
export type OwnImport = ImportRow & NodeSource;

@ObjectType('DataImport', {
  implements: [Node],
  description: 'A list that the viewer brings along. Only its owner ever sees it.',
})
@RequiresScope('account:portability')
export class ImportType {
  @Field(() => ImportSourceEnum, { description: 'What the file lists.' })
  source!: ImportSource;

  @Field(() => ImportModeEnum, { description: 'What happens to what is there already.' })
  mode!: ImportMode;

  @Field(() => JobStateEnum, { description: 'How far it is.' })
  state!: JobState;

  @Field(() => Int, { description: 'Lines of the file.' })
  total!: number;

  @Field(() => Int, { description: 'Lines whose turn has yet to come.' })
  waiting!: number;

  @Field(() => Int, { description: 'Lines that were taken in, or would be.' })
  imported!: number;

  @Field(() => Int, { description: 'Lines that said what was so already.' })
  unchanged!: number;

  @Field(() => Int, {
    description: 'Lines about other servers that wait until this one knows what they name.',
  })
  pending!: number;

  @Field(() => Int, { description: 'Lines that cannot be taken in.' })
  failed!: number;

  @Field(() => Int, {
    description:
      'What OVERWRITE took away as the file does not name it; with DRY_RUN what it would.',
  })
  removed!: number;

  @Field(() => DateTimeScalar, { description: 'When it was begun.' })
  createdAt!: Date;
}

@ObjectType('DataImportLine', {
  description: 'A line of an imported file, and what became of it. Only its owner ever sees it.',
  simpleResolvers: true,
})
export class ImportLineType {
  @Field(() => Int, { description: 'Where it stands in the file; the first line is 1.' })
  line!: number;

  @Field(() => String, { description: 'What it says, at most 500 characters.' })
  text!: string;

  @Field(() => OutcomeEnum, { description: 'What became of it.' })
  outcome!: RowOutcome;

  @Field(() => String, {
    nullable: true,
    description:
      'Why, of a line that waits or failed: NOT_KNOWN_YET, or an `ErrorCode`. Null for all others.',
  })
  reason!: string | null;
}

@ObjectType('DataImportLineEdge', {
  description: 'A line and its place in the list.',
  simpleResolvers: true,
})
export class ImportLineEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => ImportLineType, { description: 'The line.' })
  node!: ImportLineType;
}

@ObjectType('DataImportLineConnection', {
  description: 'A page of lines of an imported file.',
  simpleResolvers: true,
})
export class ImportLineConnection {
  @Field(() => [ImportLineEdge], { description: 'Lines with their places.' })
  edges!: ImportLineEdge[];

  @Field(() => [ImportLineType], { description: 'The lines alone.' })
  nodes!: ImportLineType[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null, as the counters of the import say it.',
  })
  totalCount!: number | null;
}

/** Arguments of the lines of an import. */
@ArgsType()
export class ImportLineArgs extends PageArgs {
  @Field(() => [OutcomeEnum], {
    nullable: true,
    description: 'Only lines with one of these outcomes; null = all.',
  })
  outcomes?: RowOutcome[] | null;
}

const linesLoader = definePageLoader(
  (context, importIds, outcomes: readonly RowOutcome[] | null, request) =>
    findLines(context.database, importIds, outcomes, request),
);

@Resolver(() => ImportType)
export class ImportFields {
  @FieldResolver(() => ImportLineConnection, {
    description: 'The lines of the file in their order, each with what became of it.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async lines(
    @Root() { id: ownerId }: OwnImport,
    @Args(() => ImportLineArgs) args: ImportLineArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ImportLine>> {
    const request = readPage(args, 1, (part) => /^\d{1,9}$/.test(part));
    const variant = args.outcomes ?? null;
    const page = await load(context, linesLoader, { ownerId, variant, request });
    return toConnection(
      page!,
      ({ line }) => [String(line)],
      (row) => row,
    );
  }
}

@Resolver(() => ViewerType)
export class ViewerImportFields {
  @FieldResolver(() => [ImportType], {
    description: 'Imports that the viewer began, newest first; the last 20.',
  })
  @RequiresScope('account:portability')
  @ListSize({ assumedSize: KEPT_IMPORTS })
  async imports(
    @Root() viewer: ViewerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<OwnImport[]> {
    return (await listImports(context.database, viewer.id)).map(toImportSource);
  }
}

function toImportSource(row: ImportRow): OwnImport {
  return { ...row, nodeType: 'DataImport' };
}

/** Loads the viewer's own imports; anybody else's are not there. */
export const importLoader = defineLoader<ImportId, OwnImport>(async ({ database, viewer }, ids) => {
  const rows = viewer ? await findImports(database, viewer.accountId, ids) : [];
  return new Map(rows.map((row) => [row.id, toImportSource(row)]));
});

/** `dataimport_…` ids. */
export const importNode = defineNode('dataimport', ['DataImport'], importLoader);
