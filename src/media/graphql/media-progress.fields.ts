/** How far an upload and its processing are, live, for its owner. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { NotFound } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import {
  JobProgressType,
  type JobPhase,
  type JobProgressSource,
  type ProgressDefinition,
} from '../../platform/graphql/job-progress.js';
import { load } from '../../platform/graphql/loader.js';
import { parseGlobalId, readId, toGlobalId } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import type { MediaId } from '../media.entity.js';
import {
  mediaFailed,
  mediaProgressed,
  mediaReady,
  mediaReleased,
  mediaTopic,
  posterChanged,
  uploadReceived,
  type MediaEvent,
  type MediaProgress,
  type ReceivedEvent,
} from '../media.events.js';
import { placeOfVideo } from '../internal/video-queue.js';
import { findMedia } from '../media.queries.js';
import { mediaLoader, type MediaSource } from './media.loader.js';
import { MediaInterface } from './media.type.js';

const PHASES: Readonly<Record<string, (event: MediaProgress) => JobPhase>> = {
  [uploadReceived.name]: (event) => ({
    // Videos wait for places of their own, for minutes where many are sent.
    state: (event as Partial<ReceivedEvent>).kind === 'video' ? 'QUEUED' : 'RUNNING',
    stage: 'PROCESSING',
    progressPercent: 0,
  }),
  [mediaProgressed.name]: ({ stage, percent, isWaiting, renditions = [] }) => ({
    state: isWaiting ? 'QUEUED' : 'RUNNING',
    stage,
    progressPercent: percent,
    parts: renditions,
  }),
  [mediaReady.name]: () => ({ state: 'SUCCEEDED', stage: null, progressPercent: 100 }),
  [posterChanged.name]: () => ({ state: 'SUCCEEDED', stage: null, progressPercent: 100 }),
  [mediaFailed.name]: () => ({ state: 'FAILED', stage: null, progressPercent: 0 }),
  [mediaReleased.name]: () => ({ state: 'CANCELLED', stage: null, progressPercent: 0 }),
};

/** Uploads, from their first byte to their last rendition. */
export const mediaProgress: ProgressDefinition = {
  kind: 'media',
  topicOf: async (context, globalId) => {
    const viewer = requireViewer(context);
    const mediaId = readId('media', globalId, ['id']);
    const [media] = await findMedia(context.database, [mediaId]);
    if (media?.ownerId !== viewer.actorId) throw new NotFound(['id']);
    return mediaTopic(mediaId);
  },
  read: ({ name, payload }) => {
    const phase = PHASES[name]?.(payload as MediaProgress);
    return phase
      ? { subjectId: toGlobalId('media', (payload as MediaEvent).mediaId), phase }
      : null;
  },
};

@ObjectType('RenditionProgress', {
  description: 'How far one quality of a video is.',
  simpleResolvers: true,
})
export class RenditionProgressType {
  @Field(() => String, { description: 'Its name, such as video-720.' })
  name!: string;

  @Field(() => Int, { description: 'Progress, 0–100.' })
  percent!: number;
}

@Resolver(() => JobProgressType)
export class MediaProgressFields {
  @FieldResolver(() => MediaInterface, {
    nullable: true,
    description: 'The asset as it is now; null when it was deleted, and for other work.',
  })
  media(
    @Root() { subjectId }: JobProgressSource,
    @Ctx() context: GraphQLContext,
  ): Promise<MediaSource | null> | null {
    const subject = parseGlobalId(subjectId);
    return subject?.kind === 'media' ? load(context, mediaLoader, subject.id as MediaId) : null;
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Place of a video among those that wait to be processed, 1 = next; told again while it moves up. Null unless it is QUEUED, and for other work.',
  })
  queuePosition(
    @Root() { subjectId, state }: JobProgressSource,
    @Ctx() { database }: GraphQLContext,
  ): Promise<number | null> | null {
    const subject = state === 'QUEUED' ? parseGlobalId(subjectId) : null;
    return subject?.kind === 'media' ? placeOfVideo(database, subject.id as MediaId) : null;
  }

  @FieldResolver(() => [RenditionProgressType], {
    description:
      'Each quality of a video that is being made or is to be made; empty for other work and while none is.',
  })
  @ListSize({ assumedSize: 3 })
  renditions(@Root() { parts = [] }: JobProgressSource): readonly RenditionProgressType[] {
    return parts;
  }
}
