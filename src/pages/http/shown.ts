/** What pages show of people and posts, as somebody sees it who is not signed in. */
import { findActorByHandle, findActors, type ActorRow } from '../../actors/actor.queries.js';
import type { ActorStatus } from '../../actors/actor.entity.js';
import { readAlbum, type MediaRow } from '../../media/media-row.js';
import { findMedia } from '../../media/media.queries.js';
import { mediaUrl } from '../../media/media-url.js';
import type { Services } from '../../platform/context.js';
import { isUuid } from '../../platform/ids.js';
import { findPosts, type PostRow } from '../../posts/post.queries.js';
import { findPostsOfAuthors } from '../../posts/profile.queries.js';
import { canSee } from '../../posts/visibility.js';
import { findSubjectFacts } from '../../posts/visibility.queries.js';
import { PACK_MEMBERS } from '../../starterpacks/starter-pack.js';
import { findPackMembers, findStarterPacks } from '../../starterpacks/starter-packs.queries.js';

/** A picture with its address. */
export interface ShownPicture {
  /** For other sites. */
  readonly url: string;
  /** For a page of this server, under whatever name it is reached. */
  readonly path: string;
  readonly width: number;
  readonly height: number;
  readonly altText: string;
}

/** Posts on one profile page, and in one feed. */
const POSTS = 30;
const SHOWN: ReadonlySet<ActorStatus> = new Set(['ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL']);

/** A local person who is shown; null for everybody else. */
export async function findPerson(services: Services, username: string): Promise<ActorRow | null> {
  const actor = await findActorByHandle(services.database, username, null);
  return actor && SHOWN.has(actor.status) ? actor : null;
}

/** The newest posts of a person that everybody may see. */
export function findNewestPosts(services: Services, { id }: ActorRow): Promise<PostRow[]> {
  const page = { size: POSTS - 1, isBackward: false, from: null };
  return findPostsOfAuthors(services.database, [id], {}, page, null, services.clock.now());
}

/** A local post that everybody may see; null for all others. */
export async function findOpenPost(services: Services, id: string): Promise<PostRow | null> {
  const [post] = isUuid(id) ? await findPosts(services.database, [id], null) : [];
  return post?.isLocal ? post : null;
}

/** The post below which a comment stands that everybody may see, one of the two being of this server; null for all others. */
export async function findPostOfOpenComment(
  { database }: Services,
  id: string,
): Promise<PostRow | null> {
  const facts = isUuid(id) ? (await findSubjectFacts(database, [id], null)).get(id) : null;
  if (!facts?.root || !canSee(null, facts)) return null;
  const [post] = await findPosts(database, [facts.root.id], null);
  return post && (post.isLocal || facts.isLocal) ? post : null;
}

/** A starter pack that everybody may see, with its owner and whom everybody sees in it; null for all others. */
export async function findOpenPack(services: Services, id: string) {
  const { database } = services;
  const [pack] = isUuid(id) ? await findStarterPacks(database, [id], null) : [];
  if (!pack) return null;
  const everybody = { size: PACK_MEMBERS, isBackward: false, from: null };
  const members = await findPackMembers(database, [id], everybody, null);
  const ids = members.map(({ actorId }) => actorId);
  const actors = new Map(
    (await findActors(database, [pack.ownerId, ...ids])).map((actor) => [actor.id, actor]),
  );
  const people = ids.map((actorId) => actors.get(actorId)).filter((actor) => actor !== undefined);
  return { pack, owner: actors.get(pack.ownerId)!, people: await withAvatars(services, people) };
}

async function withAvatars(services: Services, people: readonly ActorRow[]) {
  const ids = people.map(({ avatarMediaId }) => avatarMediaId).filter((id) => id !== null);
  const media = new Map((await findMedia(services.database, ids)).map((row) => [row.id, row]));
  return people.map((person) => {
    const row = person.avatarMediaId && media.get(person.avatarMediaId);
    return { person, avatar: row ? pictureOf(services, row, ['small', 'thumb', 'full']) : null };
  });
}

/** The picture of a profile; null when there is none. */
export async function findAvatar(
  services: Services,
  { avatarMediaId }: Pick<ActorRow, 'avatarMediaId'>,
): Promise<ShownPicture | null> {
  const [media] = avatarMediaId ? await findMedia(services.database, [avatarMediaId]) : [];
  return media ? pictureOf(services, media, ['large', 'full', 'small']) : null;
}

/** The pictures of a post in one size; those that are not ready are left out. */
export function picturesOf(
  services: Services,
  { album }: PostRow,
  size: 'grid' | 'page',
): ShownPicture[] {
  const names = size === 'grid' ? ['small', 'thumb', 'full'] : ['large', 'full'];
  return readAlbum(album)
    .map((media) => pictureOf(services, media, names))
    .filter((picture) => picture !== null);
}

function pictureOf(
  services: Services,
  media: MediaRow,
  names: readonly string[],
): ShownPicture | null {
  for (const name of names) {
    const rendition = media.renditions.find((one) => one.name === name);
    if (!rendition) continue;
    const { width, height } = rendition;
    const url = mediaUrl(services, media, rendition);
    const path = url.slice(services.config.publicUrl.origin.length);
    return { url, path, width, height, altText: media.altText ?? '' };
  }
  return null;
}

/** How a person is called. */
export function nameOf({
  displayName,
  username,
}: Pick<ActorRow, 'displayName' | 'username'>): string {
  return displayName.trim() === '' ? username : displayName;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
};

// They stand inside of a word: the sign and the name of a hashtag are two elements.
const INLINE = /<\/?(?:a|b|code|del|em|i|s|span|strong|u)(?:\s[^>]*)?>/g;

/** The text of sanitised HTML, on one line. */
export function textOf(html: string): string {
  return html
    .replace(INLINE, '')
    .replace(/<[^>]*>/g, ' ')
    .replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity]!)
    .replace(/\s+/g, ' ')
    .trim();
}

/** The beginning of a text, for titles and descriptions. */
export function shortened(text: string, length: number): string {
  const characters = [...text];
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
