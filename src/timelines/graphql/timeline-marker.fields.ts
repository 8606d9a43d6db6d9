/** Reading and moving the markers of the viewer. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  InputType,
  Mutation,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { decodeCursor, InvalidCursor } from '../../platform/db/page.js';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { Node, type NodeSource } from '../../platform/graphql/node.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { isUuid } from '../../platform/ids.js';
import { setTimelineMarker } from '../set-timeline-marker.js';
import {
  subjectOf,
  timelineMarkerLoader,
  TimelineLocator,
  TimelineMarkerType,
  toTimelineKey,
  type TimelineMarkerSource,
} from './timeline-marker.type.js';

@InputType('SetTimelineMarkerInput', { description: 'How far the viewer has come, and where.' })
export class SetTimelineMarkerInput {
  @Field(() => TimelineLocator, { description: 'In which timeline.' })
  timeline!: TimelineLocator;

  @Field(() => String, { description: 'Cursor of the last edge of it that was seen.' })
  cursor!: string;
}

@ObjectType('SetTimelineMarkerPayload', { description: 'Answer of setTimelineMarker.' })
export class SetTimelineMarkerPayload extends Payload {
  @Field(() => TimelineMarkerType, {
    nullable: true,
    description:
      'The marker afterwards, further than asked for when another device was; null when refused.',
  })
  marker!: TimelineMarkerSource | null;
}

@Resolver()
export class TimelineMarkerMutations {
  @Mutation(() => SetTimelineMarkerPayload, {
    description:
      'Say how far the viewer has come in a timeline; all of their devices learn it. Markers only go forward: an earlier cursor changes nothing. Codes: INVALID_INPUT, NOT_FOUND.',
  })
  @RequiresScope('write:feeds')
  setTimelineMarker(
    @Arg('input', () => SetTimelineMarkerInput, { description: 'Which timeline, and how far.' })
    input: SetTimelineMarkerInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        const key = toTimelineKey(input.timeline, ['timeline']);
        await setTimelineMarker(context, { ...key, position: readPosition(input.cursor) });
        return key;
      },
      async (key) => ({ marker: await load(context, timelineMarkerLoader, key) }),
    );
  }
}

@Resolver(() => ViewerType)
export class ViewerMarkerFields {
  @FieldResolver(() => TimelineMarkerType, {
    nullable: true,
    description:
      'How far the viewer has come in a timeline; null when no device has said so. Only the viewer sees it.',
  })
  @RequiresScope('read:feeds')
  timelineMarker(
    @Arg('of', () => TimelineLocator, { description: 'Which timeline.' }) of: TimelineLocator,
    @Ctx() context: GraphQLContext,
  ): Promise<TimelineMarkerSource | null> {
    return load(context, timelineMarkerLoader, toTimelineKey(of, ['of']));
  }
}

@Resolver(() => TimelineMarkerType)
export class TimelineMarkerFields {
  @FieldResolver(() => Node, {
    nullable: true,
    description:
      'The list, hashtag or place that the timeline is of; null for the others, and for what the viewer sees no more.',
  })
  subject(
    @Root() marker: TimelineMarkerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<NodeSource | null> {
    return subjectOf(context, marker);
  }
}

function readPosition(cursor: string): string {
  try {
    const [position] = decodeCursor(cursor, 1);
    if (position && isUuid(position)) return position;
  } catch (error) {
    if (!(error instanceof InvalidCursor)) throw error;
  }
  throw new Invalid('This is no cursor of a timeline.', ['cursor'], 'CURSOR');
}
