/** An asset as GraphQL and pages show it, and how statements of other slices bring it along. */
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

/** A transparent picture on white, as a JPEG: for other servers, and nobody here. */
export const OPAQUE = 'opaque';

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

// Separators of fields and of assets. Texts that somebody wrote are rid of them.
const FIELD = '\u001f';
const ASSET = '\u001e';
/** As `concat_ws` writes it. */
const TRUE = 't';

const CAPTION_TRACKS = `(select coalesce(json_agg(json_build_object('kind', t.kind, 'language', t.language, 'label', t.label,
    'isAutomatic', t.is_automatic, 'renditionName', t.rendition_name) order by t.kind, t.language), '[]')
  from caption_tracks t where t.media_id = m.id)`;

// Most assets are pictures that went well, and do not pay for asking.
const MORE = `case when m.kind = 'video' or m.failure is not null or m.shows_camera_data then json_build_object(
    'failure', m.failure, 'failureCode', m.failure_code, 'video', m.video, 'captionTracks', case when m.kind = 'video' then ${CAPTION_TRACKS} end,
    'camera', case when m.shows_camera_data then m.camera end)::text else '' end`;

/**
 * An asset of the alias `m` as words in one text, which `readMedia` reads: PostgreSQL and Node build JSON, or a column each,
 * at twice the cost.
 */
export const MEDIA_WORDS = `concat_ws(E'\\x1f', m.id, m.owner_id, m.kind, m.purpose, m.access, m.state, m.is_growing, m.mime_type,
  m.size_bytes, coalesce(m.width::text, ''), coalesce(m.height::text, ''), m.is_animated, coalesce(m.blurhash, ''), coalesce(m.dominant_color, ''),
  translate(coalesce(m.alt_text, ''), E'\\x1e\\x1f', ''), m.focal_x, m.focal_y, coalesce(m.remote_url, ''), m.shows_camera_data,
  coalesce(m.rendition_words, ''), ${MORE})`;

/** As `MEDIA_WORDS`, of all media of a post in its order; null = none. */
export const albumOf = (
  postId: string,
): string => `(select string_agg(${MEDIA_WORDS}, E'\\x1e' order by part.position)
  from post_media part join media m on m.id = part.media_id where part.post_id = ${postId} and m.deleted_at is null)`;

/** What `MEDIA_WORDS` gives. */
export type MediaWords = string & { readonly __words: 'media' };

/** What `albumOf` gives. */
export type AlbumWords = string & { readonly __words: 'album' };

/** The asset that the words are of. */
export function readMedia(words: MediaWords): MediaRow {
  const [
    id = '',
    ownerId = '',
    kind,
    purpose,
    access,
    state,
    isGrowing,
    mimeType = '',
    sizeBytes = '',
    width,
    height,
    isAnimated,
    blurhash,
    dominantColor,
    altText,
    focalX,
    focalY,
    remoteUrl,
    showsCameraData,
    renditions,
    more,
  ] = words.split(FIELD);
  return {
    id: id as MediaId,
    ownerId: ownerId as Id<'actor'>,
    kind: kind as MediaKind,
    purpose: purpose as MediaPurpose,
    access: access as MediaAccess,
    state: state as MediaState,
    isGrowing: isGrowing === TRUE,
    mimeType,
    sizeBytes,
    width: width ? Number(width) : null,
    height: height ? Number(height) : null,
    isAnimated: isAnimated === TRUE,
    blurhash: blurhash || null,
    dominantColor: dominantColor || null,
    altText: altText || null,
    focalX: Number(focalX),
    focalY: Number(focalY),
    remoteUrl: remoteUrl || null,
    showsCameraData: showsCameraData === TRUE,
    renditions: renditions ? renditions.split(',').map(readRendition) : [],
    ...(more ? (JSON.parse(more) as More) : NOTHING_MORE),
  };
}

/** The media of a post in its order. */
export function readAlbum(album: AlbumWords | null): MediaRow[] {
  return album === null ? [] : album.split(ASSET).map((words) => readMedia(words as MediaWords));
}

type More = Pick<MediaRow, 'failure' | 'failureCode' | 'video' | 'captionTracks' | 'camera'>;

const NOTHING_MORE: More = {
  failure: null,
  failureCode: null,
  video: null,
  captionTracks: null,
  camera: null,
};

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
