/** Making and renaming folders of bookmarks. */
import { isBlank } from '../platform/blank-text.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, Invalid, TooMany } from '../platform/errors.js';
import { newId, type Id } from '../platform/ids.js';
import { requireViewer } from '../platform/require-viewer.js';
import type { ActorId } from '../actors/actor.entity.js';
import { lockFolder } from './internal/bookmark-folders.js';
import { requireLength } from './text-limits.js';

/** Most folders of one person. */
export const BOOKMARK_FOLDERS = 200;

/** Characters of a folder's title. */
export const FOLDER_TITLE_LENGTH = 100;

const LOCK_OWNER = statement(
  'bookmark_folders.lock_owner',
  'select pg_advisory_xact_lock(hashtextextended($1::text, 3))',
);
const TAKEN = statement(
  'bookmark_folders.taken',
  `select id from bookmark_folders where owner_id = $1 and lower(title) = lower($2) and id is distinct from $3::uuid`,
);
const COUNT = statement(
  'bookmark_folders.count',
  'select count(*)::int as count from bookmark_folders where owner_id = $1',
);
const INSERT = statement(
  'bookmark_folders.insert',
  'insert into bookmark_folders (id, owner_id, title, created_at) values ($1, $2, $3, $4)',
);
const RENAME = statement(
  'bookmark_folders.rename',
  'update bookmark_folders set title = $2 where id = $1',
);

/**
 * Makes a folder, or renames one of the viewer's. Opens its own transaction.
 *
 * @param input.folderId null = a new one
 * @throws {Invalid} INVALID_INPUT for a blank or too long title
 * @throws {NotFound} NOT_FOUND, also for somebody else's folder
 * @throws {Conflict} ALREADY_EXISTS for a title that another folder has
 * @throws {TooMany} LIMIT_EXCEEDED for more than 200
 */
export async function saveBookmarkFolder(
  context: CommandContext,
  input: { folderId: Id<'bookmarkfolder'> | null; title: string },
): Promise<Id<'bookmarkfolder'>> {
  const viewer = requireViewer(context);
  const title = requireTitle(input.title);
  return context.database.transaction(async (tx) => {
    await tx.rows(LOCK_OWNER, [viewer.actorId]);
    if (input.folderId !== null) await lockFolder(tx, viewer, input.folderId);
    if (await tx.row(TAKEN, [viewer.actorId, title, input.folderId]))
      throw new Conflict('There is a folder with this title.', 'ALREADY_EXISTS', ['title']);
    if (input.folderId === null) return insert(tx, viewer.actorId, title, context.clock.now());
    await tx.rows(RENAME, [input.folderId, title]);
    return input.folderId;
  });
}

async function insert(
  tx: Transaction,
  ownerId: ActorId,
  title: string,
  now: Date,
): Promise<Id<'bookmarkfolder'>> {
  const count = (await tx.row<{ count: number }>(COUNT, [ownerId]))?.count ?? 0;
  if (count >= BOOKMARK_FOLDERS)
    throw new TooMany(`At most ${BOOKMARK_FOLDERS} folders.`, BOOKMARK_FOLDERS);
  const id = newId<'bookmarkfolder'>(now);
  await tx.rows(INSERT, [id, ownerId, title, now]);
  return id;
}

function requireTitle(written: string): string {
  const title = written.trim();
  if (isBlank(title)) throw new Invalid('A folder has a title.', ['title'], 'MIN_LENGTH', '1');
  requireLength(title, FOLDER_TITLE_LENGTH, ['title']);
  return title;
}
