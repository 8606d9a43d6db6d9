/** How far an upload and its processing are, live, for its owner. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { NotFound } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
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
  mediaTopic,
  posterChanged,
  uploadReceived,
  type MediaEvent,
  type MediaProgress,
} from '../media.events.js';
import { findMedia } from '../media.queries.js';
import { mediaLoader, type MediaSource } from './media.loader.js';
import { MediaInterface } from './media.type.js';

const PHASES: Readonly<Record<string, (event: MediaProgress) => JobPhase>> = {
  [uploadReceived.name]: () => ({ state: 'RUNNING', stage: 'PROCESSING', progressPercent: 0 }),
  [mediaProgressed.name]: ({ stage, percent }) => ({
    state: 'RUNNING',
    stage,
    progressPercent: percent,
  }),
  [mediaReady.name]: () => ({ state: 'SUCCEEDED', stage: null, progressPercent: 100 }),
  [posterChanged.name]: () => ({ state: 'SUCCEEDED', stage: null, progressPercent: 100 }),
  [mediaFailed.name]: () => ({ state: 'FAILED', stage: null, progressPercent: 0 }),
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
}
