/** Keeping a post for later: as a draft, or to be published at a set time. */
import type { MediaId } from '../media/media.entity.js';
import type { CommandContext, Services } from '../platform/context.js';
import { addSeconds } from '../platform/clock.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { EntitledOwner } from '../platform/entitlements.js';
import { Invalid, NotFound, QuotaExceeded, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ActorId } from '../actors/actor.entity.js';
import { BLANK_POST, DRAFTS_PER_AUTHOR, type DraftId } from './draft.js';
import { countScheduledPosts, type DraftRow } from './draft.queries.js';
import { replaceDraftAlbum } from './internal/draft-album.js';
import { lockDraftsOf, lockOwnDraft } from './internal/own-draft.js';
import { requirePlace } from './internal/require-place.js';
import { requireTags, type TagPlacement } from './photo-tag.js';
import type { PostId, PublishedKind } from './post.entity.js';
import { findPosts } from './post.queries.js';
import { requireTexts, type PostDraft } from './publish-post.js';
import { requireVideoWords, type VideoWords } from './video-words.js';

/** What to keep; absent = as it is, or nothing yet for a new draft. */
export interface DraftChange {
  /** Null = a new draft. */
  readonly draftId: DraftId | null;
  /** Format of the post that becomes of it; a new one is a photo post unless told. */
  readonly kind?: PublishedKind;
  /** All that is said about the post, in place of what was said before. */
  readonly post?: PostDraft;
  /** All that is said of a video beyond that; null = nothing. */
  readonly video?: VideoWords | null;
  /** The whole album, in order. */
  readonly mediaIds?: readonly MediaId[];
  /** All people on the pictures; those of pictures that leave the album leave by themselves. */
  readonly tags?: readonly TagPlacement[];
  /** Null = not scheduled (any more). */
  readonly scheduledFor?: Date | null;
}

type Blank = Omit<
  DraftRow,
  'failureCode' | 'failureMessage' | 'failedAt' | 'createdAt' | 'updatedAt'
>;

const SOONEST_SECONDS = 60;
const LATEST_SECONDS = 366 * 24 * 3600;

const COUNT = statement(
  'drafts.count',
  'select count(*)::int as count from drafts where author_id = $1',
);
const INSERT = statement(
  'drafts.insert',
  `insert into drafts (id, author_id, kind, post, created_at, updated_at) values ($1, $2, $3, $4::jsonb, $5, $5)`,
);
const UPDATE = statement(
  'drafts.update',
  `update drafts set kind = $6, post = $2::jsonb, tags = $5::jsonb, scheduled_for = $3, updated_at = $4,
     failure_code = null, failure_message = null, failed_at = null where id = $1`,
);

/**
 * Makes or changes a draft of the viewer. What the post needs beyond that is asked when it is published: a draft may
 * lack anything, a scheduled one only what can still come. A failure of an earlier schedule is forgotten.
 *
 * Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a draft or picture of somebody else, and for an unknown place
 * @throws {Invalid} INVALID_INPUT, with paths into `common`, `video`, `mediaIds`, `tags` and `scheduledFor`
 * @throws {Conflict} MEDIA_NOT_READY before bytes are there, MEDIA_REJECTED, ALREADY_EXISTS for a picture in use;
 *   LIMIT_EXCEEDED beyond 100 drafts and 20 tags in a picture
 * @throws {QuotaExceeded} QUOTA_EXCEEDED for more than SCHEDULED_POSTS
 */
export async function saveDraft(context: CommandContext, change: DraftChange): Promise<DraftId> {
  const viewer = requireViewer(context);
  const now = context.clock.now();
  if (change.post) requireTexts(change.post);
  if (change.video) requireVideoWords(change.video);
  if (change.scheduledFor) requireTime(change.scheduledFor, now);
  return context.database.transaction(async (tx) => {
    const draft = change.draftId
      ? await lockOwnDraft(tx, viewer.actorId, change.draftId)
      : await beginDraft(tx, viewer.actorId, now, change.kind ?? 'photo');
    const { kind = draft.kind, mediaIds = draft.mediaIds } = change;
    const { video = draft.post.video } = change;
    const post = { ...(change.post ?? draft.post), video };
    const scheduledFor =
      change.scheduledFor === undefined ? draft.scheduledFor : change.scheduledFor;
    await requirePlace(tx, post.placeId, ['common', 'placeId']);
    await requireSeenQuote(tx, viewer.actorId, change.post?.quotedPostId ?? null);
    await replaceDraftAlbum(tx, now, draft, { kind, mediaIds });
    if (scheduledFor) {
      if (mediaIds.length === 0)
        throw new Invalid(
          'A scheduled post has a picture or a video.',
          ['mediaIds'],
          'MIN_ITEMS',
          '1',
        );
      if (!draft.scheduledFor) await requireSchedule(context, tx, viewer);
    }
    const tags = change.tags ?? draft.tags.filter(({ mediaId }) => mediaIds.includes(mediaId));
    requireTags(tags, mediaIds);
    await tx.rows(UPDATE, [
      draft.id,
      JSON.stringify(post),
      scheduledFor,
      now,
      JSON.stringify(tags),
      kind,
    ]);
    return draft.id;
  });
}

/** Whether it may be quoted is asked when the draft is published. */
async function requireSeenQuote(
  tx: Transaction,
  authorId: ActorId,
  quotedPostId: PostId | null,
): Promise<void> {
  if (quotedPostId === null) return;
  const [quoted] = await findPosts(tx, [quotedPostId], authorId);
  if (!quoted) throw new NotFound(['common', 'quotedPostId']);
}

async function beginDraft(tx: Transaction, authorId: ActorId, now: Date, kind: PublishedKind) {
  await lockDraftsOf(tx, authorId);
  const { count } = (await tx.row<{ count: number }>(COUNT, [authorId]))!;
  if (count >= DRAFTS_PER_AUTHOR)
    throw new TooMany(`At most ${DRAFTS_PER_AUTHOR} drafts.`, DRAFTS_PER_AUTHOR);
  const id = newId<'draft'>(now);
  await tx.rows(INSERT, [id, authorId, kind, JSON.stringify(BLANK_POST), now]);
  const blank: Blank = {
    id,
    authorId,
    kind,
    post: BLANK_POST,
    tags: [],
    mediaIds: [],
    scheduledFor: null,
  };
  return blank;
}

function requireTime(instant: Date, now: Date): void {
  if (instant < addSeconds(now, SOONEST_SECONDS))
    throw new Invalid('At least one minute from now.', ['scheduledFor'], 'EARLIEST', 'PT1M');
  if (instant > addSeconds(now, LATEST_SECONDS))
    throw new Invalid('At most one year from now.', ['scheduledFor'], 'LATEST', 'P1Y');
}

/** Needs the lock of the author's drafts, so that two at once do not both take the last place. */
async function requireSchedule(
  { entitlements, clock }: Services,
  tx: Transaction,
  author: EntitledOwner,
): Promise<void> {
  const limit = await entitlements.limit(author.accountId, 'SCHEDULED_POSTS');
  const used = await countScheduledPosts(tx, author, clock.now());
  if (limit === null || used < limit) return;
  throw new QuotaExceeded('SCHEDULED_POSTS', limit, used, ['scheduledFor']);
}
