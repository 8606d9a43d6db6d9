/** Making a highlight, and changing one. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { oneLine } from '../platform/one-line.js';
import { requireLength } from '../posts/text-limits.js';
import { Highlight, type HighlightId } from './highlight.entity.js';
import {
  chooseCover,
  replaceHighlightItems,
  requireHighlightItems,
} from './internal/highlight-items.js';
import { lockHighlightsOf, lockOwnHighlight } from './own-highlight.js';
import type { StoryId } from './story.entity.js';

/** What to change; absent = as it is, or as a new highlight is without it. */
export interface HighlightChange {
  /** Null = a new one. */
  readonly highlightId: HighlightId | null;
  /** Needed for a new one. */
  readonly title?: string;
  /** The whole new content, in order. */
  readonly storyIds?: readonly StoryId[];
  /** One of its stories; null = the first. */
  readonly coverStoryId?: StoryId | null;
}

/** Most highlights of one person. */
export const HIGHLIGHTS_PER_OWNER = 100;

const TITLE_LENGTH = 50;

const LAST = statement(
  'highlights.last',
  `select count(*)::int as count, coalesce(max(position), 0) as position from highlights where owner_id = $1`,
);

/**
 * Makes or changes a highlight of the viewer; a new one stands behind the others. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's highlight or story
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED for more than 100 highlights
 */
export async function saveHighlight(
  context: CommandContext,
  change: HighlightChange,
): Promise<HighlightId> {
  const viewer = requireViewer(context);
  requireTitle(change);
  requireHighlightItems(change.storyIds ?? []);
  return context.database.transaction(async (tx) => {
    const highlight =
      change.highlightId === null
        ? await startHighlight(context, tx, viewer.actorId)
        : await lockOwnHighlight(tx, viewer, change.highlightId);
    if (change.title !== undefined) highlight.title = oneLine(change.title);
    highlight.updatedAt = context.clock.now();
    if (change.storyIds !== undefined) await replaceHighlightItems(tx, highlight, change.storyIds);
    if (change.coverStoryId !== undefined) await chooseCover(tx, highlight, change.coverStoryId);
    return highlight.id;
  });
}

function requireTitle({ title, highlightId }: HighlightChange): void {
  if (title === undefined && highlightId !== null) return;
  requireLength(title ?? '', TITLE_LENGTH, ['title']);
  if (oneLine(title ?? '') === '')
    throw new Invalid('A highlight needs a title.', ['title'], 'REQUIRED');
}

async function startHighlight(
  context: CommandContext,
  tx: Transaction,
  ownerId: ActorId,
): Promise<Highlight> {
  await lockHighlightsOf(tx, ownerId);
  const last = await tx.row<{ count: number; position: number }>(LAST, [ownerId]);
  if ((last?.count ?? 0) >= HIGHLIGHTS_PER_OWNER)
    throw new TooMany(`At most ${HIGHLIGHTS_PER_OWNER} highlights.`, HIGHLIGHTS_PER_OWNER);
  const now = context.clock.now();
  return tx.em.create(Highlight, {
    id: newId<'highlight'>(now),
    ownerId,
    title: '',
    position: (last?.position ?? 0) + 1,
    createdAt: now,
    updatedAt: now,
  });
}
