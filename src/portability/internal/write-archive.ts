/** What stands in an archive, in the order in which it is written; read in pages, so that memory does not grow with it. */
import type { AccountRow } from '../../accounts/accounts.queries.js';
import { findActors, type ActorRow } from '../../actors/actor.queries.js';
import type { Services } from '../../platform/context.js';
import { actorDocument, announceActivity, CONTEXT, createActivity } from './activity-streams.js';
import type { Archive } from './archive.js';
import { addPictures, addProfilePictures } from './archive-media.js';
import {
  archivedBookmarks,
  archivedLikes,
  archivedPosts,
  archivedReactions,
  archivedReposts,
} from './archived-posts.js';
import { ACCOUNT_FILE, accountDocument } from './extras/account-file.js';
import { ARRANGED_FILES } from './extras/arranged-files.js';
import { textOf } from './extras/extra-file.js';
import { POST_FILES } from './extras/post-files.js';
import { CHAT_DEVICES_FILE } from './extras/chat-devices-file.js';
import { CHAT_FILE } from './extras/chat-file.js';
import { STORY_FILES } from './extras/story-files.js';
import { listFiles } from './list-exports.js';

/** Whose archive to write, and whom to tell how far it is. */
export interface ArchiveOrder {
  readonly account: AccountRow;
  readonly includesMedia: boolean;
  /** Called whenever a post is done: once for its pictures, if the archive has any, and once for its words. */
  readonly onPost: () => Promise<void>;
}

const EXTRA_FILES = [
  ...POST_FILES,
  ...STORY_FILES,
  CHAT_FILE,
  CHAT_DEVICES_FILE,
  ...ARRANGED_FILES,
];

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
  { account, includesMedia, onPost }: ArchiveOrder,
): Promise<void> {
  const { actorId } = account;
  const [actor] = await findActors(services.database, [actorId]);
  if (!actor) throw new Error('An account has no actor');
  if (includesMedia) await addPictures(services, archive, actorId, onPost);
  for (const [name, items] of collectionsOf(services, actor, onPost))
    await archive.addText(name, collection(name, items));
  const pictures = includesMedia
    ? await addProfilePictures(services, archive, actor)
    : { icon: null, image: null };
  await archive.addText('actor.json', only(actorDocument(actor, pictures)));
  await writeLists(services, archive, account);
  await writeExtras(services, archive, account, actor);
}

async function writeExtras(
  { database, config }: Services,
  archive: Archive,
  account: AccountRow,
  actor: ActorRow,
): Promise<void> {
  const owner = { actorId: actor.id, host: config.publicUrl.host };
  await archive.addText(ACCOUNT_FILE, only(await accountDocument(database, account, actor)));
  for (const file of EXTRA_FILES) await archive.addText(file.name, textOf(database, owner, file));
}

function collectionsOf(
  services: Services,
  actor: ActorRow,
  onPost: ArchiveOrder['onPost'],
): [name: string, items: AsyncIterable<unknown>][] {
  const { database } = services;
  return [
    ['outbox.json', outboxOf(services, actor, onPost)],
    ['likes.json', archivedLikes(database, actor.id)],
    ['reactions.json', reactionsOf(services, actor)],
    ['bookmarks.json', archivedBookmarks(database, actor.id)],
  ];
}

async function* outboxOf(
  { database, config }: Services,
  actor: ActorRow,
  onPost: ArchiveOrder['onPost'],
): AsyncGenerator<object> {
  const { host } = config.publicUrl;
  for await (const post of archivedPosts(database, actor.id)) {
    yield createActivity(actor, host, post);
    await onPost();
  }
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

async function* only(document: object): AsyncGenerator<string> {
  yield JSON.stringify(document);
}
