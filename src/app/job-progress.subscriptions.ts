/** Progress of any background work that somebody asked for. */
import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import { mediaProgress } from '../media/graphql/media-progress.fields.js';
import { NotFound } from '../platform/errors.js';
import type { GraphQLContext } from '../platform/graphql/context.js';
import { RequiresScope } from '../platform/graphql/directives.js';
import {
  JobProgressType,
  type JobProgressSource,
  type ProgressDefinition,
} from '../platform/graphql/job-progress.js';
import { parseGlobalId } from '../platform/ids.js';
import type { LiveEvent } from '../platform/realtime/live-event.js';
import { everybody, LiveSource, type LiveFilter } from '../platform/realtime/live-source.js';
import {
  exportProgress,
  importProgress,
} from '../portability/graphql/portability-progress.fields.js';

const DEFINITIONS: readonly ProgressDefinition[] = [mediaProgress, exportProgress, importProgress];

const readEvent = (event: LiveEvent): ReturnType<ProgressDefinition['read']> => {
  for (const { read } of DEFINITIONS) {
    const found = read(event);
    if (found) return found;
  }
  return null;
};

/** Only an owner gets as far as listening to a topic, and nothing that is worked on changes hands. */
const progressFilter: LiveFilter = {
  isWanted: (event) => readEvent(event) !== null,
  admit: everybody,
};

interface ProgressArgs {
  readonly id: string;
  readonly after?: string | null;
}

@Resolver()
export class JobProgressSubscriptions {
  @Subscription(() => JobProgressType, {
    description:
      "Progress of the viewer's own: of the upload and processing of an asset, and, with the scope account:portability, of an export or import. Subscribe, then ask for it once over the same socket: what happened before is not told.",
    subscribe: ({ args, context }) =>
      progressSource(args as ProgressArgs, context as GraphQLContext),
  })
  @RequiresScope('read')
  jobProgress(
    @Root() event: LiveEvent,
    @Arg('id', () => ID, { description: 'Global id of the asset, the export or the import.' })
    _id: string,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'Cursor of the last event received: replays up to 15 minutes and 1,000 events, else INVALID_CURSOR.',
    })
    _after: string | null | undefined,
  ): JobProgressSource {
    const { subjectId, phase } = readEvent(event)!;
    return { cursor: event.cursor, subjectId, ...phase };
  }
}

async function progressSource(
  { id, after }: ProgressArgs,
  context: GraphQLContext,
): Promise<LiveSource> {
  const kind = parseGlobalId(id)?.kind;
  const definition = DEFINITIONS.find((known) => known.kind === kind);
  if (!definition) throw new NotFound(['id']);
  return new LiveSource(progressFilter, [await definition.topicOf(context, id)], after ?? null);
}
