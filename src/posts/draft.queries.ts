/** Reads of drafts. Every statement asks for the author's own: nobody else ever sees one. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import type { UsageCounter } from '../platform/entitlements.js';
import type { ErrorCode } from '../platform/errors.js';
import { BLANK_POST, type DraftId } from './draft.js';
import { singlePage } from './page-sql.js';
import type { TagPlacement } from './photo-tag.js';
import type { PublishedKind } from './post.entity.js';
import type { PostDraft } from './publish-post.js';

/** A draft as its author sees it. */
export interface DraftRow {
  readonly id: DraftId;
  readonly authorId: ActorId;
  readonly kind: PublishedKind;
  readonly post: PostDraft;
  /** People on its pictures, who are asked when it is published. */
  readonly tags: readonly TagPlacement[];
  /** In the order of the album. */
  readonly mediaIds: readonly MediaId[];
  /** Null = not scheduled. */
  readonly scheduledFor: Date | null;
  /** Why it could not be published when its time came; the three are null together. */
  readonly failureCode: ErrorCode | null;
  readonly failureMessage: string | null;
  readonly failedAt: Date | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** Columns of `DraftRow` for the alias `d`. */
export const DRAFT_COLUMNS = `d.id, d.author_id as "authorId", d.kind, d.post, d.tags, d.scheduled_for as "scheduledFor",
  array(select media_id from draft_media where draft_id = d.id order by position) as "mediaIds",
  d.failure_code as "failureCode", d.failure_message as "failureMessage", d.failed_at as "failedAt",
  d.created_at as "createdAt", d.updated_at as "updatedAt"`;

const BY_IDS = statement(
  'drafts.by_ids',
  `select ${DRAFT_COLUMNS} from drafts d where d.id = any($1::uuid[]) and d.author_id = $2`,
);
const UNSCHEDULED = singlePage('drafts.unscheduled', {
  select: `select ${DRAFT_COLUMNS} from drafts d where d.author_id = $3 and d.scheduled_for is null`,
  key: 'd.id',
});
const scheduled = (name: string, comparison: string, direction: string) =>
  statement(
    `drafts.scheduled.${name}`,
    `select ${DRAFT_COLUMNS} from drafts d where d.author_id = $1 and d.scheduled_for is not null
       and (d.scheduled_for, d.id) ${comparison} ($3::timestamptz, $4::uuid)
     order by d.scheduled_for ${direction}, d.id ${direction} limit $2`,
  );
const SCHEDULED = {
  forward: scheduled('forward', '>', 'asc'),
  backward: scheduled('backward', '<', 'desc'),
};
const BEFORE_ALL = ['-infinity', '00000000-0000-0000-0000-000000000000'];
const AFTER_ALL = ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
const COUNT_SCHEDULED = statement(
  'drafts.count_scheduled',
  'select count(*) as count from drafts where author_id = $1 and scheduled_for is not null',
);

/** Drafts of the author by id; those of others are left out. */
export async function findDrafts(
  reader: Reader,
  ids: readonly string[],
  authorId: ActorId,
): Promise<DraftRow[]> {
  return (await reader.rows<DraftRow>(BY_IDS, [ids, authorId])).map(completeDraft);
}

/** A page of the author's drafts that are not scheduled, the newest first. */
export async function findUnscheduledDrafts(
  reader: Reader,
  authorId: ActorId,
  request: PageRequest,
): Promise<Page<DraftRow>> {
  const rows = await reader.rows<DraftRow>(...UNSCHEDULED(request, [authorId]));
  return toPage(request, rows.map(completeDraft));
}

/** A page of the author's scheduled drafts, the next one first. Its sort key is the time and the id. */
export async function findScheduledDrafts(
  reader: Reader,
  authorId: ActorId,
  request: PageRequest,
): Promise<Page<DraftRow>> {
  const { isBackward, size } = request;
  const from = request.from ?? (isBackward ? AFTER_ALL : BEFORE_ALL);
  const rows = await reader.rows<DraftRow>(isBackward ? SCHEDULED.backward : SCHEDULED.forward, [
    authorId,
    size + 1,
    ...from,
  ]);
  return toPage(request, rows.map(completeDraft));
}

/** What an older version did not store counts as not said. */
export function completeDraft(row: DraftRow): DraftRow {
  return { ...row, post: { ...BLANK_POST, ...row.post } };
}

/** Counter of SCHEDULED_POSTS. */
export const countScheduledPosts: UsageCounter = async (reader, { actorId }) => {
  const row = await reader.row<{ count: string }>(COUNT_SCHEDULED, [actorId]);
  return BigInt(row?.count ?? 0);
};
