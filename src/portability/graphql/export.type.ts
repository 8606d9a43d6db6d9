/** Exports, as their owner sees them. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { ViewerSource } from '../../accounts/graphql/viewer.loader.js';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { JobStateEnum, type JobState } from '../../platform/graphql/job-progress.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { BigIntScalar, DateTimeScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { EXPORT_FORMATS, type ExportId, type ExportRow, type ExportFormat } from '../export-row.js';
import { findExports, LISTED_EXPORTS, listExports } from '../exports.queries.js';
import { exportUrl } from '../export-url.js';

/** GraphQL enum of the formats. */
export const ExportFormatEnum = describedEnum<ExportFormat>(
  'ExportFormat',
  'What an export holds.',
  EXPORT_FORMATS,
);

/** An export as resolvers see it. */
export type OwnExport = ExportRow & NodeSource;

@ObjectType('DataExport', {
  implements: [Node],
  description: 'An archive of what is the viewer’s own. Only its owner ever sees it.',
})
@RequiresScope('account:portability')
export class ExportType {
  @Field(() => ExportFormatEnum, { description: 'What it holds.' })
  format!: ExportFormat;

  @Field(() => JobStateEnum, { description: 'How far it is.' })
  state!: JobState;

  @Field(() => Int, { description: 'How much of it is written, 0–100.' })
  progressPercent!: number;

  @Field(() => DateTimeScalar, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When its file is removed; null until it is done.',
  })
  expiresAt!: Date | null;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Size of the file in bytes; null until it is done.',
  })
  sizeBytes!: bigint | null;
}

@Resolver(() => ExportType)
export class ExportFields {
  @FieldResolver(() => UrlScalar, {
    nullable: true,
    description:
      'Where the file (tar.gz) is fetched within an hour, by whoever has the link; ask again for a new one. Null until it is done and when the file was removed.',
  })
  downloadUrl(@Root() row: OwnExport, @Ctx() context: GraphQLContext): string | null {
    return exportUrl(context, row);
  }
}

@Resolver(() => ViewerType)
export class ViewerExportFields {
  @FieldResolver(() => [ExportType], {
    description: 'Exports that the viewer asked for, newest first; the last 20.',
  })
  @RequiresScope('account:portability')
  @ListSize({ assumedSize: LISTED_EXPORTS })
  async exports(
    @Root() viewer: ViewerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<OwnExport[]> {
    return (await listExports(context.database, viewer.id)).map(toExportSource);
  }
}

/** Shapes a row. */
export function toExportSource(row: ExportRow): OwnExport {
  return { ...row, nodeType: 'DataExport' };
}

/** Loads the viewer's own exports; anybody else's are not there. */
export const exportLoader = defineLoader<ExportId, OwnExport>(async ({ database, viewer }, ids) => {
  const rows = viewer ? await findExports(database, viewer.accountId, ids) : [];
  return new Map(rows.map((row) => [row.id, toExportSource(row)]));
});

/** `dataexport_…` ids. */
export const exportNode = defineNode('dataexport', ['DataExport'], exportLoader);
