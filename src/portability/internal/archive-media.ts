/** The files of pictures and videos in an archive. Each is copied from the storage chunk by chunk. */
import type { ActorRow } from '../../actors/actor.queries.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { StorageError } from '../../platform/storage/storage-error.js';
import { extensionOf, mediaPath, type ProfilePictures } from './activity-streams.js';
import type { Archive } from './archive.js';
import {
  archivedPosts,
  BEST_KEY,
  BEST_TYPE,
  pagesOf,
  type ArchivedMedia,
} from './archived-posts.js';

type StoredFile = Pick<ArchivedMedia, 'id' | 'mimeType' | 'originalKey'>;

const FILE_COLUMNS = `m.id, ${BEST_TYPE} as "mimeType", ${BEST_KEY} as "originalKey"`;
const PROFILE_PICTURES = statement(
  'export.profile_pictures',
  `select ${FILE_COLUMNS} from media m where m.id = any($1::uuid[]) and m.deleted_at is null`,
);
const OTHER_PICTURES = statement(
  'export.other_pictures',
  `select ${FILE_COLUMNS} from media m where m.owner_id = $1 and m.id > $2 and m.deleted_at is null
     and (exists (select from draft_media where media_id = m.id)
       or exists (select from stories where media_id = m.id and removed_at is null))
   order by m.id limit 100`,
);

/** Adds the pictures and videos of posts, stories and drafts. @param onPost called after each post */
export async function addPictures(
  services: Services,
  archive: Archive,
  actorId: string,
  onPost: () => Promise<void>,
): Promise<void> {
  const { database } = services;
  for await (const { media } of archivedPosts(database, actorId)) {
    for (const file of media) await addFile(services, archive, mediaPath(file), file);
    await onPost();
  }
  for await (const file of pagesOf<StoredFile>(database, OTHER_PICTURES, actorId))
    await addFile(services, archive, mediaPath(file), file);
}

/** Adds avatar and header, and says where they stand. */
export async function addProfilePictures(
  services: Services,
  archive: Archive,
  actor: ActorRow,
): Promise<ProfilePictures> {
  const ids = [actor.avatarMediaId, actor.headerMediaId].filter((id) => id !== null);
  const files = await services.database.rows<StoredFile>(PROFILE_PICTURES, [ids]);
  const add = async (id: string | null, base: string): Promise<ProfilePictures['icon']> => {
    const file = files.find((found) => found.id === id);
    if (!file) return null;
    const name = `${base}.${extensionOf(file.mimeType)}`;
    const isThere = await addFile(services, archive, name, file);
    return isThere ? { name, mimeType: file.mimeType } : null;
  };
  return {
    icon: await add(actor.avatarMediaId, 'avatar'),
    image: await add(actor.headerMediaId, 'header'),
  };
}

/** Adds a stored file; false when it is gone, as when its post was deleted meanwhile. */
async function addFile(
  { storage, log }: Services,
  archive: Archive,
  name: string,
  { originalKey }: StoredFile,
): Promise<boolean> {
  const found = originalKey === null ? null : await storage.stat(originalKey);
  if (!found || originalKey === null) return false;
  const content = await storage.read(originalKey).catch((error: unknown) => {
    if (error instanceof StorageError && error.problem === 'OBJECT_MISSING') return null;
    throw error;
  });
  // What goes from here on costs the archive: the head of the entry is written, and names its size.
  if (content) await archive.addStream(name, found.sizeBytes, content);
  else log.warn({ key: originalKey }, 'a file went while it was exported');
  return content !== null;
}
