/** Making a keyword filter, and changing one. */
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import {
  FILTER_CONTEXTS,
  type ContentFilterId,
  type FilterAction,
  type FilterContext,
  type FilterKeyword,
} from './content-filter.js';
import { readContexts, readKeywords, readText, requireFuture } from './internal/filter-input.js';
import { lockOwnFilter } from './internal/own-filter.js';

/** What to change; absent = as it is, or as a new filter is without it. */
export interface ContentFilterChange {
  /** Null = a new one. */
  readonly filterId: ContentFilterId | null;
  /** A new one without a title is called like its first keyword. */
  readonly title?: string;
  /** Needed for a new one. */
  readonly keywords?: readonly FilterKeyword[];
  /** A new one hides. */
  readonly action?: FilterAction;
  /** A new one applies everywhere. */
  readonly contexts?: readonly FilterContext[];
  /** Null = no end. */
  readonly expiresAt?: Date | null;
}

/** Most filters of one person. */
export const FILTERS = 50;

/** Most keywords in all filters of one person. */
export const KEYWORDS = 500;

// The owner's lock keeps the numbers right; a statement of its own, so that the counts are taken after it.
const LOCK_OWNER = statement(
  'content_filters.lock_owner',
  'select pg_advisory_xact_lock(hashtextextended($1::text, 6))',
);
const COUNTS = statement(
  'content_filters.counts',
  `select (select count(*)::int from content_filters where owner_id = $1) as filters,
     (select count(*)::int from content_filter_keywords keyword
       join content_filters filter on filter.id = keyword.filter_id where filter.owner_id = $1) as keywords`,
);
const INSERT = statement(
  'content_filters.insert',
  `insert into content_filters (id, owner_id, title, action, contexts, created_at, updated_at)
   values ($1, $2, '', 'HIDE', $3, $4, $4)`,
);
const UPDATE = statement(
  'content_filters.update',
  `update content_filters set title = coalesce($2, title), action = coalesce($3, action),
     contexts = coalesce($4::text[], contexts), expires_at = case when $5 then $6 else expires_at end, updated_at = $7
   where id = $1`,
);
const CLEAR = statement(
  'content_filters.clear',
  'delete from content_filter_keywords where filter_id = $1',
);
const FILL = statement(
  'content_filters.fill',
  `insert into content_filter_keywords (filter_id, place, keyword, is_whole_word, needle)
   select $1, given.place, given.keyword, given.is_whole_word,
     case when given.is_whole_word then filter_words(given.keyword) else filter_plain(given.keyword) end
   from unnest($2::text[], $3::boolean[]) with ordinality as given (keyword, is_whole_word, place)`,
);

/**
 * Makes or changes a filter of the viewer. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND, also for somebody else's filter
 * @throws {Invalid} INVALID_INPUT
 * @throws {TooMany} LIMIT_EXCEEDED for more than 50 filters or 500 keywords
 */
export async function saveFilter(
  context: CommandContext,
  change: ContentFilterChange,
): Promise<ContentFilterId> {
  const viewer = requireViewer(context);
  const now = context.clock.now();
  const values = readChange(change, now);
  return context.database.transaction(async (tx) => {
    await tx.rows(LOCK_OWNER, [viewer.actorId]);
    const id = change.filterId ?? (await startFilter(tx, viewer.actorId, now));
    await lockOwnFilter(tx, viewer, id);
    const { title, action, contexts, expiresAt, keywords } = values;
    const end = [expiresAt !== undefined, expiresAt ?? null];
    await tx.rows(UPDATE, [id, title ?? null, action ?? null, contexts ?? null, ...end, now]);
    if (keywords) await replaceKeywords(tx, id, keywords);
    await requireRoom(tx, viewer.actorId);
    return id;
  });
}

function readChange(change: ContentFilterChange, now: Date): Omit<ContentFilterChange, 'filterId'> {
  const isNew = change.filterId === null;
  const keywords = isNew || change.keywords ? readKeywords(change.keywords ?? []) : undefined;
  const title = change.title ?? (isNew ? keywords?.[0]?.text : undefined);
  requireFuture(change.expiresAt, now);
  return {
    keywords,
    title: title === undefined ? undefined : readText(title, ['title']),
    action: change.action,
    contexts: change.contexts && readContexts(change.contexts),
    expiresAt: change.expiresAt,
  };
}

async function startFilter(tx: Transaction, ownerId: ActorId, now: Date): Promise<ContentFilterId> {
  const id = newId<'filter'>(now);
  await tx.rows(INSERT, [id, ownerId, Object.keys(FILTER_CONTEXTS), now]);
  return id;
}

async function replaceKeywords(
  tx: Transaction,
  id: ContentFilterId,
  keywords: readonly FilterKeyword[],
): Promise<void> {
  await tx.rows(CLEAR, [id]);
  const [texts, whole] = [
    keywords.map(({ text }) => text),
    keywords.map(({ isWholeWord }) => isWholeWord),
  ];
  await tx.rows(FILL, [id, texts, whole]);
}

async function requireRoom(tx: Transaction, ownerId: ActorId): Promise<void> {
  const counts = await tx.row<{ filters: number; keywords: number }>(COUNTS, [ownerId]);
  if ((counts?.filters ?? 0) > FILTERS) throw new TooMany(`At most ${FILTERS} filters.`, FILTERS);
  if ((counts?.keywords ?? 0) > KEYWORDS)
    throw new TooMany(`At most ${KEYWORDS} keywords in all filters.`, KEYWORDS, ['keywords']);
}
