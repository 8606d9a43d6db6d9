/** Editing a post. Every earlier version of what people read and saw stays as a revision. */
import type { CommentPolicy, QuotePolicy } from '../actors/visibility.js';
import type { MediaId } from '../media/media.entity.js';
import type { CommandContext } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import type { PlaceId } from '../places/place.js';
import { requirePlace } from './internal/require-place.js';
import { requireViewer } from '../platform/require-viewer.js';
import { composeContent } from './content/compose-content.js';
import {
  findAlbum,
  replaceAlbum,
  requireAlbum,
  type AlbumOwner,
  type ChangedAlbum,
} from './internal/album.js';
import { linkContent } from './internal/link-content.js';
import { dropTagsOutside, placeTags } from './internal/place-tags.js';
import { keepRevision } from './internal/keep-revision.js';
import { setRemixPolicies } from './remix-policies.js';
import { requireAltTexts } from './require-alt-texts.js';
import { requireTags, type TagPlacement } from './photo-tag.js';
import { lockOwnPost } from './own-post.js';
import { Invalid } from '../platform/errors.js';
import { headContent } from './content/head-content.js';
import type { AiDisclosure, Post, PostId, PublishedKind } from './post.entity.js';
import { requireVideoWords, titleOf, type VideoWords } from './video-words.js';
import { postUpdated } from './posts.events.js';
import {
  CAPTION_LENGTH,
  CONTENT_WARNING_LENGTH,
  LICENSE_LENGTH,
  requireLength,
  trimmedOrNull,
} from './text-limits.js';
import { viewerSettings } from './viewer-settings.js';

/** What to change; absent = as it is. Who may see a post never changes. */
export interface PostChange {
  readonly postId: PostId;
  readonly caption?: string;
  /** BCP 47; null = not said. */
  readonly language?: string | null;
  /** Null = none. */
  readonly contentWarning?: string | null;
  readonly isSensitive?: boolean;
  readonly commentPolicy?: CommentPolicy;
  readonly quotePolicy?: QuotePolicy;
  readonly aiDisclosure?: AiDisclosure;
  /** Null = all rights reserved. */
  readonly license?: string | null;
  /** Null = not said. */
  readonly placeId?: PlaceId | null;
  /** Of a video; absent parts = as they are. */
  readonly video?: Partial<VideoWords>;
  /** The whole new album, in order. */
  readonly mediaIds?: readonly MediaId[];
  /** All people on the pictures; those of pictures that leave the album leave by themselves. */
  readonly tags?: readonly TagPlacement[];
}

/**
 * Edits a post of the viewer. A change that changes nothing leaves no trace; one of the settings alone
 * (language, sensitivity, who may comment and quote, AI disclosure, licence, place, category, copies, remixes) makes no revision.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's post or picture and an unknown place
 * @throws {Invalid} INVALID_INPUT
 * @throws {Forbidden} FORBIDDEN for somebody who cannot be tagged here, and for a remix whose original may not be used any more
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED, or ALREADY_EXISTS for a picture in use
 */
export async function updatePost(context: CommandContext, change: PostChange): Promise<void> {
  const viewer = requireViewer(context);
  requireLength(change.caption ?? '', CAPTION_LENGTH, ['caption']);
  requireLength(change.contentWarning ?? '', CONTENT_WARNING_LENGTH, ['contentWarning']);
  requireLength(change.license ?? '', LICENSE_LENGTH, ['license']);
  if (change.video) requireVideoWords(change.video);
  await context.database.transaction(async (tx) => {
    const post = await lockOwnPost(tx, viewer, change.postId, ['postId']);
    if (change.video && post.kind !== 'video')
      throw new Invalid('This is no video.', ['video'], 'MEDIA_KIND', 'video');
    await requirePlace(tx, change.placeId ?? null, ['placeId']);
    const isEdited = await editContent(context, tx, post, change);
    const policies = change.video?.remixPolicies ?? {};
    const isOpened = await setRemixPolicies(tx, change.postId, policies);
    const isSet = applySettings(post, change) || isOpened;
    const mentionedIds = isEdited ? await renewContent(context, tx, post) : [];
    const isTagged = await changeTags(context, tx, { ...post, id: change.postId }, change);
    if (!isEdited && !isSet && !isTagged) return;
    await tx.append(postUpdated, {
      postId: change.postId,
      authorId: post.authorId,
      visibility: post.visibility,
      mentionedIds,
      ...(change.mediaIds && post.kind === 'video' && { mayHaveNewVideo: true }),
    });
  });
}

