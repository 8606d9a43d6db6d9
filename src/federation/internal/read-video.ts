/** Videos in ActivityStreams documents: PeerTube's `Video`, and what others attach to a Note. */
import type { RemoteVideo } from '../../media/add-remote-video.js';
import type { CaptionTrack, VideoSource } from '../../media/video-facts.js';
import { cutText } from '../../platform/storable-text.js';
import type { JsonObject } from './read-document.js';
import { blurhashOf, readWidestPicture, sideOf } from './read-picture.js';
import {
  isOfType,
  languageTagOf,
  listOf,
  objectOf,
  textOf,
  webAddressOf,
} from './read-properties.js';

const FILE_TYPES = new Set(['video/mp4', 'video/webm', 'video/ogg', 'video/quicktime']);
const PLAYLIST_TYPES = new Set(['application/x-mpegurl', 'application/vnd.apple.mpegurl']);
const PLAYLIST = 'application/vnd.apple.mpegurl';
const ATTACHMENT_TYPES = new Set(['Document', 'Video']);
const FILE_NAME = /\.(mp4|webm)$/i;
const MOST_LINKS = 200;
const MOST_SOURCES = 12;
const MOST_CAPTIONS = 40;
const LONGEST_URL = 2_048;
const LONGEST_LABEL = 100;
/** What an Int of GraphQL holds: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;
const DURATION = /^P(?:(\d{1,3})D)?T(?:(\d{1,6})H)?(?:(\d{1,6})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?$/;

/** A `Video`; null when there is nothing to play. */
export function readVideo(document: JsonObject): RemoteVideo | null {
  const links = linksOf(document['url']);
  const sources = sourcesOf(links);
  // Files that only make up a playlist are played alone by whoever knows no playlists.
  const parts = sources.some(({ mimeType }) => mimeType !== PLAYLIST)
    ? []
    : sourcesOf(links.flatMap((link) => linksOf(link['tag'])));
  const poster = readWidestPicture(document['icon']);
  return videoOf([...sources, ...parts], document, {
    altText: null,
    posterUrl: poster?.url ?? null,
  });
}

/** The first video that is attached to a note; null when there is none. */
export function readAttachedVideo(note: JsonObject): RemoteVideo | null {
  for (const one of listOf(note['attachment']).slice(0, MOST_LINKS)) {
    const attachment = objectOf(one);
    if (attachment === null || !isOfType(attachment, ATTACHMENT_TYPES)) continue;
    const link = { ...attachment, href: attachment['url'] };
    const poster = readWidestPicture(
      attachment['icon'] ?? attachment['preview'] ?? note['preview'],
    );
    const video = videoOf(sourcesOf([link, ...linksOf(attachment['url'])]), attachment, {
      altText: textOf(attachment['name']) ?? textOf(attachment['summary']),
      posterUrl: poster?.url ?? null,
    });
    if (video) return video;
  }
  return null;
}

function videoOf(
  found: readonly VideoSource[],
  described: JsonObject,
  more: Pick<RemoteVideo, 'altText' | 'posterUrl'>,
): RemoteVideo | null {
  const sources = found.toSorted(byPlayability).slice(0, MOST_SOURCES);
  const [first] = sources;
  if (!first) return null;
  const sized = sources.find(({ width, height }) => width !== null && height !== null);
  return {
    ...more,
    mimeType: first.mimeType,
    blurhash: blurhashOf(described['blurhash']),
    width: sideOf(described['width']) ?? sized?.width ?? null,
    height: sideOf(described['height']) ?? sized?.height ?? null,
    durationMs: durationOf(described['duration']),
    sources,
    captions: captionsOf(described['subtitleLanguage']),
  };
}

function linksOf(value: unknown): readonly JsonObject[] {
  return listOf(value)
    .slice(0, MOST_LINKS)
    .map((one) => objectOf(one))
    .filter((one) => one !== null);
}

function sourcesOf(links: readonly JsonObject[]): VideoSource[] {
  const sources = new Map<string, VideoSource>();
  for (const link of links) {
    const url = playableAddress(link['href']);
    const mimeType = url && playableType(link['mediaType'], url);
    if (url && mimeType && link['type'] !== 'Infohash')
      sources.set(url, {
        url,
        mimeType,
        width: sideOf(link['width']),
        height: sideOf(link['height']),
        sizeBytes: bytesOf(link['size']),
      });
  }
  return [...sources.values()];
}

function playableType(value: unknown, url: string): string | null {
  const type = (textOf(value) ?? '').toLowerCase();
  if (PLAYLIST_TYPES.has(type)) return PLAYLIST;
  if (FILE_TYPES.has(type)) return type;
  const ending = type === '' ? FILE_NAME.exec(new URL(url).pathname)?.[1] : undefined;
  return ending === undefined ? null : `video/${ending.toLowerCase()}`;
}

/** What a client is sent to: https without credentials, as it is written for everybody. */
function playableAddress(value: unknown): string | null {
  const address = webAddressOf(value);
  if (address === null || address.length > LONGEST_URL) return null;
  const { protocol, username, password } = new URL(address);
  return protocol === 'https:' && username === '' && password === '' ? address : null;
}

function byPlayability(one: VideoSource, other: VideoSource): number {
  const rank = ({ mimeType }: VideoSource): number => (mimeType === PLAYLIST ? 0 : 1);
  return rank(one) - rank(other) || (other.height ?? 0) - (one.height ?? 0);
}

function bytesOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : null;
}

/** ISO 8601, as far as videos have it. */
function durationOf(value: unknown): number | null {
  const parts = DURATION.exec(textOf(value) ?? '');
  if (!parts) return null;
  const [days, hours, minutes, seconds] = parts.slice(1).map((part) => Number(part ?? 0));
  const all = ((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!;
  const ms = Math.round(all * 1000);
  return ms > 0 && ms <= LONGEST_MS ? ms : null;
}

function captionsOf(value: unknown): CaptionTrack[] {
  return linksOf(value)
    .flatMap((one) => {
      const language = languageTagOf(one['identifier']);
      const url = playableAddress(one['url']);
      const name = textOf(one['name']);
      const label = name === null ? null : cutText(name, LONGEST_LABEL);
      const isAutomatic = one['automaticallyGenerated'] === true;
      return language && url ? [{ url, language, label, isAutomatic }] : [];
    })
    .slice(0, MOST_CAPTIONS);
}
