/** How far exports and imports are, live, for their owner. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { NotFound } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { requireScope } from '../../platform/graphql/enforce-scopes.js';
import {
  JobProgressType,
  type JobPhase,
  type JobProgressSource,
  type ProgressDefinition,
} from '../../platform/graphql/job-progress.js';
import { load } from '../../platform/graphql/loader.js';
import { parseGlobalId, readId, toGlobalId } from '../../platform/ids.js';
import type { ExportId } from '../export-row.js';
import type { ImportId } from '../import-row.js';
import {
  exportFailed,
  exportProgressed,
  exportReady,
  exportRequested,
  importFailed,
  importFinished,
  importProgressed,
  importRequested,
  workTopic,
} from '../portability.events.js';
import { exportLoader, ExportType, type OwnExport } from './export.type.js';
import { importLoader, ImportType, type OwnImport } from './import.type.js';

type Phases = Readonly<Record<string, (event: { readonly percent: number }) => JobPhase>>;

const queued = (): JobPhase => ({ state: 'QUEUED', stage: null, progressPercent: 0 });
const done = (): JobPhase => ({ state: 'SUCCEEDED', stage: null, progressPercent: 100 });
const failed = (): JobPhase => ({ state: 'FAILED', stage: null, progressPercent: 0 });
const running =
  (stage: JobPhase['stage']) =>
  ({ percent }: { readonly percent: number }): JobPhase => ({
    state: 'RUNNING',
    stage,
    progressPercent: percent,
  });

const EXPORT_PHASES: Phases = {
  [exportRequested.name]: queued,
  [exportProgressed.name]: running('EXPORT'),
  [exportReady.name]: done,
  [exportFailed.name]: failed,
};
const IMPORT_PHASES: Phases = {
  [importRequested.name]: queued,
  [importProgressed.name]: running('IMPORT'),
  [importFinished.name]: done,
  [importFailed.name]: failed,
};

/** Archives being written. */
export const exportProgress: ProgressDefinition = {
  kind: 'dataexport',
  topicOf: async (context, globalId) => {
    requireScope(context, ['account:portability']);
    const id = readId('dataexport', globalId, ['id']);
    if (!(await load(context, exportLoader, id))) throw new NotFound(['id']);
    return workTopic(id);
  },
  read: ({ name, payload }) => {
    const phase = EXPORT_PHASES[name]?.(payload as { percent: number });
    const { exportId } = payload as { exportId: ExportId };
    return phase ? { subjectId: toGlobalId('dataexport', exportId), phase } : null;
  },
};

/** Lists being taken in. */
export const importProgress: ProgressDefinition = {
  kind: 'dataimport',
  topicOf: async (context, globalId) => {
    requireScope(context, ['account:portability']);
    const id = readId('dataimport', globalId, ['id']);
    if (!(await load(context, importLoader, id))) throw new NotFound(['id']);
    return workTopic(id);
  },
  read: ({ name, payload }) => {
    const phase = IMPORT_PHASES[name]?.(payload as { percent: number });
    const { importId } = payload as { importId: ImportId };
    return phase ? { subjectId: toGlobalId('dataimport', importId), phase } : null;
  },
};

@Resolver(() => JobProgressType)
export class PortabilityProgressFields {
  @FieldResolver(() => ExportType, {
    nullable: true,
    description: 'The export as it is now; null for other work.',
  })
  export(
    @Root() { subjectId }: JobProgressSource,
    @Ctx() context: GraphQLContext,
  ): Promise<OwnExport | null> | null {
    const subject = parseGlobalId(subjectId);
    return subject?.kind === 'dataexport'
      ? load(context, exportLoader, subject.id as ExportId)
      : null;
  }

  @FieldResolver(() => ImportType, {
    nullable: true,
    description:
      'The import as it is now; null for other work, and when it is one of the last 20 no more.',
  })
  import(
    @Root() { subjectId }: JobProgressSource,
    @Ctx() context: GraphQLContext,
  ): Promise<OwnImport | null> | null {
    const subject = parseGlobalId(subjectId);
    return subject?.kind === 'dataimport'
      ? load(context, importLoader, subject.id as ImportId)
      : null;
  }
}
