/** Facts about stories. */
import type { ActorId } from '../actors/actor.entity.js';
import { defineEvent } from '../platform/journal/event.js';
import type { StoryAnswerId, StoryId, StoryVisibility } from './story.entity.js';

/** Live topic of everything that can change a story tray. */
export const STORIES_TOPIC = 'stories';

/** A story, who made it and for whom. */
export interface StoryFact {
  readonly storyId: StoryId;
  readonly authorId: ActorId;
  readonly visibility: StoryVisibility;
}

/** A story is there from now on. */
export const storyPublished = defineEvent<StoryFact & { mentionedIds: readonly ActorId[] }>(
  'storyPublished',
  () => [STORIES_TOPIC],
);

/** A story is gone before its time. Its end by the clock is no event: everybody knows when it comes. */
export const storyDeleted = defineEvent<StoryFact>('storyDeleted', () => [STORIES_TOPIC]);

/** What somebody did with a story of somebody else. */
export interface StoryDeed {
  readonly storyId: StoryId;
  readonly authorId: ActorId;
  /** Who did it; never the author. */
  readonly actorId: ActorId;
}

/** Somebody reacted, changed a reaction, or took it back (`content` null). */
export const storyReactionSet = defineEvent<StoryDeed & { content: string | null }>(
  'storyReactionSet',
);

/** Somebody answered a story, or a question on it. */
export const storyAnswered = defineEvent<StoryDeed & { answerId: StoryAnswerId }>('storyAnswered');

/** An answer was taken back, or taken away by the author of the story. */
export const storyAnswerDeleted = defineEvent<StoryDeed & { answerId: StoryAnswerId }>(
  'storyAnswerDeleted',
);
