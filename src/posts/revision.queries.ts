/** Reads of earlier versions of posts. Whoever sees the post sees them. */
import type { ActorId } from '../actors/actor.entity.js';
import type { MediaId } from '../media/media.entity.js';
import type { PageRequest } from '../platform/db/page.js';
import { statement, type Reader } from '../platform/db/database.js';
import { batchedPage } from './page-sql.js';
import { visibleTo } from './visibility.js';

/** An earlier version. */
export interface RevisionRow {
  readonly id: string;
  /** Sanitised HTML. */
  readonly caption: string;
  readonly contentWarning: string | null;
  readonly mediaIds: readonly MediaId[];
  /** When this version was written. */
  readonly editedAt: Date;
}

const COLUMNS = `r.id, r.content_html as caption, r.content_warning as "contentWarning", r.media as "mediaIds", r.edited_at as "editedAt"`;
const BY_IDS = statement(
  'revisions.by_ids',
  `select ${COLUMNS} from post_revisions r join posts p on p.id = r.post_id
   where r.id = any($1::uuid[]) and ${visibleTo('p', '$2::uuid')}`,
);
const OF_POSTS = batchedPage('revisions.of_posts', {
  select: `select ${COLUMNS} from post_revisions r where r.post_id = owner.id`,
  key: 'r.id',
});

/** Earlier versions that the viewer sees, by id. */
export function findRevisions(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId | null,
): Promise<RevisionRow[]> {
  return reader.rows<RevisionRow>(BY_IDS, [ids, viewerId]);
}

/** A page of earlier versions of each of several posts, which the viewer is known to see; the newest first. */
export function findRevisionsOfPosts(
  reader: Reader,
  postIds: readonly string[],
  request: PageRequest,
): Promise<(RevisionRow & { ownerId: string })[]> {
  return reader.rows(...OF_POSTS(postIds, request, []));
}
