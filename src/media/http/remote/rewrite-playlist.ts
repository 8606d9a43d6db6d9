/**
 * HLS playlists of other servers, rewritten so that a player asks this server for everything. Only known tags go
 * through, so that none that leads elsewhere is overlooked.
 *
 * @source RFC 8216 §4.3
 */
import type { RemoteKind } from '../../remote-video-url.js';

/** Lines of a playlist; two hours in segments of two seconds have a third of it. */
const MOST_LINES = 30_000;
const LONGEST_LINE = 4_096;

/** Tags without an address. */
const PLAIN =
  /^#(?:EXTM3U|EXTINF|EXT-X-(?:VERSION|INDEPENDENT-SEGMENTS|START|BYTERANGE|DISCONTINUITY|DISCONTINUITY-SEQUENCE|PROGRAM-DATE-TIME|GAP|BITRATE|TARGETDURATION|MEDIA-SEQUENCE|ENDLIST|PLAYLIST-TYPE))(?::|$)/;
const MAP = /^#EXT-X-MAP:/;
const RENDITION = /^#EXT-X-MEDIA:/;
const STREAM = /^#EXT-X-STREAM-INF:/;
const KEY = /^#EXT-X-(?:SESSION-)?KEY:/;
const URI = /(^|[:,])URI="([^"]*)"/g;
/** Captions come from the video itself, so playlists name none. */
const CAPTIONS =
  /,(?:SUBTITLES="[^"]*"|CLOSED-CAPTIONS=(?:"[^"]*"|NONE))|(?<=:)SUBTITLES="[^"]*",?/g;

/** A playlist that is not passed on, and why. */
export class PlaylistRefused extends Error {}

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
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  if (lines[0]?.trim() !== '#EXTM3U') throw new PlaylistRefused('No playlist.');
  if (lines.length > MOST_LINES) throw new PlaylistRefused(`More than ${MOST_LINES} lines.`);
  const isMaster = lines.some((line) => STREAM.test(line));
  const rewritten: string[] = [];
  for (const line of lines) {
    const next = rewriteLine(line.trim(), isMaster ? 'playlist' : 'video', place);
    if (next !== null) rewritten.push(next);
  }
  return `${rewritten.join('\n')}\n`;
}

/** Null = left out. */
function rewriteLine(line: string, kind: RemoteKind, place: PlaylistPlace): string | null {
  if (line.length > LONGEST_LINE) throw new PlaylistRefused('A line is too long.');
  if (line === '') return null;
  if (!line.startsWith('#')) return local(line, kind, place);
  if (PLAIN.test(line)) return line;
  if (STREAM.test(line)) return line.replace(CAPTIONS, '');
  if (MAP.test(line) || (RENDITION.test(line) && /[:,]TYPE=(?:AUDIO|VIDEO)(?:,|$)/.test(line)))
    return line.replace(URI, (_all, before: string, address: string) => {
      const inner = MAP.test(line) ? 'video' : 'playlist';
      return `${before}URI="${local(address, inner, place)}"`;
    });
  if (KEY.test(line) && !/[:,]METHOD=NONE(?:,|$)/.test(line))
    throw new PlaylistRefused('It is encrypted.');
  return null;
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
  return addressOf(kind, url.href);
}
