/** Keeps a comment of another server under the same rules as one of ours. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommentPolicy } from '../actors/visibility.js';
import { addRemoteMedia, type RemoteMedia } from '../media/add-remote-media.js';
import type { MediaId } from '../media/media.entity.js';
import type { Acting, CommandContext } from '../platform/context.js';
import type { Transaction } from '../platform/db/database.js';
import { statementForMany } from '../platform/db/for-many.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireActing } from '../platform/require-viewer.js';
import { canComment } from './comment.policy.js';
import { isCounted, MOST_NARROWINGS, narrow, type Narrowing } from './comment-visibility.js';
import { countComments } from './internal/count-comments.js';
import { keepRevision } from './internal/keep-revision.js';
import { linkContent, linkNewContent } from './internal/link-content.js';
import { addRemoteAlbum, replaceRemoteAlbum } from './internal/replace-remote-album.js';
import { Post, type CommentId, type PostId } from './post.entity.js';
import { commentAdded, commentFound, commentLetIn, commentUpdated } from './posts.events.js';
import { cutWarning, readRemoteText, type RemoteText } from './remote-content.js';
import { lockSubject, requireSeen } from './seen-subject.js';
import type { SubjectFacts } from './visibility.queries.js';

/** A comment as its server tells it. */
export interface RemoteComment extends RemoteText {
  readonly uri: string;
  readonly url: string;
  /** The post or comment that it answers. */
  readonly subjectId: PostId | CommentId;
  readonly language: string | null;
  /** Whom it is for by itself; null = whoever sees what it answers. */
  readonly narrowedTo: Narrowing | null;
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

// In one order, so that two that add several never wait for each other in a circle.
const LOCK_URI = statementForMany(
  'comments.lock_uri',
  `select pg_advisory_xact_lock(key) from (select hashtextextended(uri, 71) as key
     from jsonb_to_recordset($1::jsonb) as asked(uri text) order by 1) one`,
);
const KNOWN = statementForMany(
  'comments.is_known',
  `select asked.place from jsonb_to_recordset($1::jsonb) as asked(place int, uri text) join posts p on p.uri = asked.uri`,
);
// A statement, no entity: many comments of other servers are added in one transaction that they share.
const ADD = statementForMany(
  'comments.add_remote',
  `with added as (
     insert into posts (id, kind, author_id, root_id, parent_id, hidden_through, narrowed_to, narrowed_through, is_local, uri, url, content_html, language,
       content_warning, is_sensitive, visibility, published_at, edited_at)
     select id, 'comment', "authorId", "rootId", "parentId", "hiddenThrough", "narrowedTo",
       "narrowedThrough", false, uri, url, html, language,
       warning, "isSensitive", visibility, "publishedAt", "editedAt"
     from jsonb_to_recordset($1::jsonb) as asked(id uuid, "authorId" uuid, "rootId" uuid, "parentId" uuid,
       "hiddenThrough" uuid, "narrowedTo" text, "narrowedThrough" uuid[], uri text, url text, html text, language text, warning text, "isSensitive" boolean,
       visibility text, "publishedAt" timestamptz, "editedAt" timestamptz)
     returning id, root_id, published_at)
   insert into post_counts (post_id, root_id, top_rank)
   select id, root_id, extract(epoch from published_at)::float8 from added`,
);
/** Policies whose meaning only the author's own server knows. */
const BY_FOLLOWING: ReadonlySet<CommentPolicy> = new Set(['FOLLOWERS', 'FOLLOWING']);
/** As many as Mastodon puts into one; a comment is no album. */
const MOST_PICTURES = 4;

/**
 * Adds the comment of whoever acts, or makes the known one what its server says now. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND when what it answers is not there for its author
 * @throws {Forbidden} FORBIDDEN when the author of the post does not take comments from them, and for a change that is for
 *   fewer people than those who have read it
 */
export async function saveRemoteComment(
  context: CommandContext,
  comment: RemoteComment,
): Promise<void> {
  const acting = requireActing(context);
  await context.database.transaction(async (tx) => {
    const { uri } = comment;
    await tx.ask(LOCK_URI, { uri });
    const isKnown = (await tx.ask(KNOWN, { uri })).length > 0;
    const known = isKnown ? await tx.em.findOneOrFail(Post, { uri }) : null;
    if (!known) {
      const answered = await lockAnswered(tx, acting, comment.subjectId);
      requireWelcome(acting.actorId, answered);
      await add(context, tx, answered, comment);
    } else if (known.authorId === acting.actorId && known.kind === 'comment' && !known.deletedAt) {
      // Where it stands, not where its server says that it stands now.
      await lockAnswered(tx, acting, known.id);
      await change(context, tx, known, comment);
    }
  });
}

/**
 * What somebody elsewhere answers or has said, if they see it. Who follows whom over there is not known here: that a
 * comment for followers was theirs to answer, where its author is elsewhere, too, is for their own server to say.
 */
async function lockAnswered(
  tx: Transaction,
  acting: Acting,
  id: PostId | CommentId,
): Promise<SubjectFacts> {
  const facts = await lockSubject(tx, acting, id, ['subjectId']);
  const known = facts.narrowings.filter(
    ({ isLocal, visibility }) => isLocal || visibility !== 'FOLLOWERS',
  );
  requireSeen(acting, { ...facts, narrowings: known }, ['subjectId']);
  return facts;
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
  const { narrowedTo } = comment;
  if (narrowedTo !== null && answered.narrowings.length >= MOST_NARROWINGS)
    throw new Forbidden('Too many answers for fewer people each.', 'FORBIDDEN', ['subjectId']);
  const narrowed = narrow(id, narrowedTo, answered.narrowedThrough);
  const { uri, url, language, isSensitive, editedAt } = comment;
  await tx.ask(ADD, {
    id,
    authorId,
    rootId: postId,
    parentId,
    hiddenThrough,
    ...narrowed,
    uri,
    url,
    html: content.html,
    language,
    warning: cutWarning(comment.contentWarning),
    isSensitive,
    visibility: post.visibility,
    publishedAt,
    editedAt,
  });
  await addRemoteAlbum(tx, id, await addPictures(tx, now, authorId, comment));
  await countComments(tx, postId, parentId, {
    comments: hiddenThrough === null && isCounted(narrowed) ? 1 : 0,
    answers: narrowedTo === null ? 1 : 0,
  });
  const mentionedIds = await linkNewContent(tx, id, content, now);
  const fact = { commentId: id, postId, parentId, authorId };
  if (comment.isNews) await tx.append(commentAdded, { ...fact, mentionedIds, isLocal: false });
  else await tx.append(commentFound, fact);
  const isFirst = post.isLocal && parentId === null && authorId !== post.authorId;
  if (isFirst && BY_FOLLOWING.has(post.commentPolicy))
    await tx.append(commentLetIn, { commentId: id });
}

async function change(
  context: CommandContext,
  tx: Transaction,
  known: Post,
  comment: RemoteComment,
): Promise<void> {
  const { editedAt } = comment;
  if (!editedAt || (known.editedAt && known.editedAt >= editedAt)) return;
  narrowFurther(known, comment.narrowedTo);
  const now = context.clock.now();
  const content = readRemoteText(comment);
  await keepRevision(tx, known, [], now);
  known.contentHtml = content.html;
  known.contentWarning = cutWarning(comment.contentWarning);
  known.isSensitive = comment.isSensitive;
  known.editedAt = editedAt;
  await replaceRemoteAlbum(tx, now, known.id, () => addPictures(tx, now, known.authorId, comment));
  await linkContent(tx, known.id, content, now);
  await tx.append(commentUpdated, {
    commentId: known.id as CommentId,
    postId: known.rootId!,
    parentId: known.parentId ?? null,
    authorId: known.authorId,
  });
}

/**
 * A change may be for fewer people than the comment was, and never for more: what was said to some is not shown to all.
 * What everybody has read, and others have answered, is not taken back from them; such a change is not for here.
 */
function narrowFurther(known: Post, narrowedTo: Narrowing | null): void {
  if (known.narrowedTo == null && narrowedTo !== null)
    throw new Forbidden('The comment is for more people than its change.', 'FORBIDDEN');
  if (known.narrowedTo === 'FOLLOWERS' && narrowedTo === 'MENTIONED') known.narrowedTo = narrowedTo;
}

/** Who sees the comment sees them, by signed links alone: a comment goes out of sight with its post, and by being hidden. */
async function addPictures(
  tx: Transaction,
  now: Date,
  authorId: ActorId,
  { media }: RemoteComment,
): Promise<MediaId[]> {
  if (media.length === 0) return [];
  const owner = { ownerId: authorId, access: 'PRIVATE', purpose: 'POST' } as const;
  return addRemoteMedia(tx, now, owner, media.slice(0, MOST_PICTURES));
}
