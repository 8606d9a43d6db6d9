/** Reads of assets with their renditions. Whoever calls decides whether the viewer may see them. */
import { statement, type Reader } from '../platform/db/database.js';
import type { Id } from '../platform/ids.js';
import type { StoredCaptionTrack } from './caption-track.js';
import type { VideoFacts, VideoFailure } from './video-facts.js';
import type { MediaAccess, MediaId, MediaKind, MediaPurpose, MediaState } from './media.entity.js';

/** One derived file. */
export interface RenditionRow {
  readonly name: string;
  /** Counts up when a still picture of a video is replaced; absent = never was. */
  readonly version?: number;
  readonly mimeType: string;
  readonly width: number;
  readonly height: number;
  readonly sizeBytes: number;
}

/** What a camera wrote about itself and the exposure; null = not said. */
export interface CameraWords {
  readonly camera: string | null;
  readonly lens: string | null;
  readonly focalLengthMm: number | null;
  readonly fNumber: number | null;
  readonly exposureSeconds: number | null;
  readonly iso: number | null;
  /** `YYYY-MM-DDTHH:MM:SS` by the camera's clock, whose zone is unknown. */
  readonly takenAt: string | null;
}

/** An asset as GraphQL and pages show it. */
export interface MediaRow {
  readonly id: MediaId;
  readonly ownerId: Id<'actor'>;
  readonly kind: MediaKind;
  readonly purpose: MediaPurpose;
  readonly access: MediaAccess;
  readonly state: MediaState;
  readonly failure: string | null;
  /** Of videos only: as `failure`, for programs; also why a READY one lacks qualities. */
  readonly failureCode: VideoFailure | null;
  /** More renditions are being made. */
  readonly isGrowing: boolean;
  readonly mimeType: string;
  /** Bytes of the original, as decimal text. */
  readonly sizeBytes: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly isAnimated: boolean;
  readonly blurhash: string | null;
  readonly dominantColor: string | null;
  readonly altText: string | null;
  readonly focalX: number;
  readonly focalY: number;
  readonly remoteUrl: string | null;
  /** Null for what is no video. */
  readonly video: VideoFacts | null;
  /** Captions that are stored here, by kind and language; null for what is no video. */
  readonly captionTracks: readonly StoredCaptionTrack[] | null;
  readonly showsCameraData: boolean;
  /** Null unless the owner shows it. */
  readonly camera: CameraWords | null;
  /** Largest first; empty until the asset is READY. */
  readonly renditions: readonly RenditionRow[];
}

/** One rendition in one word each, without spaces: PostgreSQL and Node build JSON of them at twice the cost. */
const RENDITIONS = `(select string_agg(r.name || ' ' || r.mime_type || ' ' || r.width || ' ' || r.height || ' ' || r.size_bytes || case when r.version > 0 then ' ' || r.version else '' end, ',')
  from renditions r where r.media_id = m.id)`;

// Only a video has any: pictures do not pay for asking.
const CAPTION_TRACKS = `case when m.kind = 'video' then (
  select coalesce(json_agg(json_build_object('kind', t.kind, 'language', t.language, 'label', t.label,
    'isAutomatic', t.is_automatic, 'renditionName', t.rendition_name) order by t.kind, t.language), '[]')
  from caption_tracks t where t.media_id = m.id) end`;

// What the server itself owns has no actor.
const OWNER_GONE = `exists (select from actors owner where owner.id = m.owner_id and owner.status in ('SUSPENDED', 'DELETED'))`;
// Pictures of a profile are seen where the profile is, and lists of blocked people show it.
const BLOCKED = `exists (select from blocks b
  where (b.blocker_id = m.owner_id and b.blocked_id = $2::uuid) or (b.blocker_id = $2::uuid and b.blocked_id = m.owner_id))`;

/** Columns of an asset for the alias `m`; `readMedia` makes a row of them. */
export const MEDIA_COLUMNS = `m.id, m.owner_id as "ownerId", m.kind, m.purpose, m.access, m.state, m.failure, m.failure_code as "failureCode", m.is_growing as "isGrowing", m.mime_type as "mimeType",
  m.size_bytes::text as "sizeBytes", m.width, m.height, m.is_animated as "isAnimated", m.blurhash,
  m.dominant_color as "dominantColor", m.alt_text as "altText", m.focal_x as "focalX", m.focal_y as "focalY",
  m.remote_url as "remoteUrl", m.video, ${CAPTION_TRACKS} as "captionTracks", m.shows_camera_data as "showsCameraData",
  case when m.shows_camera_data then m.camera end as camera, ${RENDITIONS} as renditions`;

const FROM = 'from media m where m.id = any($1::uuid[]) and m.deleted_at is null';
const BY_IDS = statement('media.by_ids', `select ${MEDIA_COLUMNS} ${FROM}`);
const FOR_VIEWER = statement(
  'media.for_viewer',
  `select ${MEDIA_COLUMNS}, coalesce(m.owner_id = $2::uuid, false) or (m.access = 'PUBLIC' and not ${OWNER_GONE}
       and (m.purpose in ('AVATAR', 'HEADER') or not ${BLOCKED})) as "isOpen" ${FROM}`,
);

/** Assets by id, in no particular order; unknown and deleted ones are left out. */
export async function findMedia(reader: Reader, ids: readonly MediaId[]): Promise<MediaRow[]> {
  return (await reader.rows<StoredMediaRow>(BY_IDS, [ids])).map((row) => readMedia(row));
}

/** An asset, and whether the viewer may see it wherever it is: an own one, or a public one of somebody who is there for them. */
export type MediaForViewer = MediaRow & { readonly isOpen: boolean };

/** As `findMedia`, and whether each is open to the viewer. */
export async function findMediaForViewer(
  reader: Reader,
  ids: readonly MediaId[],
  viewerId: Id<'actor'> | null,
): Promise<MediaForViewer[]> {
  type Stored = StoredMediaRow & { readonly isOpen: boolean };
  const rows = await reader.rows<Stored>(FOR_VIEWER, [ids, viewerId]);
  return rows.map((row) => readMedia(row));
}

/** The columns as PostgreSQL gives them. */
export type StoredMediaRow = Omit<MediaRow, 'renditions'> & { readonly renditions: string | null };

/** Makes a row of its columns. */
export function readMedia<Row extends StoredMediaRow>(
  row: Row,
): Omit<Row, 'renditions'> & Pick<MediaRow, 'renditions'> {
  return { ...row, renditions: readRenditions(row.renditions) };
}

function readRenditions(written: string | null): RenditionRow[] {
  return (written?.split(',') ?? []).map(readRendition).sort(byArea);
}

function readRendition(written: string): RenditionRow {
  const [name = '', mimeType = '', width, height, sizeBytes, version] = written.split(' ');
  return {
    name,
    mimeType,
    width: Number(width),
    height: Number(height),
    sizeBytes: Number(sizeBytes),
    ...(version === undefined ? {} : { version: Number(version) }),
  };
}

function byArea(one: RenditionRow, other: RenditionRow): number {
  return other.width * other.height - one.width * one.height || (one.name < other.name ? -1 : 1);
}
