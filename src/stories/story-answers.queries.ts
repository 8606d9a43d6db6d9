/** Reads of what others say to stories: reactions for the author alone, answers for the author and who wrote them. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { PageRequest } from '../platform/db/page.js';
import { batchedPage } from '../posts/page-sql.js';
import { blockedBetween, isShown } from '../posts/visibility.js';
import type { StoryAnswerId, StoryId } from './story.entity.js';

/** An answer. */
export interface StoryAnswerRow {
  readonly id: StoryAnswerId;
  readonly storyId: StoryId;
  readonly actorId: ActorId;
  /** The question sticker that it answers; null = the story itself. */
  readonly stickerIndex: number | null;
  /** Plain text. */
  readonly content: string;
  readonly answeredAt: Date;
}

/** A reaction. */
export interface StoryReactionRow {
  readonly ownerId: string;
  readonly id: string;
  readonly actorId: ActorId;
  readonly content: string;
  readonly reactedAt: Date;
}

const ANSWER = `a.id, a.story_id as "storyId", a.actor_id as "actorId", a.position as "stickerIndex", a.content, a.created_at as "answeredAt"`;
const shownTo = (viewer: string): string =>
  `${isShown('who.status')} and not ${blockedBetween('who.id', viewer)}`;

const BY_IDS = statement(
  'stories.answers_by_ids',
  `select ${ANSWER} from story_answers a join stories s on s.id = a.story_id
     join actors who on who.id = case when a.actor_id = $2::uuid then s.author_id else a.actor_id end
   where a.id = any($1::uuid[]) and s.removed_at is null
     and (a.actor_id = $2::uuid or s.author_id = $2::uuid) and ${shownTo('$2::uuid')}`,
);
const ANSWERS = batchedPage('stories.answers', {
  select: `select ${ANSWER} from story_answers a join stories s on s.id = a.story_id join actors who on who.id = a.actor_id
    where a.story_id = owner.id and s.author_id = $4::uuid and ($5::smallint is null or a.position = $5::smallint) and ${shownTo('$4::uuid')}`,
  key: 'a.id',
});
const REACTIONS = batchedPage('stories.reactions', {
  select: `select r.id, r.actor_id as "actorId", r.content, r.created_at as "reactedAt"
    from story_reactions r join stories s on s.id = r.story_id join actors who on who.id = r.actor_id
    where r.story_id = owner.id and s.author_id = $4::uuid and ${shownTo('$4::uuid')}`,
  key: 'r.id',
});

/** Answers by id that the viewer wrote or got, in no particular order; all others are left out. */
export function findStoryAnswers(
  reader: Reader,
  ids: readonly StoryAnswerId[],
  viewerId: ActorId,
): Promise<StoryAnswerRow[]> {
  return reader.rows<StoryAnswerRow>(BY_IDS, [ids, viewerId]);
}

/** A page of the answers to each of several stories of the viewer, the latest first. `stickerIndex` null = all. */
export function findAnswersOfStories(
  reader: Reader,
  storyIds: readonly string[],
  stickerIndex: number | null,
  request: PageRequest,
  authorId: ActorId,
): Promise<(StoryAnswerRow & { ownerId: string })[]> {
  return reader.rows(...ANSWERS(storyIds, request, [authorId, stickerIndex]));
}

/** A page of the reactions to each of several stories of the viewer, the latest first. */
export function findReactionsOfStories(
  reader: Reader,
  storyIds: readonly string[],
  request: PageRequest,
  authorId: ActorId,
): Promise<StoryReactionRow[]> {
  return reader.rows(...REACTIONS(storyIds, request, [authorId]));
}
