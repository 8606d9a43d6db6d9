/** How assets become part of something: a post, a profile. Called inside the transaction that makes it so. */
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, Invalid, NotFound } from '../platform/errors.js';
import type { Id } from '../platform/ids.js';
import {
  SERVER_OWNER,
  type MediaAccess,
  type MediaId,
  type MediaKind,
  type MediaPurpose,
  type MediaState,
} from './media.entity.js';
import { mediaReleased } from './media.events.js';

/** Which assets to attach, and who may fetch them from then on. */
export interface AttachMediaInput {
  readonly mediaIds: readonly MediaId[];
  readonly ownerId: Id<'actor'>;
  readonly purpose: MediaPurpose;
  /** What each has to be; absent = anything but a video, which is as if it were not there. */
  readonly kind?: MediaKind;
  readonly access: MediaAccess;
  /** Where an id stands in the mutation's input, by its index in `mediaIds`. */
  readonly pathOf: (index: number) => readonly string[];
}

/** Which assets to keep for later. */
export type ReserveMediaInput = Omit<AttachMediaInput, 'access'>;

interface LockedMedia {
  readonly id: MediaId;
  readonly kind: MediaKind;
  readonly state: MediaState;
  readonly purpose: MediaPurpose;
  readonly isAttached: boolean;
}

const LOCK = statement(
  'media.lock',
  `select id, kind, state, purpose, attached_at is not null as "isAttached" from media
   where id = any($1::uuid[]) and owner_id = $2 and deleted_at is null order by id for update`,
);
const ATTACH = statement(
  'media.attach',
  `update media set attached_at = coalesce(attached_at, $2), access = $3, updated_at = $2 where id = any($1::uuid[])`,
);
const UNRESERVE = statement(
  'media.unreserve',
  `update media set attached_at = null where id = any($1::uuid[])`,
);
const SET_ACCESS = statement(
  'media.set_access',
  `update media set access = $2 where id = any($1::uuid[])`,
);
const HAND_OVER = statement(
  'media.hand_over',
  'update media set owner_id = $2 where id = any($1::uuid[])',
);
const RELEASE = statement(
  'media.release',
  `update media set deleted_at = $2, access = 'PRIVATE' where id = any($1::uuid[]) and deleted_at is null returning id`,
);

/**
 * Attaches assets of one owner. Needs a transaction.
 *
 * @throws {NotFound} NOT_FOUND for one that is not the owner's or has another purpose
 * @throws {Invalid} INVALID_INPUT, MEDIA_KIND for one of another kind
 * @throws {Conflict} MEDIA_NOT_READY, MEDIA_REJECTED, or ALREADY_EXISTS for one that is in use; `path` has its index
 */
export async function attachMedia(
  tx: Transaction,
  now: Date,
  input: AttachMediaInput,
): Promise<void> {
  await lockAttachable(tx, input, ['READY']);
  await tx.rows(ATTACH, [input.mediaIds, now, input.access]);
}

/**
 * Keeps assets of one owner from being swept or used elsewhere until they are attached: nobody else may fetch them,
 * and they may still be processed. Needs a transaction.
 *
 * @throws {NotFound} NOT_FOUND for one that is not the owner's or has another purpose
 * @throws {Invalid} INVALID_INPUT, MEDIA_KIND for one of another kind
 * @throws {Conflict} MEDIA_NOT_READY before its bytes are there, MEDIA_REJECTED, or ALREADY_EXISTS for one that is in use
 */
export async function reserveMedia(
  tx: Transaction,
  now: Date,
  input: ReserveMediaInput,
): Promise<void> {
  await lockAttachable(tx, input, ['READY', 'PROCESSING']);
  await tx.rows(ATTACH, [input.mediaIds, now, 'PRIVATE']);
}

/** Ends a reservation, so that the assets can be attached. Needs a transaction. */
export async function endReservation(tx: Transaction, mediaIds: readonly MediaId[]): Promise<void> {
  await tx.rows(UNRESERVE, [mediaIds]);
}

async function lockAttachable(
  tx: Transaction,
  input: ReserveMediaInput,
  states: readonly MediaState[],
): Promise<void> {
  const locked = await tx.rows<LockedMedia>(LOCK, [input.mediaIds, input.ownerId]);
  const byId = new Map(locked.map((media) => [media.id, media]));
  input.mediaIds.forEach((id, index) => {
    const path = input.pathOf(index);
    if (input.mediaIds.indexOf(id) !== index)
      throw new Conflict('Named twice.', 'ALREADY_EXISTS', path);
    requireAttachable(byId.get(id), input, states, path);
  });
}

/** Changes who may fetch assets. Needs a transaction. */
export async function setMediaAccess(
  tx: Transaction,
  mediaIds: readonly MediaId[],
  access: MediaAccess,
): Promise<void> {
  await tx.rows(SET_ACCESS, [mediaIds, access]);
}

/**
 * Gives assets to the server itself: they stay when the account that brought them goes, and count against nobody's
 * quota. Needs a transaction.
 */
export async function giveToServer(tx: Transaction, mediaIds: readonly MediaId[]): Promise<void> {
  await tx.rows(HAND_OVER, [mediaIds, SERVER_OWNER]);
}

/** Lets go of assets: they vanish at once, and a job removes their bytes. Needs a transaction; idempotent. */
export async function releaseMedia(
  tx: Transaction,
  now: Date,
  mediaIds: readonly MediaId[],
): Promise<void> {
  const released = await tx.rows<{ id: MediaId }>(RELEASE, [mediaIds, now]);
  for (const { id } of released) await tx.append(mediaReleased, { mediaId: id });
}

const NAMES: Readonly<Record<MediaKind, string>> = {
  image: 'a picture',
  video: 'a video',
  audio: 'a sound',
  file: 'a file',
};

function requireAttachable(
  media: LockedMedia | undefined,
  { purpose, kind }: Pick<AttachMediaInput, 'purpose' | 'kind'>,
  states: readonly MediaState[],
  path: readonly string[],
): void {
  const isMeant = media?.purpose === purpose && (kind !== undefined || media.kind !== 'video');
  if (!media || !isMeant) throw new NotFound(path);
  if (kind && media.kind !== kind)
    throw new Invalid(`This takes ${NAMES[kind]}.`, path, 'MEDIA_KIND', kind);
  if (media.isAttached) throw new Conflict('This asset is in use already.', 'ALREADY_EXISTS', path);
  if (states.includes(media.state)) return;
  if (media.state === 'REJECTED' || media.state === 'FAILED') {
    throw new Conflict('This file could not be used.', 'MEDIA_REJECTED', path);
  }
  throw new Conflict('This asset is not ready yet.', 'MEDIA_NOT_READY', path);
}
