/**
 * The full text of posts. Others' posts are found when their authors wish it; one's own, and those that the viewer had
 * to do with, always. What may be seen at all is the one rule of visibility.
 */
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import type { ActorId } from '../actors/actor.entity.js';
import { bothWays, HIGHEST_ID, LOWEST_ID, type Step } from '../platform/db/both-ways.js';
import { statement, type Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { firstIdAt } from '../platform/ids.js';
import type { PostId } from '../posts/post.entity.js';
import { hasFilters, notFiltered, notLimited, showsNobodyHidden } from '../posts/filtered.js';
import { filterConditions, filterValues, type TimelineChoice } from '../posts/timeline-choice.js';
import { postListedTo } from '../posts/visibility.js';
import { keepSignsTogether, readWords } from './search-text.js';

/** What somebody looks for. */
export interface PostSearch {
  /** As typed: words, "phrases", or, -without. */
  readonly text: string;
  /** BCP 47, of the text; null = that of the viewer's settings. */
  readonly language: string | null;
  readonly choice: TimelineChoice;
  readonly authorId: ActorId | null;
  /** Published then or later. */
  readonly since: Date | null;
  /** Published before. */
  readonly until: Date | null;
}

const VIEWER = '$3::uuid';
const READER = { viewer: VIEWER, now: '$4' };
// Of two bounds of the same kind the planner takes the nearer one; both are constants to it.
const QUERY = 'search_query($5, $15, $6)';
const match = (
  beyond: Step['beyond'],
): string => `d.post_id ${beyond} $1::uuid and d.post_id >= $8::uuid and d.post_id < $9::uuid
  and p.kind <> 'comment' and p.deleted_at is null and ($7::uuid is null or p.author_id = $7::uuid)
  and ${postListedTo('p', VIEWER, { authorStatus: 'author.status' })} and ${filterConditions('p', 10)}`;
const NOT_MUTED = `not exists (select from mutes where muter_id = ${VIEWER} and muted_id = p.author_id
  and (expires_at is null or expires_at > $4)) and not ${blocksDomainOf(VIEWER, 'p.author_id')}`;
const TOUCHED = ['reactions', 'reposts', 'post_mentions']
  .map((table) => `select post_id from ${table} where actor_id = ${VIEWER}`)
  .concat(
    `select post_id from bookmarks where owner_id = ${VIEWER}`,
    `select coalesce(root_id, id) from posts where author_id = ${VIEWER} and deleted_at is null`,
  )
  .join(' union all ');

/**
 * So many that match are read for the keyword filters of the viewer, which are dear: somebody may search for what they
 * hide, and would have every post read that says it.
 */
const READ_FOR_FILTERS = 1000;

function find(documents: string, isFiltered: boolean, { beyond, order }: Step): string {
  const source = `${documents} d join posts p on p.id = d.post_id join actors author on author.id = p.author_id`;
  const has = documents === 'matching' ? 'true' : `d.document @@ ${QUERY}`;
  const matching = (columns: string, condition: string, limit: string): string =>
    `select ${columns} from ${source} where ${has} and ${condition} and ${match(beyond)}
     order by d.post_id ${order} limit ${limit}`;
  const shown = (condition: string): string =>
    isFiltered
      ? `select p.id from (${matching('p.*', condition, String(READ_FOR_FILTERS))}) p
         where ${notFiltered('p', READER, 'SEARCH')} order by p.id ${order} limit $2`
      : matching('p.id', condition, '$2');
  return `select id from (
     (${shown(`d.is_open and author.is_indexable and ${notLimited(VIEWER)} and ${NOT_MUTED} and ${showsNobodyHidden('p', READER)}`)})
     union
     (${shown(`d.post_id in (${TOUCHED})`)})
   ) found order by id ${order} limit $2`;
}

// What is frequent is met soon by going back in time. What is rare is looked up by its words; the planner cannot tell
// one from the other, as it knows of frequent words alone how frequent they are. Filters are in a statement of their
// own: it is planned for each search, and half of that would be for them.
const BY_ID = { name: null, order: 'desc', lowest: [LOWEST_ID], highest: [HIGHEST_ID] } as const;
const findFrequent = (isFiltered: boolean) =>
  bothWays({ ...BY_ID, text: (step) => find('post_documents', isFiltered, step) });
const findRare = (isFiltered: boolean) =>
  bothWays({
    ...BY_ID,
    text: (step) =>
      `with matching as materialized (select post_id, is_open from documents_with(${QUERY})) ${find('matching', isFiltered, step)}`,
  });
const FREQUENT_POSTS = { plain: findFrequent(false), filtered: findFrequent(true) };
const RARE_POSTS = { plain: findRare(false), filtered: findRare(true) };

/** What is asked before the search, to ask in the right way. */
interface Probe {
  /** How many of the newest posts match. */
  readonly count: number;
  /** The viewer has filters that hide something in searches. */
  readonly isFiltered: boolean;
}

const SAMPLE = 1000;
const FREQUENT = 5;
const PROBE = statement(
  'search.probe',
  `select count(*)::int as count, ${hasFilters({ viewer: '$4::uuid', now: '$5::timestamptz' }, 'SEARCH')} as "isFiltered"
   from (select document from post_documents where is_open order by post_id desc limit ${SAMPLE}) newest
   where document @@ (select search_query($1, $2, $3))`,
);

const LANGUAGE = statement(
  'search.language_of_viewer',
  'select language from accounts where actor_id = $1',
);

/** A page of posts that match, the newest first. */
export async function findPostsByText(
  reader: Reader,
  viewerId: ActorId,
  { text, language, choice, authorId, since, until }: PostSearch,
  request: PageRequest,
  now: Date,
): Promise<Page<{ readonly id: PostId }>> {
  const { wanted, excluded } = readWords(text);
  const spoken =
    language ?? (await reader.row<{ language: string }>(LANGUAGE, [viewerId]))?.language;
  const words = [keepSignsTogether(wanted), keepSignsTogether(excluded), spoken ?? null];
  const { count, isFiltered } = (await reader.row<Probe>(PROBE, [...words, viewerId, now]))!;
  const pages = count >= FREQUENT ? FREQUENT_POSTS : RARE_POSTS;
  const { query, from } = pages[isFiltered ? 'filtered' : 'plain'](request);
  const rows = await reader.rows<{ id: PostId }>(query, [
    ...from,
    request.size + 1,
    viewerId,
    now,
    words[0],
    words[2],
    authorId,
    since ? firstIdAt(since) : LOWEST_ID,
    until ? firstIdAt(until) : HIGHEST_ID,
    ...filterValues(choice),
    words[1],
  ]);
  return toPage(request, rows);
}
