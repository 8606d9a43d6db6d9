/** The directory: people of this server who want to be found. */
import type { ActorId } from '../actors/actor.entity.js';
import { bothWays, HIGHEST_ID, LOWEST_ID } from '../platform/db/both-ways.js';
import type { Reader } from '../platform/db/database.js';
import { toPage, type Page, type PageRequest } from '../platform/db/page.js';
import { blockedBetween } from '../posts/visibility.js';

/** Orders of the directory. */
export const DIRECTORY_SORTS = {
  ACTIVE:
    'Whose last public post is newest first; then those without one, the newest people first.',
  NEWEST: 'Who joined last first.',
} as const;

/** One of the orders. */
export type DirectorySort = keyof typeof DIRECTORY_SORTS;

/** A person and the sort key. */
export interface ListedPerson {
  readonly id: ActorId;
  readonly place: string;
}

/** People of this server, alias `a`, whom everybody may be shown. */
export const IS_LISTED = `a.domain is null and a.is_discoverable and a.status in ('ACTIVE', 'MOVED')`;

const LAST_POST = `coalesce((select p.id from posts p where p.author_id = a.id and p.deleted_at is null
  and p.kind <> 'comment' and p.visibility = 'PUBLIC' and p.archived_at is null order by p.id desc limit 1), '${LOWEST_ID}')`;

const pages = (name: string, place: string): ReturnType<typeof bothWays> =>
  bothWays({
    name,
    order: 'desc',
    lowest: [LOWEST_ID, LOWEST_ID],
    highest: [HIGHEST_ID, HIGHEST_ID],
    text: ({ beyond, order }) => `select id, place from (
        select a.id, ${place} as place from actors a where ${IS_LISTED} and not ${blockedBetween('a.id', '$3::uuid')}) listed
      where (place, id) ${beyond} ($1::uuid, $2::uuid) order by place ${order}, id ${order} limit $4`,
  });

const PAGES: Readonly<Record<DirectorySort, ReturnType<typeof bothWays>>> = {
  ACTIVE: pages('directory.active', LAST_POST),
  NEWEST: pages('directory.newest', 'a.id'),
};

/** A page of the directory. Nobody behind a block of the viewer. */
export async function findDirectoryPage(
  reader: Reader,
  viewerId: ActorId | null,
  sort: DirectorySort,
  request: PageRequest,
): Promise<Page<ListedPerson>> {
  const { query, from } = PAGES[sort](request);
  const rows = await reader.rows<ListedPerson>(query, [...from, viewerId, request.size + 1]);
  return toPage(request, rows);
}
