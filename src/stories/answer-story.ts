/** Answering a story in words, or a question on it. Only its author and who wrote it see the answer. */
import { isBlank } from '../platform/blank-text.js';
import type { Viewer, CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Forbidden, Invalid, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { requireLength } from '../posts/text-limits.js';
import type { StickerKind } from './sticker.js';
import { lockOthersStory, type SeenStory } from './seen-story.js';
import { storyAnswered } from './stories.events.js';
import type { StoryAnswerId, StoryId } from './story.entity.js';

/** Longest answer. */
export const STORY_ANSWER_LENGTH = 1000;

const ANSWER_LIMIT = { name: 'story-answer', points: 300, windowSeconds: 3600, failsClosed: false };

const INSERT = statement(
  'stories.answer',
  `insert into story_answers (id, story_id, actor_id, position, content, created_at) values ($1, $2, $3, $4, $5, $6)`,
);
const STICKER = statement(
  'stories.sticker',
  `select kind, cardinality(options) as "optionCount" from story_stickers where story_id = $1 and position = $2`,
);
const VOTE = statement(
  'stories.vote',
  `insert into story_votes as v (story_id, position, actor_id, id, option_index, created_at) values ($1, $2, $3, $4, $5, $6)
   on conflict (story_id, position, actor_id) do update
     set id = excluded.id, option_index = excluded.option_index, created_at = excluded.created_at
     where v.option_index <> excluded.option_index`,
);

/** An answer in words. */
export interface StoryAnswerDraft {
  readonly storyId: StoryId;
  /** Plain text, not blank. */
  readonly content: string;
}

/** What somebody does with a sticker: the option of a poll, or the words for a question. */
export type StickerAnswer = { readonly storyId: StoryId; readonly index: number } & (
  | { readonly optionIndex: number }
  | { readonly text: string }
);

/**
 * Answers a story of somebody else. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Forbidden} FORBIDDEN for an own story, and where its author takes no answers
 * @throws {Invalid} INVALID_INPUT for a blank or too long text
 * @throws {RateLimited} RATE_LIMITED for more than 300 in an hour
 */
export async function answerStory(
  context: CommandContext,
  { storyId, content }: StoryAnswerDraft,
): Promise<StoryAnswerId> {
  const viewer = requireViewer(context);
  requireText(content, 'content');
  await requireRate(context, ANSWER_LIMIT, viewer.accountId);
  return context.database.transaction(async (tx) => {
    const story = await lockOthersStory(context, tx, viewer, storyId);
    if (!story.allowsAnswers)
      throw new Forbidden('The author takes no answers to this story.', 'FORBIDDEN', ['storyId']);
    return insertAnswer(context, tx, viewer, story, { content, position: null });
  });
}

/**
 * Votes in a poll, in place of an earlier vote, or answers a question. Opens its own transaction.
 *
 * @returns the answer to a question; null for a vote
 * @throws {NotFound} NOT_FOUND for an unknown story, sticker or option, and for a sticker of another kind
 * @throws {Forbidden} FORBIDDEN for an own story
 * @throws {Invalid} INVALID_INPUT for a blank or too long text
 * @throws {RateLimited} RATE_LIMITED for more than 300 answers in an hour
 */
export async function answerStorySticker(
  context: CommandContext,
  answer: StickerAnswer,
): Promise<StoryAnswerId | null> {
  const viewer = requireViewer(context);
  if ('text' in answer) {
    requireText(answer.text, 'text');
    await requireRate(context, ANSWER_LIMIT, viewer.accountId);
  }
  return context.database.transaction(async (tx) => {
    const story = await lockOthersStory(context, tx, viewer, answer.storyId);
    if ('text' in answer) {
      await requireSticker(tx, story, answer.index, 'QUESTION');
      const { text: content, index: position } = answer;
      return insertAnswer(context, tx, viewer, story, { content, position });
    }
    const { optionCount } = await requireSticker(tx, story, answer.index, 'POLL');
    const { index, optionIndex } = answer;
    if (optionIndex < 0 || optionIndex >= optionCount) throw new NotFound(['optionIndex']);
    const now = context.clock.now();
    await tx.rows(VOTE, [story.id, index, viewer.actorId, newId<'vote'>(now), optionIndex, now]);
    return null;
  });
}

function requireText(text: string, field: string): void {
  if (isBlank(text)) throw new Invalid('An answer says something.', [field], 'MIN_LENGTH', '1');
  requireLength(text, STORY_ANSWER_LENGTH, [field]);
}

async function requireSticker(
  tx: Transaction,
  { id }: SeenStory,
  index: number,
  kind: StickerKind,
): Promise<{ readonly optionCount: number }> {
  const isPlace = index >= 0 && index < 100;
  const sticker =
    isPlace && (await tx.row<{ kind: StickerKind; optionCount: number }>(STICKER, [id, index]));
  if (!sticker || sticker.kind !== kind) throw new NotFound(['stickerIndex']);
  return sticker;
}

async function insertAnswer(
  context: CommandContext,
  tx: Transaction,
  { actorId }: Viewer,
  { id: storyId, authorId }: SeenStory,
  { content, position }: { readonly content: string; readonly position: number | null },
): Promise<StoryAnswerId> {
  const now = context.clock.now();
  const answerId = newId<'storyanswer'>(now);
  await tx.rows(INSERT, [answerId, storyId, actorId, position, content.trim(), now]);
  await tx.append(storyAnswered, { answerId, storyId, authorId, actorId });
  return answerId;
}
