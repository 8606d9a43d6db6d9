/**
 * HLS playlists of other servers, rewritten so that a player asks this server for everything. Only known tags go
 * through, so that none that leads elsewhere is overlooked.
 *
 * @source RFC 8216 §4.3
 */
import type { RemoteKind } from '../../remote-video-url.js';
import {
  PlaylistRefused,
  readAttributes,
  readTag,
  writeAttributes,
  writePlain,
  type Tag,
} from './playlist-tags.js';

/** Lines of a playlist; two hours in segments of two seconds have a third of it. */
const MOST_LINES = 30_000;
const LONGEST_LINE = 4_096;
/** What is made of a playlist: each line of a letter becomes an address with all of the path before it. */
const MOST_CHARACTERS = 8 * 1024 * 1024;

const STREAM = 'EXT-X-STREAM-INF';
const MAP = 'EXT-X-MAP';
const RENDITION = 'EXT-X-MEDIA';
const KEYS = new Set(['EXT-X-KEY', 'EXT-X-SESSION-KEY']);
/** Types of what is heard or seen; captions come from the video itself, so playlists name none. */
const PLAYED = new Set(['AUDIO', 'VIDEO']);

/** What ends a line for one player or another, and what none has to see. */
const BREAKS = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/;
// oxlint-disable-next-line no-control-regex
const UNSEEN = /[\0-\x08\x0e-\x1f\x7f]/;

/** What a playlist is rewritten for. */
export interface PlaylistPlace {
  /** Where it came from, after redirects. */
  readonly base: string;
  /** Hosts, with their ports, to which it may lead. */
  readonly hosts: ReadonlySet<string>;
  /** The address here of one on another server. */
  readonly addressOf: (kind: RemoteKind, url: string) => string;
}

/** @throws {PlaylistRefused} */
export function rewritePlaylist(text: string, place: PlaylistPlace): string {
  const lines = text.replace(/^\uFEFF/, '').split(BREAKS);
  if (lines[0]?.trim() !== '#EXTM3U') throw new PlaylistRefused('No playlist.');
  if (lines.length > MOST_LINES) throw new PlaylistRefused(`More than ${MOST_LINES} lines.`);
  const isMaster = lines.some((line) => line.trim().startsWith(`#${STREAM}:`));
  const rewritten: string[] = [];
  let left = MOST_CHARACTERS;
  for (const line of lines) {
    const next = rewriteLine(line.trim(), isMaster ? 'playlist' : 'video', place);
    if (next === null) continue;
    left -= next.length + 1;
    if (left < 0) throw new PlaylistRefused(`More than ${MOST_CHARACTERS} characters.`);
    rewritten.push(next);
  }
  return `${rewritten.join('\n')}\n`;
}

/** Null = left out. */
function rewriteLine(line: string, kind: RemoteKind, place: PlaylistPlace): string | null {
  if (line.length > LONGEST_LINE) throw new PlaylistRefused('A line is too long.');
  if (UNSEEN.test(line)) throw new PlaylistRefused('It has characters that no playlist has.');
  if (line === '') return null;
  return line.startsWith('#') ? rewriteTag(readTag(line), place) : local(line, kind, place);
}

function rewriteTag(tag: Tag, place: PlaylistPlace): string | null {
  const { name } = tag;
  if (name === STREAM) return writeAttributes(name, readAttributes(tag), null);
  if (name === MAP) return withAddress(tag, 'video', place);
  if (name === RENDITION) return withAddress(tag, 'playlist', place);
  if (KEYS.has(name) && readAttributes(tag).get('METHOD') !== 'NONE')
    throw new PlaylistRefused('It is encrypted.');
  return writePlain(tag);
}

function withAddress(tag: Tag, kind: RemoteKind, place: PlaylistPlace): string | null {
  const attributes = readAttributes(tag);
  if (tag.name === RENDITION && !PLAYED.has(attributes.get('TYPE') ?? '')) return null;
  const address = attributes.get('URI')?.replaceAll('"', '');
  if (address === undefined && tag.name === MAP) throw new PlaylistRefused('It has no beginning.');
  const here = address === undefined ? null : local(address, kind, place);
  return writeAttributes(tag.name, attributes, here);
}

function local(
  address: string,
  kind: RemoteKind,
  { base, hosts, addressOf }: PlaylistPlace,
): string {
  const url = URL.parse(address, base);
  if (url?.protocol !== 'https:' || url.username !== '' || url.password !== '')
    throw new PlaylistRefused('It leads to what is no address of the web.');
  if (!hosts.has(url.host)) throw new PlaylistRefused(`It leads to ${url.host}.`);
  url.hash = '';
  if (url.href.length > LONGEST_LINE) throw new PlaylistRefused('An address is too long.');
  return addressOf(kind, url.href);
}
