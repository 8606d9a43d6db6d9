/** What stands in an archive, in the order in which it is written; read in pages, so that memory does not grow with it. */
import type { AccountRow } from '../../accounts/accounts.queries.js';
import { findActors, type ActorRow } from '../../actors/actor.queries.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { StorageError } from '../../platform/storage/storage-error.js';
import {
  actorDocument,
  announceActivity,
  CONTEXT,
  createActivity,
  extensionOf,
  mediaPath,
  type ProfilePictures,
} from './activity-streams.js';
import type { Archive } from './archive.js';
import {
  archivedBookmarks,
  archivedLikes,
  archivedPosts,
  archivedReactions,
  archivedReposts,
  type ArchivedMedia,
} from './archived-posts.js';
import { listFiles } from './list-exports.js';

/** What to write, and whom to tell how far it is. */
export interface ArchiveOrder {
  readonly account: Pick<AccountRow, 'actorId'>;
  readonly includesMedia: boolean;
  /** Called now and then with the number of posts that are done. */
  readonly onPosts: (done: number) => Promise<void>;
}

const PROFILE_PICTURES = statement(
  'export.profile_pictures',
  `select m.id, m.mime_type as "mimeType", m.original_key as "originalKey" from media m
   where m.id = any($1::uuid[]) and m.deleted_at is null`,
);

type StoredFile = Pick<ArchivedMedia, 'id' | 'mimeType' | 'originalKey'>;

/** Writes the lists alone. */
export async function writeLists(
  services: Services,
  archive: Archive,
  { actorId }: Pick<AccountRow, 'actorId'>,
): Promise<void> {
  const owner = { actorId, host: services.config.publicUrl.host };
  for (const { name, lines } of listFiles(services.database, owner))
    await archive.addText(name, lines);
}

/** Writes everything. */
export async function writeArchive(
  services: Services,
  archive: Archive,
  { account, includesMedia, onPosts }: ArchiveOrder,
): Promise<void> {
  const { database } = services;
  const { actorId } = account;
  const [actor] = await findActors(database, [actorId]);
  if (!actor) throw new Error('An account has no actor');
  if (includesMedia) await addMedia(services, archive, actorId, onPosts);
  await archive.addText('outbox.json', collection('outbox.json', outboxOf(services, actor)));
  await archive.addText('likes.json', collection('likes.json', archivedLikes(database, actorId)));
  await archive.addText(
    'reactions.json',
    collection('reactions.json', reactionsOf(services, actor)),
  );
  await archive.addText(
    'bookmarks.json',
    collection('bookmarks.json', archivedBookmarks(database, actorId)),
  );
  const pictures = includesMedia
    ? await addProfilePictures(services, archive, actor)
    : { icon: null, image: null };
  await archive.addText('actor.json', only(JSON.stringify(actorDocument(actor, pictures))));
  await writeLists(services, archive, account);
}

async function addMedia(
  services: Services,
  archive: Archive,
  actorId: string,
  onPosts: ArchiveOrder['onPosts'],
): Promise<void> {
  let done = 0;
  for await (const { media } of archivedPosts(services.database, actorId)) {
    for (const file of media) await addFile(services, archive, mediaPath(file), file);
    done += 1;
    if (done % 20 === 0) await onPosts(done);
  }
}

async function addProfilePictures(
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
  try {
    await archive.addStream(name, found.sizeBytes, await storage.read(originalKey));
    return true;
  } catch (error) {
    if (!(error instanceof StorageError && error.problem === 'OBJECT_MISSING')) throw error;
    log.warn({ key: originalKey }, 'a file went while it was exported');
    return false;
  }
}

async function* outboxOf({ database, config }: Services, actor: ActorRow): AsyncGenerator<object> {
  const { host } = config.publicUrl;
  for await (const post of archivedPosts(database, actor.id))
    yield createActivity(actor, host, post);
  for await (const repost of archivedReposts(database, actor.id))
    yield announceActivity(actor, repost);
}

async function* reactionsOf({ database }: Services, actor: ActorRow): AsyncGenerator<object> {
  for await (const { uri, content } of archivedReactions(database, actor.id))
    yield { type: 'EmojiReact', actor: actor.uri, object: uri, content };
}

/** An OrderedCollection as text; its size stands last, as it is known last. */
async function* collection(id: string, items: AsyncIterable<unknown>): AsyncGenerator<string> {
  yield `{"@context":${JSON.stringify(CONTEXT)},"id":${JSON.stringify(id)},"type":"OrderedCollection","orderedItems":[`;
  let count = 0;
  for await (const item of items) {
    yield `${count === 0 ? '' : ','}${JSON.stringify(item)}`;
    count += 1;
  }
  yield `],"totalItems":${count}}`;
}

async function* only(text: string): AsyncGenerator<string> {
  yield text;
}
