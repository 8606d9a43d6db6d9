/** Commenting on a post, or answering a comment. */
import { requireHere } from '../actors/require-here.js';
import { isBlank } from '../platform/blank-text.js';
import type { CommandContext } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import { Forbidden, Invalid, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { canComment, defaultCommentVisibility, doFollowersSee } from './comment.policy.js';
import {
  isCounted,
  MOST_NARROWINGS,
  narrow,
  type CommentVisibility,
  type Narrowing,
} from './comment-visibility.js';
import { composeContent, type Content } from './content/compose-content.js';
import { countComments } from './internal/count-comments.js';
import { linkNewContent } from './internal/link-content.js';
import { nameAnswered } from './internal/named-by-comment.js';
import { startCounts } from './internal/start-counts.js';
import { Post, type CommentId, type PostId } from './post.entity.js';
import { commentAdded } from './posts.events.js';
import { lockSeenSubject } from './seen-subject.js';
import { COMMENT_LENGTH, requireLength } from './text-limits.js';
import type { SubjectFacts } from './visibility.queries.js';

const COMMENT_LIMIT = { name: 'comment', points: 300, windowSeconds: 3600, failsClosed: false };

/** A comment to be made. */
export interface CommentDraft {
  readonly postId: PostId;
  /** The comment that it answers; null = the post itself. */
  readonly parentId: CommentId | null;
  /** Markdown, not blank. */
  readonly content: string;
  /** BCP 47; null = not said. */
  readonly language: string | null;
  /** Whom it is for, among those who see what it answers; null or absent = as `defaultCommentVisibility` has it. */
  readonly visibility?: CommentVisibility | null;
}

/**
 * Adds a comment of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a post or parent that is not there, not visible, or of another post
 * @throws {Forbidden} FORBIDDEN when the author does not take comments from the viewer, and for a viewer who has moved
 * @throws {Invalid} INVALID_INPUT for a blank or too long text, and for more people than may see what it answers
 * @throws {RateLimited} RATE_LIMITED for more than 300 in an hour
 */
export async function addComment(context: CommandContext, draft: CommentDraft): Promise<CommentId> {
  const viewer = requireViewer(context);
  requireCommentText(draft.content);
  await requireRate(context, COMMENT_LIMIT, viewer.accountId);
  return context.database.transaction(async (tx) => {
    await requireHere(tx, viewer.actorId);
    const post = await lockSeenSubject(tx, viewer, draft.postId, ['postId']);
    if (post.kind === 'comment') throw new NotFound(['postId']);
    if (!canComment(viewer.actorId, post)) {
      throw new Forbidden('The author does not take comments from you.', 'FORBIDDEN', ['postId']);
    }
    const parent =
      draft.parentId && (await lockSeenSubject(tx, viewer, draft.parentId, ['parentId']));
    if (parent && parent.root?.id !== draft.postId) throw new NotFound(['parentId']);
    const narrowedTo = narrowingOf(viewer.actorId, post, parent, draft.visibility);
    return insertComment(context, tx, viewer.actorId, { post, parent, narrowedTo }, draft);
  });
}

/**
 * Refuses a blank or too long comment.
 *
 * @throws {Invalid} INVALID_INPUT
 */
export function requireCommentText(text: string): void {
  requireSomething(text);
  requireLength(text, COMMENT_LENGTH, ['content']);
}

/**
 * Reads a comment that `requireCommentText` has accepted.
 *
 * @throws {Invalid} INVALID_INPUT when nothing of it is seen, such as marks around nothing
 */
export async function composeComment(
  context: CommandContext,
  tx: Transaction,
  text: string,
): Promise<Content> {
  const content = await composeContent(tx, context.config, text);
  requireSomething(content.html.replace(/<[^>]*>/g, ''));
  return content;
}

function requireSomething(text: string): void {
  if (isBlank(text)) throw new Invalid('A comment says something.', ['content'], 'MIN_LENGTH', '1');
}

/** Whom a comment is for by itself. */
function narrowingOf(
  viewerId: SubjectFacts['authorId'],
  post: SubjectFacts,
  parent: SubjectFacts | null,
  wanted: CommentDraft['visibility'],
): Narrowing | null {
  const narrowings = parent?.narrowings ?? [];
  const visibility = wanted ?? defaultCommentVisibility(viewerId, post, narrowings);
  const isTooWide =
    (visibility === 'AS_POST' && narrowings.length > 0) ||
    (visibility === 'FOLLOWERS' && !doFollowersSee(viewerId, post, narrowings));
  if (isTooWide)
    throw new Invalid('Not all of them may see what this answers.', ['visibility'], 'AUDIENCE');
  if (visibility === 'AS_POST') return null;
  if (narrowings.length >= MOST_NARROWINGS)
    throw new Invalid(
      'So many answers, one below the other, cannot each be for fewer people.',
      ['parentId'],
      'MAX_ITEMS',
      String(MOST_NARROWINGS),
    );
  return visibility;
}

/** What a comment stands below, as far as that was looked up, and whom it is for. */
interface Standing {
  readonly post: SubjectFacts;
  readonly parent: SubjectFacts | null;
  readonly narrowedTo: Narrowing | null;
}

async function insertComment(
  context: CommandContext,
  tx: Transaction,
  authorId: SubjectFacts['authorId'],
  standing: Standing,
  draft: CommentDraft,
): Promise<CommentId> {
  const now = context.clock.now();
  const id = newId<'comment'>(now);
  const { postId, parentId, language } = draft;
  const place = placeOf(id, standing);
  const answer = { authorId, narrowedTo: place.narrowedTo, parentId, rootId: postId };
  const content = await nameAnswered(tx, answer, await composeComment(context, tx, draft.content));
  const uri = `${context.config.publicUrl.origin}/comments/${id}`;
  tx.em.create(Post, {
    id,
    kind: 'comment',
    ...answer,
    ...place,
    isLocal: true,
    uri,
    url: uri,
    contentHtml: content.html,
    contentSource: content.source,
    language,
    publishedAt: now,
  });
  await startCounts(tx, id, { rootId: postId, publishedAt: now });
  await countComments(tx, postId, parentId, {
    comments: place.hiddenThrough === null && isCounted(place) ? 1 : 0,
    answers: place.narrowedTo === null ? 1 : 0,
  });
  const mentionedIds = await linkNewContent(tx, id, content, now);
  const added = { commentId: id, postId, parentId, authorId, mentionedIds, isLocal: true };
  await tx.append(commentAdded, added);
  return id;
}

/** Who sees a comment: at most whoever sees what it stands below. */
function placeOf(id: CommentId, { post, parent, narrowedTo }: Standing) {
  const { narrowedThrough } = narrow(id, narrowedTo, parent?.narrowedThrough ?? null);
  return {
    narrowedTo,
    narrowedThrough: narrowedThrough as CommentId[] | null,
    // Below a hidden comment everything is hidden.
    hiddenThrough: parent?.hiddenThrough ?? null,
    visibility: post.visibility,
  };
}
