/** Keeps a post of another server, new or changed. That its author said so is proven by whoever calls. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommentPolicy, QuotePolicy, Visibility } from '../actors/visibility.js';
import { addRemoteMedia, type RemoteMedia } from '../media/add-remote-media.js';
import { addRemoteVideo, type RemoteVideo } from '../media/add-remote-video.js';
import type { Services } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { cutText } from '../platform/storable-text.js';
import { findAlbum } from './internal/album.js';
import { keepRevision } from './internal/keep-revision.js';
import { linkContent, linkNewContent } from './internal/link-content.js';
import { countPost } from './internal/post-quota.js';
import { replaceRemoteAlbum } from './internal/replace-remote-album.js';
import { startCounts } from './internal/start-counts.js';
import { Post, type AiDisclosure, type PostId } from './post.entity.js';
import { postFound, postPublished, postQuoted, postUpdated } from './posts.events.js';
import { cutWarning, readRemoteText, type RemoteText } from './remote-content.js';
import { placeRemotePost, type RemotePlace } from './remote-place.js';

/** A post as its server tells it. */
export interface RemotePost extends RemoteText {
  readonly uri: string;
  readonly url: string;
  readonly authorId: ActorId;
  /** Of an article, with which its HTML begins as well. */
  readonly title: string | null;
  readonly language: string | null;
  readonly visibility: Exclude<Visibility, 'LOCAL'>;
  readonly contentWarning: string | null;
  readonly isSensitive: boolean;
  readonly commentPolicy: CommentPolicy;
  readonly quotePolicy: QuotePolicy;
  readonly aiDisclosure: AiDisclosure;
  readonly publishedAt: Date;
  /** Null = never. */
  readonly editedAt: Date | null;
  /** It comes as it is published; what is found later is told to nobody. */
  readonly isNews: boolean;
  /** As its author names it; null = all rights reserved. */
  readonly license: string | null;
  readonly category: string | null;
  /** Where it was made; null = not said. */
  readonly place: RemotePlace | null;
  /** At most 20 are kept. */
  readonly media: readonly RemoteMedia[];
  /** Null = it is none. A video has no pictures beside it. */
  readonly video: RemoteVideo | null;
  /** What it quotes, with its author's leave; null = nothing that is shown. */
  readonly quoted: RemoteQuote | null;
}

/** A post that is known here, and its author. */
export interface RemoteQuote {
  readonly postId: PostId;
  readonly authorId: ActorId;
}

const MOST_PICTURES = 20;
/** Of a title, a licence and a category. */
const LONGEST_NAME = 200;
const FIND = statement(
  'posts.remote_by_uri',
  `select id, author_id as "authorId", kind, deleted_at is not null as "isDeleted" from posts where uri = $1`,
);
// Two deliveries of the same post at once: the second one waits, then changes what the first one made.
const LOCK_URI = statement(
  'posts.lock_uri',
  'select pg_advisory_xact_lock(hashtextextended($1, 71))',
);
const LOCK = statement(
  'posts.lock_remote',
  'select from post_counts where post_id = $1 for update',
);

interface Known {
  readonly id: PostId;
  readonly authorId: ActorId;
  readonly kind: Post['kind'];
  readonly isDeleted: boolean;
}

/**
 * Adds the post, or makes the known one what its server says now. Opens its own transaction.
 *
 * @returns null when the post is deleted, a comment, or somebody else's
 */
export async function saveRemotePost(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  post: RemotePost,
): Promise<PostId | null> {
  return database.transaction(async (tx) => {
    await tx.rows(LOCK_URI, [post.uri]);
    const known = await tx.row<Known>(FIND, [post.uri]);
    if (!known) return add(tx, clock.now(), post);
    if (known.isDeleted || known.kind === 'comment' || known.authorId !== post.authorId)
      return null;
    await change(tx, clock.now(), known.id, post);
    return known.id;
  });
}

