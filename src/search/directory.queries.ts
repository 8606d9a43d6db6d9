/** The directory: people of this server who want to be found. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
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

const NOTHING = '00000000-0000-0000-0000-000000000000';
const LAST = 'ffffffff-ffff-ffff-ffff-ffffffffffff';

/** People of this server, alias `a`, whom everybody may be shown. */
export const IS_LISTED = `a.domain is null and a.is_discoverable and a.status in ('ACTIVE', 'MOVED')`;

const LAST_POST = `coalesce((select p.id from posts p where p.author_id = a.id and p.deleted_at is null
  and p.kind <> 'comment' and p.visibility = 'PUBLIC' and p.archived_at is null order by p.id desc limit 1), '${NOTHING}')`;

const page = (place: string): string => `select id, place from (
    select a.id, ${place} as place from actors a where ${IS_LISTED} and not ${blockedBetween('a.id', '$3::uuid')}) listed
  where (place, id) < ($1::uuid, $2::uuid) order by place desc, id desc limit $4`;

const PAGES: Readonly<Record<DirectorySort, ReturnType<typeof statement>>> = {
  ACTIVE: statement('directory.active', page(LAST_POST)),
  NEWEST: statement('directory.newest', page('a.id')),
};

/** A page of the directory. Nobody behind a block of the viewer. */
export async function findDirectoryPage(
  reader: Reader,
  viewerId: ActorId | null,
  sort: DirectorySort,
  request: PageRequest,
): Promise<Page<ListedPerson>> {
  const [place, id] = request.from ?? [LAST, LAST];
  return toPage(
    request,
    await reader.rows<ListedPerson>(PAGES[sort], [place, id, viewerId, request.size + 1]),
  );
}
