/** Actors of this server as other servers may see them. */
import { findActorByHandle, findActors, type ActorRow } from '../actors/actor.queries.js';
import type { ActorId, ActorStatus } from '../actors/actor.entity.js';
import type { CollectionId } from '../collections/collection.entity.js';
import { findShownKeys } from '../devices/devices.queries.js';
import type { MediaRow } from '../media/media-row.js';
import { findMedia } from '../media/media.queries.js';
import type { Config } from '../platform/config.js';
import type { Services } from '../platform/context.js';
import type { Reader } from '../platform/db/database.js';
import { isUuid } from '../platform/ids.js';
import { actorDocument, actorKeyDocument, type ActorParts } from './documents/actor-document.js';
import { emojiTags } from './documents/emoji-document.js';
import { pictureLink, type PictureLink } from './documents/picture-link.js';
import { proofKeyOf } from './proof-keys.js';
import { signingKeyOf } from './signing-keys.js';
import { emojisUsedIn } from './used-emojis.queries.js';

const SHOWN: ReadonlySet<ActorStatus> = new Set(['ACTIVE', 'LIMITED', 'MOVED', 'MEMORIAL']);

/** A local actor that is shown; null for all others. */
export async function findLocalActor(reader: Reader, id: string): Promise<ActorRow | null> {
  const [actor] = isUuid(id) ? await findActors(reader, [id]) : [];
  return actor && isShownHere(actor) ? actor : null;
}

/** As `findLocalActor`, by name. */
export async function findLocalActorByName(
  reader: Reader,
  username: string,
): Promise<ActorRow | null> {
  const actor = await findActorByHandle(reader, username, null);
  return actor && isShownHere(actor) ? actor : null;
}

/** The document of a local actor, with its key. */
export async function localActorDocument(services: Services, actor: ActorRow): Promise<object> {
  const ids = [actor.avatarMediaId, actor.headerMediaId].filter((id) => id !== null);
  const { movedToId } = actor;
  const lines = actor.fields.flatMap(({ name, valueHtml }) => [name, valueHtml]);
  const [keys, media, [target], emojis, chatKeys] = await Promise.all([
    keysOf(services, actor),
    ids.length === 0 ? [] : findMedia(services.database, ids),
    movedToId === null ? [] : findActors(services.database, [movedToId]),
    emojisUsedIn(services.database, actor.displayName, actor.bioHtml, ...lines),
    findShownKeys(services.database, actor.id),
  ]);
  const pictureOf = (id: MediaRow['id'] | null): PictureLink | null =>
    pictureLink(
      services,
      media.find((one) => one.id === id),
    );
  return actorDocument(services.config, {
    actor,
    ...keys,
    movedToUri: target?.uri ?? null,
    icon: pictureOf(actor.avatarMediaId),
    image: pictureOf(actor.headerMediaId),
    tags: emojiTags(services, emojis),
    keys: chatKeys,
  });
}

/** As much of a local actor as a server needs that has to check a signature. */
export async function localActorKeyDocument(services: Services, actor: ActorRow): Promise<object> {
  return actorKeyDocument(services.config, { actor, ...(await keysOf(services, actor)) });
}

async function keysOf(
  services: Services,
  { uri, id: actorId }: ActorRow,
): Promise<Pick<ActorParts, 'publicKeyPem' | 'proofKeys'>> {
  const [{ publicKeyPem }, proofKey] = await Promise.all([
    signingKeyOf(services, { uri, actorId }),
    proofKeyOf(services, { uri, actorId }),
  ]);
  return { publicKeyPem, proofKeys: [proofKey, ...proofKey.former] };
}

function isShownHere({ domain, status }: ActorRow): boolean {
  return domain === null && SHOWN.has(status);
}

/** The picture of a local actor; null without one. */
export async function avatarOf(
  services: Services,
  { avatarMediaId }: Pick<ActorRow, 'avatarMediaId'>,
): Promise<PictureLink | null> {
  const [media] = avatarMediaId === null ? [] : await findMedia(services.database, [avatarMediaId]);
  return pictureLink(services, media);
}

/** Identity and page of a collection of posts. */
export function collectionUri({ publicUrl }: Pick<Config, 'publicUrl'>, id: CollectionId): string {
  return `${publicUrl.origin}/collections/${id}`;
}

/** Address of a local actor. */
export function localActorUri({ publicUrl }: Pick<Config, 'publicUrl'>, id: ActorId): string {
  return `${publicUrl.origin}/actors/${id}`;
}

/** Identity of the person behind a local actor's address; null for other addresses. */
export function localActorId(origin: string, uri: string): ActorId | null {
  const id = uri.startsWith(`${origin}/actors/`) ? uri.slice(`${origin}/actors/`.length) : '';
  return isUuid(id) ? (id as ActorId) : null;
}
