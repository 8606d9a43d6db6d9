/** What publishing means for every format: quota, text, row, counters, the author's own home timeline, the event. */
import { requireHere } from '../actors/require-here.js';
import type { CommentPolicy, QuotePolicy, Visibility } from '../actors/visibility.js';
import type { MediaId } from '../media/media.entity.js';
import type { Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { PlaceId } from '../places/place.js';
import { requireAltTexts } from './require-alt-texts.js';
import { requirePlace } from './internal/require-place.js';
import { newId } from '../platform/ids.js';
import type { EntitledOwner } from '../platform/entitlements.js';
import { composeContent } from './content/compose-content.js';
import { IN_MEDIA_IDS, replaceAlbum, requireAlbum, type PathOf } from './internal/album.js';
import { requireVideoWords, videoColumns, type VideoWords } from './video-words.js';
import { headContent } from './content/head-content.js';
import { placeTags } from './internal/place-tags.js';
import { linkNewContent } from './internal/link-content.js';
import { countPost, requirePostQuota } from './internal/post-quota.js';
import { requireQuotable } from './internal/quotable-post.js';
import { viewerSettings } from './viewer-settings.js';
import { setRemixPolicies } from './remix-policies.js';
import { startCounts } from './internal/start-counts.js';
import { requireTags, type TagPlacement } from './photo-tag.js';
import { Post, type AiDisclosure, type PostId, type PublishedKind } from './post.entity.js';
import { postPublished, postQuoted } from './posts.events.js';
import {
  CAPTION_LENGTH,
  CONTENT_WARNING_LENGTH,
  LICENSE_LENGTH,
  requireLength,
  trimmedOrNull,
} from './text-limits.js';

/** What an author chose, the same for every format. */
export interface PostDraft {
  /** Markdown; may be empty. */
  readonly caption: string;
  /** BCP 47; null = not said. */
  readonly language: string | null;
  /** Null = as the author has set for themselves. */
  readonly visibility: Visibility | null;
  /** Null = as the author has set for themselves. */
  readonly commentPolicy: CommentPolicy | null;
  /** Plain text; null or blank = none. */
  readonly contentWarning: string | null;
  /** Null = as the author has set for themselves. */
  readonly isSensitive: boolean | null;
  readonly aiDisclosure: AiDisclosure;
  /** Name or SPDX id; null = all rights reserved. */
  readonly license: string | null;
  /** Where it was made; null = not said. */
  readonly placeId: PlaceId | null;
  /** Null = as the author has set for themselves. */
  readonly quotePolicy: QuotePolicy | null;
  /** The post that it quotes; null = none. */
  readonly quotedPostId: PostId | null;
  /** What is said of a video beyond that; null or absent = nothing, or no video. */
  readonly video?: VideoWords | null;
}

/** A draft and the media that come with it. */
export interface PostToPublish extends PostDraft {
  readonly kind: PublishedKind;
  /** In the order in which they are shown. */
  readonly mediaIds: readonly MediaId[];
  /** People on them; absent = none. */
  readonly tags?: readonly TagPlacement[];
  /** Where an asset stands in the input; absent = in `mediaIds`. */
  readonly pathOf?: PathOf;
}

// Followers get theirs by a job; the author reads their own post at once.
const INTO_OWN_HOME = statement(
  'posts.into_own_home',
  'insert into home_timeline_entries (owner_id, post_id, author_id) values ($1, $2, $1)',
);

/**
 * Publishes a post inside the transaction of a caller who has made sure that the author is in good standing. Who else
 * gets to see it follows as a consequence, so the time does not depend on the number of followers.
 *
 * @throws {Invalid} INVALID_INPUT with paths into `common`, `video` and `mediaIds`
 * @throws {NotFound} NOT_FOUND for a picture of somebody else, for an unknown place and a quoted post that is not seen
 * @throws {Forbidden} FORBIDDEN for a post that the author may not quote, and for an author who has moved away
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED, or ALREADY_EXISTS for one in use
 * @throws {Forbidden} FORBIDDEN for somebody who cannot be tagged here, and for a remix whose original may not be used any more
 * @throws {QuotaExceeded} QUOTA_EXCEEDED
 */
export async function publishPost(
  services: Services,
  tx: Transaction,
  author: EntitledOwner,
  post: PostToPublish,
): Promise<PostId> {
  requireTexts(post);
  requireAlbum(post.kind, post.mediaIds);
  requireTags(post.tags ?? [], post.mediaIds);
  await requireHere(tx, author.actorId);
  const settings = await viewerSettings(tx, author);
  const visibility = post.visibility ?? settings.defaultVisibility;
  const now = services.clock.now();
  const id = newId<'post'>(now);
  await countPost(tx, author.actorId, visibility, 1);
  await requirePostQuota(services, tx, author);
  await requirePlace(tx, post.placeId, ['common', 'placeId']);
  const quoted = post.quotedPostId && (await requireQuotable(tx, author, post.quotedPostId));
  const video = post.kind === 'video' ? videoColumns(post.video) : null;
  const written = await composeContent(tx, services.config, post.caption);
  const content = headContent(video?.title ?? null, written);
  const { origin } = services.config.publicUrl;
  tx.em.create(Post, {
    id,
    kind: post.kind,
    authorId: author.actorId,
    isLocal: true,
    uri: `${origin}/posts/${id}`,
    url: `${origin}/posts/${id}`,
    contentHtml: content.html,
    contentSource: content.source,
    language: post.language,
    visibility,
    contentWarning: trimmedOrNull(post.contentWarning),
    isSensitive: post.isSensitive ?? settings.defaultSensitive,
    aiDisclosure: post.aiDisclosure,
    license: trimmedOrNull(post.license),
    commentPolicy: post.commentPolicy ?? settings.defaultCommentPolicy,
    placeId: post.placeId,
    quotePolicy: post.quotePolicy ?? settings.defaultQuotePolicy,
    quotedId: post.quotedPostId ?? null,
    publishedAt: now,
    ...video,
  });
  await startCounts(tx, id);
  const { pathOf = IN_MEDIA_IDS } = post;
  const album = { id, kind: post.kind, authorId: author.actorId, visibility };
  await replaceAlbum(tx, now, album, post.mediaIds, pathOf);
  if (post.video?.remixPolicies && video) await setRemixPolicies(tx, id, post.video.remixPolicies);
  if (settings.requireAltText) await requireAltTexts(tx, post.mediaIds, pathOf);
  const mentionedIds = await linkNewContent(tx, id, content, now);
  // Whoever is mentioned may see the post, and so may be tagged in it.
  if (post.tags) await placeTags(tx, now, album, post.tags);
  await tx.rows(INTO_OWN_HOME, [author.actorId, id]);
  await tx.append(postPublished, {
    postId: id,
    kind: post.kind,
    authorId: author.actorId,
    visibility,
    mentionedIds,
  });
  if (quoted) await tx.append(postQuoted, { postId: id, authorId: author.actorId, ...quoted });
  return id;
}

/**
 * Refuses texts that are too long.
 *
 * @throws {Invalid} INVALID_INPUT with paths into `common` and `video`
 */
export function requireTexts(post: PostDraft): void {
  requireLength(post.caption, CAPTION_LENGTH, ['common', 'caption']);
  requireLength(post.contentWarning ?? '', CONTENT_WARNING_LENGTH, ['common', 'contentWarning']);
  requireLength(post.license ?? '', LICENSE_LENGTH, ['common', 'license']);
  if (post.video) requireVideoWords(post.video);
}
