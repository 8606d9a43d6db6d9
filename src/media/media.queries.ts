/** Reads of assets with their renditions. Whoever calls decides whether the viewer may see them. */
import { statement, type Reader } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import type { MediaId } from './media.entity.js';
import { MEDIA_WORDS, readMedia, type MediaRow, type MediaWords } from './media-row.js';

// What the server itself owns has no actor.
const OWNER_GONE = `exists (select from actors owner where owner.id = m.owner_id and owner.status in ('SUSPENDED', 'DELETED'))`;
// Pictures of a profile are seen where the profile is, and lists of blocked people show it.
const BLOCKED = `exists (select from blocks b
  where (b.blocker_id = m.owner_id and b.blocked_id = $2::uuid) or (b.blocker_id = $2::uuid and b.blocked_id = m.owner_id))`;

const FROM = 'from media m where m.id = any($1::uuid[]) and m.deleted_at is null';
const BY_IDS = statement('media.by_ids', `select ${MEDIA_WORDS} as words ${FROM}`);
const FOR_VIEWER = statement(
  'media.for_viewer',
  `select ${MEDIA_WORDS} as words, coalesce(m.owner_id = $2::uuid, false) or (m.access = 'PUBLIC' and not ${OWNER_GONE}
       and (m.purpose in ('AVATAR', 'HEADER') or not ${BLOCKED})) as "isOpen" ${FROM}`,
);

/** Assets by id, in no particular order; unknown and deleted ones are left out. */
export async function findMedia(reader: Reader, ids: readonly MediaId[]): Promise<MediaRow[]> {
  const rows = await reader.rows<{ words: MediaWords }>(BY_IDS, [ids]);
  return rows.map(({ words }) => readMedia(words));
}

/** An asset, and whether the viewer may see it wherever it is: an own one, or a public one of somebody who is there for them. */
export type MediaForViewer = MediaRow & { readonly isOpen: boolean };

/** As `findMedia`, and whether each is open to the viewer. */
export async function findMediaForViewer(
  reader: Reader,
  ids: readonly MediaId[],
  viewerId: Id<'actor'> | null,
): Promise<MediaForViewer[]> {
  const rows = await reader.rows<{ words: MediaWords; isOpen: boolean }>(FOR_VIEWER, [
    ids,
    viewerId,
  ]);
  return rows.map(({ words, isOpen }) => ({ ...readMedia(words), isOpen }));
}
