/** Bringing lists along. */
import { Arg, Ctx, Field, InputType, Mutation, ObjectType, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer, type Answer } from '../../platform/graphql/mutation.js';
import { Payload } from '../../platform/graphql/user-error.js';
import type { ImportMode, ImportSource } from '../import-row.js';
import { startImport } from '../start-import.js';
import {
  ImportType,
  ImportModeEnum,
  ImportSourceEnum,
  importLoader,
  type OwnImport,
} from './import.type.js';

@InputType('StartImportInput', { description: 'A file to take in.' })
export class StartImportInput {
  @Field(() => ImportSourceEnum, { description: 'What the file lists.' })
  source!: ImportSource;

  @Field(() => String, {
    description: 'Content of the file: CSV, at most 200,000 characters and 5,000 lines.',
  })
  csv!: string;

  @Field(() => ImportModeEnum, {
    defaultValue: 'MERGE',
    description: 'What happens to what is there already.',
  })
  mode!: ImportMode;
}

@ObjectType('StartImportPayload', { description: 'Result of startImport.' })
export class StartImportPayload extends Payload {
  @Field(() => ImportType, {
    nullable: true,
    description: 'The import, which is taken in from now on; null when nothing was done.',
  })
  import!: ImportType | null;
}

@Resolver()
export class ImportMutations {
  @Mutation(() => StartImportPayload, {
    description:
      'Take a list in that another server exported. Each line follows the rules and limits that hold for the person; where a limit is reached, it goes on when that allows. Codes: INVALID_INPUT for a file that cannot be read (single lines that cannot are named in the report), CONFLICT while another one is taken in, RATE_LIMITED.',
  })
  @RequiresScope('account:portability')
  startImport(
    @Arg('input', () => StartImportInput, { description: 'The file.' }) input: StartImportInput,
    @Ctx() context: GraphQLContext,
  ): Promise<Answer<{ import: OwnImport | null }>> {
    return answer(
      context,
      () => startImport(context, input),
      async (id) => ({ import: await load(context, importLoader, id) }),
    );
  }
}
