/** Taking everything along. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import type { ExportFormat } from '../export-row.js';
import { requestExport } from '../request-export.js';
import { ExportType, ExportFormatEnum, exportLoader, type OwnExport } from './export.type.js';

@InputType('RequestExportInput', { description: 'What to export.' })
export class RequestExportInput {
  @Field(() => ExportFormatEnum, { description: 'What the archive holds.' })
  format!: ExportFormat;

  @Field(() => Boolean, {
    defaultValue: true,
    description: 'Whether an ACTIVITYPUB_ARCHIVE holds the files of pictures too.',
  })
  includeMedia!: boolean;
}

@ObjectType('RequestExportPayload', { description: 'Result of requestExport.' })
export class RequestExportPayload extends Payload {
  @Field(() => ExportType, {
    nullable: true,
    description: 'The export, which is written from now on; null when nothing was done.',
  })
  export!: ExportType | null;
}

@Resolver()
export class ExportMutations {
  @Mutation(() => RequestExportPayload, {
    description:
      'Have an archive written of what is one’s own. One at a time, and one of each format within the days that the server sets; those that failed do not count. Codes: CONFLICT while another one is being written, RATE_LIMITED.',
  })
  @RequiresScope('account:portability')
  requestExport(
    @Arg('input', () => RequestExportInput, { description: 'What to export.' })
    input: RequestExportInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ export: OwnExport | null }>> {
    const { format, includeMedia: includesMedia } = input;
    return answer(
      context,
      () => requestExport(context, { format, includesMedia }),
      async (id) => ({ export: await load(context, exportLoader, id) }),
    );
  }
}