async function add(tx: Transaction, now: Date, post: RemotePost): Promise<PostId> {
  // Where it stands in timelines is when it was published, but never ahead of now.
  const publishedAt = post.publishedAt < now ? post.publishedAt : now;
  const id = newId<'post'>(publishedAt);
  const content = readRemoteText(post);
  await countPost(tx, post.authorId, post.visibility, 1);
  tx.em.create(Post, {
    ...columnsOf(post, content.html),
    ...(await placeRemotePost(tx, post.place)),
    id,
    authorId: post.authorId,
    isLocal: false,
    uri: post.uri,
    visibility: post.visibility,
    quotedId: post.quoted?.postId ?? null,
    publishedAt,
  });
  await startCounts(tx, id);
  await replacePictures(tx, now, id, post);
  const mentionedIds = await linkNewContent(tx, id, content, now);
  const { authorId, visibility } = post;
  const fact = { postId: id, authorId, visibility };
  if (post.isNews) await tx.append(postPublished, { ...fact, kind: kindOf(post), mentionedIds });
  else await tx.append(postFound, fact);
  await tellQuoted(tx, id, post);
  return id;
}

/** A repeat, and an older version that comes late, change nothing. */
async function change(tx: Transaction, now: Date, id: PostId, post: RemotePost): Promise<void> {
  await tx.rows(LOCK, [id]);
  const stored = await tx.em.findOneOrFail(Post, { id });
  const content = readRemoteText(post);
  const isQuoteNew = post.quoted !== null && stored.quotedId == null;
  if (!post.editedAt || (stored.editedAt && stored.editedAt >= post.editedAt)) {
    if (isQuoteNew) await addQuote(tx, stored, post, content.html);
    return;
  }
  await keepRevision(tx, stored, await findAlbum(tx, id), now);
  Object.assign(stored, columnsOf(post, content.html), await placeRemotePost(tx, post.place));
  if (isQuoteNew) stored.quotedId = post.quoted.postId;
  await replacePictures(tx, now, id, post);
  const mentionedIds = await linkContent(tx, id, content, now);
  const { authorId, visibility } = stored;
  await tx.append(postUpdated, { postId: id, authorId, visibility, mentionedIds });
  if (isQuoteNew) await tellQuoted(tx, id, post);
}

/** Of an unchanged post whose author was given leave only now: the text loses the link that stood for the quote. */
async function addQuote(
  tx: Transaction,
  stored: Post,
  post: RemotePost,
  contentHtml: string,
): Promise<void> {
  const isSameVersion = stored.editedAt?.getTime() === post.editedAt?.getTime();
  stored.quotedId = post.quoted!.postId;
  if (isSameVersion) stored.contentHtml = contentHtml;
  const { id, authorId, visibility } = stored;
  const mentionedIds: ActorId[] = [];
  await tx.append(postUpdated, { postId: id as PostId, authorId, visibility, mentionedIds });
  await tellQuoted(tx, id as PostId, post);
}

async function tellQuoted(tx: Transaction, id: PostId, post: RemotePost): Promise<void> {
  if (!post.quoted) return;
  const { postId: quotedPostId, authorId: quotedAuthorId } = post.quoted;
  await tx.append(postQuoted, {
    postId: id,
    authorId: post.authorId,
    quotedPostId,
    quotedAuthorId,
  });
}

function kindOf({ video, media }: RemotePost) {
  if (video) return 'video' as const;
  return media.length > 0 ? ('photo' as const) : ('text' as const);
}

function columnsOf(post: RemotePost, contentHtml: string) {
  return {
    kind: kindOf(post),
    title: post.title && cutText(post.title, LONGEST_NAME),
    license: post.license && cutText(post.license, LONGEST_NAME),
    category: post.category && cutText(post.category, LONGEST_NAME),
    url: post.url,
    contentHtml,
    contentSource: null,
    language: post.language,
    contentWarning: cutWarning(post.contentWarning),
    isSensitive: post.isSensitive,
    commentPolicy: post.commentPolicy,
    quotePolicy: post.quotePolicy,
    aiDisclosure: post.aiDisclosure,
    editedAt: post.editedAt,
  };
}

async function replacePictures(
  tx: Transaction,
  now: Date,
  id: PostId,
  { authorId, visibility, media, video }: RemotePost,
): Promise<void> {
  const access = visibility === 'PUBLIC' || visibility === 'UNLISTED' ? 'PUBLIC' : 'PRIVATE';
  const owner = { ownerId: authorId, access, purpose: 'POST' } as const;
  await replaceRemoteAlbum(tx, now, id, async () =>
    video
      ? [await addRemoteVideo(tx, now, owner, video)]
      : addRemoteMedia(tx, now, owner, media.slice(0, MOST_PICTURES)),
  );
}