/** Changes what people read and see; true when that is different now. */
async function editContent(
  context: CommandContext,
  tx: Transaction,
  post: Post,
  change: PostChange,
): Promise<boolean> {
  const album = await findAlbum(tx, change.postId);
  const wanted = change.mediaIds ?? album;
  const caption = change.caption ?? post.contentSource ?? '';
  const warning =
    change.contentWarning === undefined
      ? post.contentWarning
      : trimmedOrNull(change.contentWarning);
  const title =
    change.video?.title === undefined ? (post.title ?? null) : titleOf(change.video.title);
  const hasNewAlbum = wanted.join() !== album.join();
  const hasNewText = caption !== (post.contentSource ?? '') || title !== (post.title ?? null);
  if (!hasNewAlbum && !hasNewText && warning === post.contentWarning) return false;
  const kind = post.kind as PublishedKind;
  if (hasNewAlbum) requireAlbum(kind, wanted);
  const now = context.clock.now();
  await keepRevision(tx, post, album, now);
  if (hasNewAlbum) await changeAlbum(context, tx, { ...post, id: change.postId, kind }, wanted);
  post.title = title;
  post.contentSource = caption;
  post.contentWarning = warning;
  post.editedAt = now;
  return true;
}

async function changeAlbum(
  context: CommandContext,
  tx: Transaction,
  post: ChangedAlbum,
  mediaIds: readonly MediaId[],
): Promise<void> {
  await replaceAlbum(tx, context.clock.now(), post, mediaIds);
  const { requireAltText } = await viewerSettings(tx, requireViewer(context));
  if (requireAltText) await requireAltTexts(tx, mediaIds);
}

/** Changes who is on the pictures; true when that is different now. */
async function changeTags(
  context: CommandContext,
  tx: Transaction,
  post: AlbumOwner,
  { tags, mediaIds }: PostChange,
): Promise<boolean> {
  if (mediaIds) await dropTagsOutside(tx, post.id, mediaIds);
  if (!tags) return false;
  requireTags(tags, mediaIds ?? (await findAlbum(tx, post.id)));
  return placeTags(tx, context.clock.now(), post, tags);
}

/** Derives HTML, mentions and hashtags again; answers who was not mentioned before. */
async function renewContent(context: CommandContext, tx: Transaction, post: Post) {
  const written = await composeContent(tx, context.config, post.contentSource ?? '');
  const content = headContent(post.title ?? null, written);
  post.contentHtml = content.html;
  return linkContent(tx, post.id, content, context.clock.now());
}

function applySettings(post: Post, change: PostChange): boolean {
  const before = settingsOf(post);
  if (change.language !== undefined) post.language = change.language;
  if (change.isSensitive !== undefined) post.isSensitive = change.isSensitive;
  if (change.commentPolicy !== undefined) post.commentPolicy = change.commentPolicy;
  if (change.quotePolicy !== undefined) post.quotePolicy = change.quotePolicy;
  if (change.aiDisclosure !== undefined) post.aiDisclosure = change.aiDisclosure;
  if (change.license !== undefined) post.license = trimmedOrNull(change.license);
  if (change.placeId !== undefined) post.placeId = change.placeId;
  const { category, allowsDownload } = change.video ?? {};
  if (category !== undefined) post.category = category;
  if (allowsDownload !== undefined) post.allowsDownload = allowsDownload;
  return settingsOf(post) !== before;
}

function settingsOf(post: Post): string {
  const { language, isSensitive, commentPolicy, quotePolicy, aiDisclosure, license, placeId } =
    post;
  const { category, allowsDownload } = post;
  return JSON.stringify([
    language,
    isSensitive,
    commentPolicy,
    quotePolicy,
    aiDisclosure,
    license,
    placeId,
    category,
    allowsDownload,
  ]);
}
