/** The lists of an account in the files that Mastodon exports: same names, same columns, same order of rows. */
import { statement, type Reader, type Statement } from '../../platform/db/database.js';
import { visibleTo } from '../../posts/visibility.js';
import { csvLine } from '../../platform/csv-line.js';

/** Whose lists, and where local people are at home. */
export interface ListOwner {
  readonly actorId: string;
  /** Domain of this server. */
  readonly host: string;
}

/** One file. */
interface ListFile {
  readonly name: string;
  /** Null = the file has no line of titles. */
  readonly titles: readonly string[] | null;
  /** Rows of `id` and `cells`, $1 the owner, $2 the host, below the id $3, at most $4. */
  readonly page: Statement;
}

const PAGE = 500;
const FIRST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const ADDRESS = `other.username || '@' || coalesce(other.domain, $2)`;
const NOT_CLOSED = `other.status not in ('PENDING', 'SUSPENDED', 'DELETED')`;

function listFile(
  name: string,
  titles: readonly string[] | null,
  select: (after: string) => string,
): ListFile {
  const page = `select * from (${select('$3::uuid')}) page order by id desc limit $4`;
  return { name, titles, page: statement(`export.${name}`, page) };
}

const FILES: readonly ListFile[] = [
  listFile(
    'following_accounts.csv',
    ['Account address', 'Show boosts', 'Notify on new posts', 'Languages'],
    (
      after,
    ) => `select r.id, array[${ADDRESS}, r.shows_reposts::text, r.notifies_on_post::text, ''] as cells
      from follows r join actors other on other.id = r.followee_id
      where r.follower_id = $1 and r.id < ${after} and ${NOT_CLOSED}`,
  ),
  listFile(
    'blocked_accounts.csv',
    null,
    (
      after,
    ) => `select r.id, array[${ADDRESS}] as cells from blocks r join actors other on other.id = r.blocked_id
      where r.blocker_id = $1 and r.id < ${after}`,
  ),
  listFile(
    'muted_accounts.csv',
    ['Account address', 'Hide notifications'],
    (after) => `select r.id, array[${ADDRESS}, r.mutes_notifications::text] as cells
      from mutes r join actors other on other.id = r.muted_id
      where r.muter_id = $1 and r.id < ${after} and (r.expires_at is null or r.expires_at > now())`,
  ),
  // A domain has no id: its digest stands for one.
  listFile(
    'blocked_domains.csv',
    null,
    (after) => `select md5(d.domain)::uuid as id, array[d.domain] as cells from domain_blocks d
      where d.actor_id = $1 and md5(d.domain)::uuid < ${after} and $2::text is not null`,
  ),
  listFile(
    'bookmarks.csv',
    null,
    (after) => `select b.id, array[p.uri] as cells from bookmarks b join posts p on p.id = b.post_id
      where b.owner_id = $1 and b.id < ${after} and $2::text is not null and ${visibleTo('p', '$1::uuid')}`,
  ),
  listFile(
    'lists.csv',
    null,
    (after) => `select m.id, array[l.title, ${ADDRESS}] as cells
      from actor_lists l join actor_list_members m on m.list_id = l.id join actors other on other.id = m.actor_id
      where l.owner_id = $1 and m.id < ${after} and ${NOT_CLOSED}`,
  ),
  listFile(
    'followed_hashtags.csv',
    null,
    (after) => `select f.id, array['#' || f.display_name] as cells from followed_hashtags f
      where f.follower_id = $1 and f.id < ${after} and $2::text is not null`,
  ),
];

/** Every file with its lines, newest rows first; read in pages. */
export function listFiles(
  reader: Reader,
  owner: ListOwner,
): { name: string; lines: AsyncIterable<string> }[] {
  return FILES.map((file) => ({ name: file.name, lines: linesOf(reader, owner, file) }));
}

async function* linesOf(
  reader: Reader,
  { actorId, host }: ListOwner,
  { titles, page }: ListFile,
): AsyncGenerator<string> {
  if (titles) yield csvLine(titles);
  let after = FIRST;
  for (;;) {
    const values = [actorId, host, after, PAGE];
    const rows = await reader.rows<{ id: string; cells: string[] }>(page, values);
    for (const { cells } of rows) yield csvLine(cells);
    if (rows.length < PAGE) return;
    after = rows.at(-1)!.id;
  }
}
