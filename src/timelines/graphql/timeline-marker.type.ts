/** How far the viewer has come in a timeline, as the API shows it. */
import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { placeLoader } from '../../places/graphql/place.type.js';
import type { PlaceId } from '../../places/place.js';
import { encodeCursor } from '../../platform/db/page.js';
import { Invalid } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { OneOf } from '../../platform/graphql/directives.js';
import { load, type LoaderDefinition } from '../../platform/graphql/loader.js';
import type { NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { readId } from '../../platform/ids.js';
import type { PayloadOf } from '../../platform/journal/event.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { hashtagLoader } from '../../posts/graphql/hashtag.type.js';
import type { ActorListId } from '../actor-lists.queries.js';
import { TIMELINE_KINDS, type TimelineKey, type TimelineKind } from '../timeline-key.js';
import { findTimelineMarkers, type TimelineMarkerRow } from '../timeline-markers.queries.js';
import { timelineMarkerMoved } from '../timelines.events.js';
import { actorListLoader } from './actor-list.type.js';

const TimelineKindEnum = describedEnum<TimelineKind>(
  'TimelineKind',
  'Timelines that a person can be caught up in.',
  TIMELINE_KINDS,
);

@InputType('TimelineLocator', { description: 'Exactly one timeline.' })
@OneOf()
export class TimelineLocator {
  @Field(() => Boolean, { nullable: true, description: 'True: the home timeline.' })
  home?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'True: the public timeline.' })
  public?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'True: the timeline of this server.' })
  local?: boolean | null;

  @Field(() => ID, { nullable: true, description: 'That of an own list of actors.' })
  listId?: string | null;

  @Field(() => ID, { nullable: true, description: 'That of a hashtag.' })
  hashtagId?: string | null;

  @Field(() => ID, { nullable: true, description: 'That of a place.' })
  placeId?: string | null;
}

/** A marker as resolvers see it. */
export type TimelineMarkerSource = TimelineMarkerRow & { readonly cursor: string };

@ObjectType('TimelineMarker', {
  description:
    'How far the viewer has come in a timeline, on whichever device. It only ever goes forward, and only the viewer sees it.',
  simpleResolvers: true,
})
export class TimelineMarkerType {
  @Field(() => TimelineKindEnum, { description: 'In which timeline.' })
  kind!: TimelineKind;

  @Field(() => String, {
    description:
      'The last entry that the viewer has seen, as cursor of the timeline: `before` it is what is new.',
  })
  cursor!: string;

  @Field(() => DateTimeScalar, { description: 'When it last moved.' })
  updatedAt!: Date;
}

@ObjectType('TimelineMarkerEvent', {
  description: 'The viewer has come further in a timeline. Only the viewer hears of it.',
})
export class TimelineMarkerEventType {
  @Field(() => String, {
    description: 'Opaque position; `after: cursor` continues behind this event.',
  })
  cursor!: string;

  @Field(() => TimelineMarkerType, {
    nullable: true,
    description: 'The marker as it is now; null when it is gone again.',
  })
  marker!: TimelineMarkerSource | null;
}

/** Markers of the viewer. */
export const timelineMarkerLoader: LoaderDefinition<TimelineKey, TimelineMarkerSource> = {
  keyOf,
  load: async (context, keys) => {
    const { actorId } = requireViewer(context);
    const rows = await findTimelineMarkers(context.database, actorId, keys);
    return new Map(
      rows.map((row) => [keyOf(row), { ...row, cursor: encodeCursor([row.position]) }]),
    );
  },
};

/**
 * Reads which timeline is meant.
 *
 * @throws {Invalid} INVALID_INPUT for one that is named and refused at once, as `home: false`
 * @throws {NotFound} NOT_FOUND for what is no id of such a thing
 */
export function toTimelineKey(locator: TimelineLocator, path: readonly string[]): TimelineKey {
  const { listId, hashtagId, placeId } = locator;
  if (listId != null)
    return { kind: 'LIST', subjectId: readId('list', listId, [...path, 'listId']) };
  if (hashtagId != null)
    return { kind: 'HASHTAG', subjectId: readId('hashtag', hashtagId, [...path, 'hashtagId']) };
  if (placeId != null)
    return { kind: 'PLACE', subjectId: readId('place', placeId, [...path, 'placeId']) };
  for (const name of ['home', 'public', 'local'] as const) {
    if (locator[name]) return { kind: KINDS[name], subjectId: null };
    if (locator[name] === false)
      throw new Invalid(`Give ${name}: true, or leave it out.`, [...path, name], 'TRUE');
  }
  throw new Invalid('Name a timeline.', path, 'ONE_OF');
}

const KINDS = { home: 'HOME', public: 'PUBLIC', local: 'LOCAL' } as const;

/** What the timeline is of: a list, hashtag or place that the viewer sees; null for the others. */
export async function subjectOf(
  context: GraphQLContext,
  { kind, subjectId }: TimelineKey,
): Promise<NodeSource | null> {
  if (kind === 'LIST') return load(context, actorListLoader, subjectId as ActorListId);
  if (kind === 'HASHTAG') return load(context, hashtagLoader, subjectId!);
  return kind === 'PLACE' ? load(context, placeLoader, subjectId as PlaceId) : null;
}

/** True for events that `toTimelineMarkerEvent` can shape. */
export function isOfMarkers({ name }: LiveEvent): boolean {
  return name === timelineMarkerMoved.name;
}

/** Shapes an event of a markers topic for the viewer. */
export async function toTimelineMarkerEvent(
  event: LiveEvent,
  context: GraphQLContext,
): Promise<TimelineMarkerEventType> {
  const { kind, subjectId } = event.payload as PayloadOf<typeof timelineMarkerMoved>;
  const marker = await load(context, timelineMarkerLoader, { kind, subjectId });
  return Object.assign(new TimelineMarkerEventType(), { cursor: event.cursor, marker });
}

function keyOf({ kind, subjectId }: TimelineKey): string {
  return `${kind} ${subjectId ?? ''}`;
}
