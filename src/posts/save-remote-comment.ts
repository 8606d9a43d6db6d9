/** Keeps a comment of another server under the same rules as one of ours. */
import type { ActorId } from '../actors/actor.entity.js';
import { addRemoteMedia, type RemoteMedia } from '../media/add-remote-media.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireActing } from '../platform/require-viewer.js';
import { canComment } from './comment.policy.js';
import { countComments } from './internal/count-comments.js';
import { keepRevision } from './internal/keep-revision.js';
import { linkContent } from './internal/link-content.js';
import { replaceRemoteAlbum } from './internal/replace-remote-album.js';
import { startCounts } from './internal/start-counts.js';
import { Post, type CommentId, type PostId } from './post.entity.js';
import { commentAdded, commentFound, commentUpdated } from './posts.events.js';
import { cutWarning, readRemoteText, type RemoteText } from './remote-content.js';
import { lockSeenSubject } from './seen-subject.js';
import type { SubjectFacts } from './visibility.queries.js';

/** A comment as its server tells it. */
export interface RemoteComment extends RemoteText {
  readonly uri: string;
  readonly url: string;
  /** The post or comment that it answers. */
  readonly subjectId: PostId | CommentId;
  readonly language: string | null;
  readonly contentWarning: string | null;
  readonly isSensitive: boolean;
  /** At most 4 are kept. */
  readonly media: readonly RemoteMedia[];
  readonly publishedAt: Date;
  /** Null = never. */
  readonly editedAt: Date | null;
  /** It comes as it is published; what is found later is told to nobody. */
  readonly isNews: boolean;
}

const LOCK_URI = statement(
  'comments.lock_uri',
  'select pg_advisory_xact_lock(hashtextextended($1, 71))',
);

const KNOWN = statement('comments.is_known', 'select from posts where uri = $1');
// A statement, no entity: many comments of other servers are added in one transaction that they share.
const ADD = statement(
  'comments.add_remote',
  `insert into posts (id, kind, author_id, root_id, parent_id, hidden_through, is_local, uri, url, content_html, language,
     content_warning, is_sensitive, visibility, published_at, edited_at)
   values ($1, 'comment', $2, $3, $4, $5, false, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
);
/** As many as Mastodon puts into one; a comment is no album. */
const MOST_PICTURES = 4;

/**
 * Adds the comment of whoever acts, or makes the known one what its server says now. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND when what it answers is not there for its author
 * @throws {Forbidden} FORBIDDEN when the author of the post does not take comments from them
 */
export async function saveRemoteComment(
  context: CommandContext,
  comment: RemoteComment,
): Promise<void> {
  const acting = requireActing(context);
  await context.database.transaction(async (tx) => {
    await tx.rows(LOCK_URI, [comment.uri]);
    const isKnown = (await tx.row(KNOWN, [comment.uri])) !== null;
    const known = isKnown ? await tx.em.findOneOrFail(Post, { uri: comment.uri }) : null;
    if (!known) {
      const answered = await lockSeenSubject(tx, acting, comment.subjectId, ['subjectId']);
      requireWelcome(acting.actorId, answered);
      await add(context, tx, answered, comment);
    } else if (known.authorId === acting.actorId && known.kind === 'comment' && !known.deletedAt) {
      // Where it stands, not where its server says that it stands now.
      await lockSeenSubject(tx, acting, known.id, ['subjectId']);
      await change(context, tx, known, comment);
    }
  });
}

function requireWelcome(actorId: SubjectFacts['authorId'], answered: SubjectFacts): void {
  const post = answered.root ?? answered;
  // Who follows whom over there is not known here: whom they let comment is for their own server to say.
  if (!post.isLocal && post.commentPolicy !== 'NOBODY') return;
  if (!canComment(actorId, post))
    throw new Forbidden('The author does not take comments from you.', 'FORBIDDEN', ['subjectId']);
}

async function add(
  context: CommandContext,
  tx: Transaction,
  answered: SubjectFacts,
  comment: RemoteComment,
): Promise<void> {
  const { actorId: authorId } = requireActing(context);
  const now = context.clock.now();
  const post = answered.root ?? answered;
  if (post.kind === 'comment') throw new NotFound(['subjectId']);
  const postId = post.id as PostId;
  const parentId = answered.root ? (answered.id as CommentId) : null;
  const publishedAt = comment.publishedAt < now ? comment.publishedAt : now;
  const id = newId<'comment'>(publishedAt);
  const content = readRemoteText(comment);
  const { hiddenThrough } = answered;
  await tx.rows(ADD, [
    id,
    authorId,
    postId,
    parentId,
    hiddenThrough,
    comment.uri,
    comment.url,
    content.html,
    comment.language,
    cutWarning(comment.contentWarning),
    comment.isSensitive,
    post.visibility,
    publishedAt,
    comment.editedAt,
  ]);
  await startCounts(tx, id, { rootId: postId, publishedAt });
  await replacePictures(tx, now, { id, authorId }, comment);
  await countComments(tx, postId, parentId, {
    comments: hiddenThrough === null ? 1 : 0,
    answers: 1,
  });
  const mentionedIds = await linkContent(tx, id, content, now);
  const fact = { commentId: id, postId, parentId, authorId };
  if (comment.isNews) await tx.append(commentAdded, { ...fact, mentionedIds, isLocal: false });
  else await tx.append(commentFound, fact);
}

async function change(
  context: CommandContext,
  tx: Transaction,
  known: Post,
  comment: RemoteComment,
): Promise<void> {
  const { editedAt } = comment;
  if (!editedAt || (known.editedAt && known.editedAt >= editedAt)) return;
  const now = context.clock.now();
  const content = readRemoteText(comment);
  await keepRevision(tx, known, [], now);
  known.contentHtml = content.html;
  known.contentWarning = cutWarning(comment.contentWarning);
  known.isSensitive = comment.isSensitive;
  known.editedAt = editedAt;
  await replacePictures(tx, now, { id: known.id as CommentId, authorId: known.authorId }, comment);
  await linkContent(tx, known.id, content, now);
  await tx.append(commentUpdated, {
    commentId: known.id as CommentId,
    postId: known.rootId!,
    parentId: known.parentId ?? null,
    authorId: known.authorId,
  });
}

/** Who sees the comment sees them, by signed links alone: a comment goes out of sight with its post, and by being hidden. */
async function replacePictures(
  tx: Transaction,
  now: Date,
  { id, authorId }: { readonly id: CommentId; readonly authorId: ActorId },
  { media }: RemoteComment,
): Promise<void> {
  const owner = { ownerId: authorId, access: 'PRIVATE', purpose: 'POST' } as const;
  await replaceRemoteAlbum(tx, now, id, () =>
    addRemoteMedia(tx, now, owner, media.slice(0, MOST_PICTURES)),
  );
}
