/** What people do with stories, as causes. */
import type { ActorId } from '../../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../../platform/db/database.js';
import type { StoryAnswerId, StoryId } from '../../stories/story.entity.js';
import { sinceEach, type Found, type Gathering, type Since } from './gathering.js';
import { withdraw, withdrawal } from './withdraw.js';

const AUTHOR = statement(
  'notifications.story_author',
  'select author_id as "authorId" from stories where id = $1 and removed_at is null',
);
const SINCE = sinceEach(
  'notifications.story_reactions_since',
  `select id, actor_id as "actorId" from story_reactions where story_id = g."subjectId" and id > g."sinceId"`,
);
const WITHDRAW_REACTION = withdrawal(
  'notifications.withdraw_story_reaction',
  `n.kind = 'STORY_REACTION' and n.group_key = w."subjectId"::text`,
  'exists (select from story_reactions r where r.story_id = w."subjectId" and r.actor_id = w."actorId")',
);
const WITHDRAW_ANSWER = withdrawal(
  'notifications.withdraw_story_answer',
  `n.kind = 'STORY_ANSWER' and n.group_key = w."subjectId"::text`,
  'exists (select from story_answers where id = w."subjectId")',
);

/** What the reactions to a story are gathered for; null when it is gone. */
export async function gatheringOfStory(
  reader: Reader,
  storyId: StoryId,
): Promise<Gathering | null> {
  const story = await reader.row<{ authorId: ActorId }>(AUTHOR, [storyId]);
  return story && { recipientId: story.authorId, source: 'storyReactions', subjectId: storyId };
}

/** Reactions behind an id, the oldest first. */
export function findStoryReactionsSince(reader: Reader, since: readonly Since[]): Promise<Found[]> {
  return reader.rows<Found>(SINCE, [JSON.stringify(since)]);
}

/** Takes somebody out of the reactions to a story who does not react any more. */
export async function withdrawStoryReaction(
  tx: Transaction,
  { recipientId, subjectId }: Gathering,
  actorId: ActorId,
): Promise<void> {
  await withdraw(tx, WITHDRAW_REACTION, [{ recipientId, actorId, subjectId }]);
}

/** Takes back what told of an answer that is gone. */
export async function withdrawAnswer(
  tx: Transaction,
  recipientId: ActorId,
  actorId: ActorId,
  answerId: StoryAnswerId,
): Promise<void> {
  await withdraw(tx, WITHDRAW_ANSWER, [{ recipientId, actorId, subjectId: answerId }]);
}
