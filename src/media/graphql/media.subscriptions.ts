/** How far an upload and its processing are, live, for its owner. */
import { Arg, Ctx, Field, ID, Int, ObjectType, Resolver, Root, Subscription } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { everybody, LiveSource, type LiveFilter } from '../../platform/realtime/live-source.js';
import { load } from '../../platform/graphql/loader.js';
import { NotFound } from '../../platform/errors.js';
import { readId, toGlobalId } from '../../platform/ids.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import { requireViewer } from '../../platform/require-viewer.js';
import {
  mediaFailed,
  mediaProgressed,
  mediaReady,
  mediaTopic,
  uploadReceived,
  type MediaEvent,
  type MediaProgress,
} from '../media.events.js';
import { findMedia } from '../media.queries.js';
import { mediaLoader, type MediaSource } from './media.loader.js';
import { MediaInterface } from './media.type.js';

const JOB_STATES = {
  QUEUED: 'It waits for its turn.',
  RUNNING: 'Work goes on.',
  SUCCEEDED: 'Everything is done.',
  FAILED: 'It ended without a result; what it was for says why.',
} as const;

const JOB_STAGES = {
  UPLOAD: 'Bytes are coming in.',
  PROCESSING: 'Renditions are being made.',
} as const;

type JobState = keyof typeof JOB_STATES;
type JobStage = keyof typeof JOB_STAGES;

/** GraphQL enum of the states of background work. */
export const JobStateEnum = describedEnum<JobState>(
  'JobState',
  'State of background work.',
  JOB_STATES,
);

/** GraphQL enum of what an upload goes through. */
export const JobStageEnum = describedEnum<JobStage>(
  'JobStage',
  'Part of the work that the progress is of.',
  JOB_STAGES,
);

@ObjectType('JobProgress', {
  description: 'How far background work is. Only its owner hears of it.',
  simpleResolvers: true,
})
export class JobProgressType {
  @Field(() => String, {
    description: 'Opaque position; `after: cursor` continues behind this event.',
  })
  cursor!: string;

  @Field(() => ID, { description: 'Id of what is worked on, as it was given to jobProgress.' })
  subjectId!: string;

  @Field(() => JobStateEnum, { description: 'Where the work stands.' })
  state!: JobState;

  @Field(() => JobStageEnum, {
    nullable: true,
    description: 'Part that is going on; null when the work is over.',
  })
  stage!: JobStage | null;

  @Field(() => Int, {
    description: 'Progress within the stage, 0–100; 100 when the work has succeeded.',
  })
  progressPercent!: number;

  @Field(() => MediaInterface, {
    nullable: true,
    description: 'The asset as it is now; null when it was deleted.',
  })
  media!: MediaSource | null;
}

const PHASES: Readonly<
  Record<string, Pick<JobProgressType, 'state' | 'stage' | 'progressPercent'>>
> = {
  [uploadReceived.name]: { state: 'RUNNING', stage: 'PROCESSING', progressPercent: 0 },
  [mediaReady.name]: { state: 'SUCCEEDED', stage: null, progressPercent: 100 },
  [mediaFailed.name]: { state: 'FAILED', stage: null, progressPercent: 0 },
};

/** Only an owner gets as far as listening to the topic of an asset, and an asset never changes hands. */
const progressFilter: LiveFilter = {
  isWanted: ({ name }) => name === mediaProgressed.name || name in PHASES,
  admit: everybody,
};

@Resolver()
export class MediaSubscriptions {
  @Subscription(() => JobProgressType, {
    description:
      "Progress of the upload and processing of one of the viewer's assets. Subscribe, then ask for the asset once: what happened before is not told.",
    subscribe: ({ args, context }) =>
      progressSource(args as ProgressArgs, context as GraphQLContext),
  })
  @RequiresScope('read')
  async jobProgress(
    @Root() event: LiveEvent,
    @Arg('id', () => ID, { description: 'Global id of the asset.' }) _id: string,
    @Arg('after', () => String, {
      nullable: true,
      description:
        'Cursor of the last event received: replays up to 15 minutes and 1,000 events, else INVALID_CURSOR.',
    })
    _after: string | null | undefined,
    @Ctx() context: GraphQLContext,
  ): Promise<JobProgressType> {
    const { mediaId } = event.payload as MediaEvent;
    const media = await load(context, mediaLoader, mediaId);
    return {
      cursor: event.cursor,
      subjectId: toGlobalId('media', mediaId),
      media,
      ...phaseOf(event),
    };
  }
}

interface ProgressArgs {
  readonly id: string;
  readonly after?: string | null;
}

async function progressSource(
  { id, after }: ProgressArgs,
  context: GraphQLContext,
): Promise<LiveSource> {
  const viewer = requireViewer(context);
  const mediaId = readId('media', id, ['id']);
  const [media] = await findMedia(context.database, [mediaId]);
  if (media?.ownerId !== viewer.actorId) throw new NotFound(['id']);
  return new LiveSource(progressFilter, [mediaTopic(mediaId)], after ?? null);
}

function phaseOf({ name, payload }: LiveEvent) {
  const known = PHASES[name];
  if (known) return known;
  const { stage, percent } = payload as MediaProgress;
  return { state: 'RUNNING' as const, stage, progressPercent: percent };
}
