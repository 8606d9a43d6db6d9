/** Stories that come and go, live. Each event asks anew who hears of it. */
import { Field, ID, ObjectType } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import { toGlobalId } from '../../platform/ids.js';
import type { LiveEvent } from '../../platform/realtime/live-event.js';
import type { LiveFilter } from '../../platform/realtime/live-source.js';
import { ChangeKindEnum, type ChangeKind } from '../../posts/graphql/post-event.type.js';
import { findStoryHearers } from '../live-stories.queries.js';
import { storyDeleted, storyPublished, type StoryFact } from '../stories.events.js';
import { storyLoader, StoryType, type StorySource } from './story.type.js';

@ObjectType('StoryEvent', {
  description:
    'A story came, or was deleted before its time. It comes to its author and to followers who may see it and do not mute its author. The end by the clock is no event: `expiresAt` tells it.',
})
export class StoryEventType {
  @Field(() => String, {
    description: 'Opaque position; `after: cursor` continues behind this event.',
  })
  cursor!: string;

  @Field(() => ChangeKindEnum, { description: 'What happened.' })
  change!: ChangeKind;

  @Field(() => StoryType, { nullable: true, description: 'The story; null when it is gone.' })
  story!: StorySource | null;

  @Field(() => ID, { nullable: true, description: 'Id of a story that is gone; null otherwise.' })
  removedStoryId!: string | null;
}

const STORY_EVENTS: ReadonlySet<string> = new Set([storyPublished.name, storyDeleted.name]);

/** Events of stories, to those in whose tray they stand. */
export const storyFilter: LiveFilter = {
  isWanted: ({ name }) => STORY_EVENTS.has(name),
  admit: ({ database, clock }, { payload }, onlookers) =>
    findStoryHearers(database, payload as StoryFact, onlookers, clock.now()),
};

/** Shapes an event of the story topic for one who may have it. */
export async function toStoryEvent(
  { name, cursor, payload }: LiveEvent,
  context: GraphQLContext,
): Promise<StoryEventType> {
  const { storyId } = payload as StoryFact;
  const isGone = name === storyDeleted.name;
  return Object.assign(new StoryEventType(), {
    cursor,
    change: isGone ? 'REMOVED' : 'ADDED',
    story: isGone ? null : await load(context, storyLoader, storyId),
    removedStoryId: isGone ? toGlobalId('story', storyId) : null,
  });
}
