/** Reads of keyword filters. Only their owner ever asks; for everybody else a filter is not there. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { ContentFilterRow } from './content-filter.js';

const COLUMNS = `filter.id, filter.title, filter.action, filter.contexts, filter.expires_at as "expiresAt",
  filter.created_at as "createdAt", filter.updated_at as "updatedAt",
  (select coalesce(jsonb_agg(jsonb_build_object('text', keyword.keyword, 'isWholeWord', keyword.is_whole_word)
    order by keyword.place), '[]') from content_filter_keywords keyword where keyword.filter_id = filter.id) as keywords`;

const ALL = statement(
  'content_filters.all',
  `select ${COLUMNS} from content_filters filter where filter.owner_id = $1 order by filter.id`,
);
const BY_IDS = statement(
  'content_filters.by_ids',
  `select ${COLUMNS} from content_filters filter where filter.id = any($1::uuid[]) and filter.owner_id = $2`,
);

/** All filters of the viewer, the oldest first, those that have ended too. */
export function findContentFilters(reader: Reader, viewerId: ActorId): Promise<ContentFilterRow[]> {
  return reader.rows<ContentFilterRow>(ALL, [viewerId]);
}

/** Filters of the viewer, by id, in no particular order; those of others are left out. */
export function findContentFiltersById(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId,
): Promise<ContentFilterRow[]> {
  return reader.rows<ContentFilterRow>(BY_IDS, [ids, viewerId]);
}
