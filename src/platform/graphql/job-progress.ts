/** How far background work is. A slice says what it works on; `jobProgress` serves all of them. */
import { Field, ID, Int, ObjectType } from 'type-graphql';
import type { LiveEvent } from '../realtime/live-event.js';
import type { GraphQLContext } from './context.js';
import { describedEnum } from './described-enum.js';

const JOB_STATES = {
  QUEUED: 'It waits for its turn.',
  RUNNING: 'Work goes on.',
  SUCCEEDED: 'Everything is done.',
  FAILED: 'It ended without a result; what it was for says why.',
  CANCELLED: 'It was given up, or what it was for is deleted: nothing more is told.',
} as const;

const JOB_STAGES = {
  UPLOAD: 'Bytes are coming in.',
  PROCESSING: 'Renditions are being made.',
  EXPORT: 'An archive is being written.',
  IMPORT: 'A list is being taken in.',
} as const;

/** One of the states. */
export type JobState = keyof typeof JOB_STATES;

/** GraphQL enum of the states of background work. */
export const JobStateEnum = describedEnum<JobState>(
  'JobState',
  'State of background work.',
  JOB_STATES,
);

/** GraphQL enum of the parts of work. */
export const JobStageEnum = describedEnum<keyof typeof JOB_STAGES>(
  'JobStage',
  'Part of the work that the progress is of.',
  JOB_STAGES,
);

/** Where work stands. */
export interface JobPhase {
  readonly state: JobState;
  /** Null when the work is over. */
  readonly stage: keyof typeof JOB_STAGES | null;
  readonly progressPercent: number;
  /** Of each part of it, where it has parts. */
  readonly parts?: readonly JobPart[];
}

/** How far one part of the work is. */
export interface JobPart {
  readonly name: string;
  readonly percent: number;
}

/** Work on one kind of thing. */
export interface ProgressDefinition {
  /** Prefix of the global ids. */
  readonly kind: string;
  /** Live topic of a thing of the viewer's. @throws {NotFound} NOT_FOUND at `id`, also for somebody else's */
  readonly topicOf: (context: GraphQLContext, globalId: string) => Promise<string>;
  /** What an event says; null for events of other work. Topics belong to one owner for good. */
  readonly read: (
    event: LiveEvent,
  ) => { readonly subjectId: string; readonly phase: JobPhase } | null;
}

/** Progress as resolvers see it: slices add the thing itself as a field. */
export interface JobProgressSource extends JobPhase {
  readonly cursor: string;
  /** Global id. */
  readonly subjectId: string;
}

@ObjectType('JobProgress', {
  description: 'How far background work is. Only its owner hears of it.',
})
export class JobProgressType implements JobProgressSource {
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
  stage!: JobPhase['stage'];

  @Field(() => Int, {
    description: 'Progress within the stage, 0–100; 100 when the work has succeeded.',
  })
  progressPercent!: number;
}
