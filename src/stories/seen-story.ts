/** How commands reach a story of somebody else: only if the viewer sees it, and it stays until the transaction ends. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext, Viewer } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import type { StoryId } from './story.entity.js';
import { storyVisibleTo } from './story-visibility.js';

/** What commands ask of a story. */
export interface SeenStory {
  readonly id: StoryId;
  readonly authorId: ActorId;
  readonly allowsAnswers: boolean;
}

const LOCK = statement(
  'stories.lock_seen',
  `select s.id, s.author_id as "authorId", s.allows_answers as "allowsAnswers" from stories s
   where s.id = $1 and ${storyVisibleTo('s', '$2::uuid', '$3')} for key share of s`,
);

/**
 * A story that the viewer sees.
 *
 * @throws {NotFound} NOT_FOUND when it is not there or not visible: the two look the same
 * @throws {Forbidden} FORBIDDEN for an own story
 */
export async function lockOthersStory(
  { clock }: Pick<CommandContext, 'clock'>,
  tx: Transaction,
  viewer: Viewer,
  storyId: StoryId,
): Promise<SeenStory> {
  const story = await tx.row<SeenStory>(LOCK, [storyId, viewer.actorId, clock.now()]);
  if (!story) throw new NotFound(['storyId']);
  if (story.authorId === viewer.actorId)
    throw new Forbidden('This is for others than the author.', 'FORBIDDEN', ['storyId']);
  return story;
}
