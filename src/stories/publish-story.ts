/** Publishing a story: one own picture, for a while. */
import { requireHere } from '../actors/require-here.js';
import { attachMedia } from '../media/attach-media.js';
import type { MediaId } from '../media/media.entity.js';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import { composeContent } from '../posts/content/compose-content.js';
import { requireAltTexts } from '../posts/require-alt-texts.js';
import { requireLength } from '../posts/text-limits.js';
import { viewerSettings } from '../posts/viewer-settings.js';
import { placeStickers } from './internal/place-stickers.js';
import { requireStickers, type Sticker } from './sticker.js';
import { storyPublished } from './stories.events.js';
import { STORIES_PER_AUTHOR } from './stories.queries.js';
import { Story, type StoryId, type StoryVisibility } from './story.entity.js';

/** What an author chose. */
export interface StoryDraft {
  /** An own upload with the purpose STORY that is READY and in no other story. */
  readonly mediaId: MediaId;
  /** Markdown; may be empty. */
  readonly caption: string;
  readonly visibility: StoryVisibility;
  readonly durationSeconds: number;
  /** Whoever sees it may answer it in words. */
  readonly allowsAnswers: boolean;
  /** The author keeps it past its end. */
  readonly isKept: boolean;
  readonly stickers: readonly Sticker[];
}

/** Longest caption of a story. */
export const STORY_CAPTION_LENGTH = 500;

const SHORTEST_SECONDS = 3600;
const LONGEST_SECONDS = 7 * 24 * 3600;

// The author's row is the lock of their number of stories; a statement of its own, so that the count is taken after it.
const LOCK_AUTHOR = statement(
  'stories.lock_author',
  'select id from actors where id = $1 for no key update',
);
const COUNT = statement(
  'stories.count',
  'select count(*)::int as count from stories where author_id = $1 and expires_at > $2',
);

/**
 * Publishes a story of the viewer. Opens its own transaction.
 *
 * @throws {Invalid} INVALID_INPUT
 * @throws {Forbidden} FORBIDDEN for somebody who has moved away
 * @throws {NotFound} NOT_FOUND for a picture of somebody else, or with another purpose, for a person who cannot be
 *   mentioned, and for an unknown place
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED, ALREADY_EXISTS for a picture in use
 * @throws {TooMany} LIMIT_EXCEEDED for more than 100 at a time, or 10 stickers
 */
export async function publishStory(context: CommandContext, draft: StoryDraft): Promise<StoryId> {
  const viewer = requireViewer(context);
  requireLength(draft.caption, STORY_CAPTION_LENGTH, ['caption']);
  requireDuration(draft.durationSeconds);
  const now = context.clock.now();
  requireStickers(draft.stickers, now);
  return context.database.transaction(async (tx) => {
    await requireHere(tx, viewer.actorId);
    await requireRoom(tx, viewer.actorId, now);
    const pathOf = () => ['mediaId'];
    const media = { mediaIds: [draft.mediaId], ownerId: viewer.actorId, pathOf };
    // Never open to the world: its address has to end with the story.
    await attachMedia(tx, now, { ...media, purpose: 'STORY', access: 'PRIVATE' });
    const { requireAltText } = await viewerSettings(tx, viewer);
    if (requireAltText) await requireAltTexts(tx, media.mediaIds, pathOf);
    const content = await composeContent(tx, context.config, draft.caption);
    const story = tx.em.create(Story, {
      id: newId<'story'>(now),
      authorId: viewer.actorId,
      mediaId: draft.mediaId,
      visibility: draft.visibility,
      captionHtml: content.html,
      captionSource: content.source,
      allowsAnswers: draft.allowsAnswers,
      isKept: draft.isKept,
      publishedAt: now,
      expiresAt: addSeconds(now, draft.durationSeconds),
    });
    const { stickers } = draft;
    const mentionedIds = await placeStickers(tx, story, stickers, content.mentionedIds);
    const { id: storyId, authorId, visibility } = story;
    await tx.append(storyPublished, { storyId, authorId, visibility, mentionedIds });
    return storyId;
  });
}

function requireDuration(seconds: number): void {
  if (seconds >= SHORTEST_SECONDS && seconds <= LONGEST_SECONDS) return;
  const limit = `${SHORTEST_SECONDS}..${LONGEST_SECONDS}`;
  throw new Invalid('A story lasts from an hour to a week.', ['durationSeconds'], 'RANGE', limit);
}

async function requireRoom(tx: Transaction, authorId: string, now: Date): Promise<void> {
  await tx.rows(LOCK_AUTHOR, [authorId]);
  const known = await tx.row<{ count: number }>(COUNT, [authorId, now]);
  if ((known?.count ?? 0) >= STORIES_PER_AUTHOR)
    throw new TooMany(`At most ${STORIES_PER_AUTHOR} stories at a time.`, STORIES_PER_AUTHOR);
}
