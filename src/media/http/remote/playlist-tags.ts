/**
 * Tags of HLS playlists as they are passed on: each written anew, of values that can be nothing else. Players look for
 * tags and attributes anywhere in a line, and lines end for some of them where others see none.
 *
 * @source RFC 8216 §4
 */

/** A playlist that is not passed on, and why. */
export class PlaylistRefused extends Error {}

const NUMBER = /^\d{1,20}(?:\.\d{1,20})?$/;
const BYTES = /^\d{1,20}(?:@\d{1,20})?$/;

/** Tags without an address, by what may stand behind the colon; null = nothing. */
const PLAIN: Readonly<Record<string, RegExp | null>> = {
  EXTM3U: null,
  'EXT-X-INDEPENDENT-SEGMENTS': null,
  'EXT-X-DISCONTINUITY': null,
  'EXT-X-GAP': null,
  'EXT-X-ENDLIST': null,
  'EXT-X-VERSION': NUMBER,
  'EXT-X-TARGETDURATION': NUMBER,
  'EXT-X-MEDIA-SEQUENCE': NUMBER,
  'EXT-X-DISCONTINUITY-SEQUENCE': NUMBER,
  'EXT-X-BITRATE': NUMBER,
  'EXT-X-BYTERANGE': BYTES,
  'EXT-X-PLAYLIST-TYPE': /^(?:VOD|EVENT)$/,
  'EXT-X-PROGRAM-DATE-TIME': /^[\dTZ:.+-]{10,40}$/,
  'EXT-X-START': /^TIME-OFFSET=-?[\d.]{1,20}(?:,PRECISE=(?:YES|NO))?$/,
};

/** Attributes that are passed on of the tags that have some; URI stands apart. */
const ATTRIBUTES: Readonly<Record<string, ReadonlySet<string>>> = {
  'EXT-X-MAP': new Set(['BYTERANGE']),
  'EXT-X-MEDIA': new Set([
    'TYPE',
    'GROUP-ID',
    'NAME',
    'LANGUAGE',
    'ASSOC-LANGUAGE',
    'DEFAULT',
    'AUTOSELECT',
    'CHANNELS',
    'CHARACTERISTICS',
  ]),
  // captions come from the video itself, so playlists name none
  'EXT-X-STREAM-INF': new Set([
    'BANDWIDTH',
    'AVERAGE-BANDWIDTH',
    'CODECS',
    'RESOLUTION',
    'FRAME-RATE',
    'VIDEO-RANGE',
    'AUDIO',
    'VIDEO',
  ]),
};

const ATTRIBUTE = /^\s*([A-Z0-9-]{1,60})\s*=\s*("[^"]*"|[A-Za-z0-9.@+:/_-]*)\s*(?:,|$)/;

/** A line that is a tag, in its parts. */
export interface Tag {
  readonly name: string;
  /** Behind the colon. */
  readonly value: string;
}

/** Takes a line with `#` at its beginning apart; a remark has a name that nobody knows. */
export function readTag(line: string): Tag {
  const at = line.indexOf(':');
  const name = line.slice(1, at < 0 ? undefined : at);
  return { name, value: at < 0 ? '' : line.slice(at + 1).trim() };
}

/** A tag without an address, written anew; null = left out. */
export function writePlain({ name, value }: Tag): string | null {
  if (name === 'EXTINF') return `#EXTINF:${durationOf(value)},`;
  // without it a player takes other bytes
  if (name === 'EXT-X-BYTERANGE' && !BYTES.test(value))
    throw new PlaylistRefused('EXT-X-BYTERANGE has no such value.');
  const rule = Object.hasOwn(PLAIN, name) ? PLAIN[name] : undefined;
  if (rule === null) return `#${name}`;
  return rule?.test(value) ? `#${name}:${value}` : null;
}

/** Titles of segments are nobody's business here. */
function durationOf(value: string): string {
  const duration = value.split(',')[0]!.trim();
  if (!NUMBER.test(duration)) throw new PlaylistRefused('EXTINF has no such value.');
  return duration;
}

/**
 * The attributes of a tag, as they are written.
 *
 * @throws {PlaylistRefused}
 */
export function readAttributes({ name, value }: Tag): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (let rest = value; rest !== '';) {
    const [whole, key, written] = ATTRIBUTE.exec(rest) ?? [];
    if (whole === undefined || found.has(key!))
      throw new PlaylistRefused(`The attributes of ${name} cannot be read.`);
    found.set(key!, written!);
    rest = rest.slice(whole.length).trimStart();
  }
  return found;
}

/** A tag of known attributes, and of an address here where it has one. */
export function writeAttributes(
  name: string,
  attributes: ReadonlyMap<string, string>,
  address: string | null,
): string {
  const known = ATTRIBUTES[name]!;
  const kept = [...attributes]
    .filter(([key]) => known.has(key))
    // a tag in a name is a tag for some players
    .map(([key, written]) => `${key}=${written.replaceAll('#', ' ')}`);
  if (address !== null) kept.push(`URI="${address}"`);
  return `#${name}:${kept.join(',')}`;
}
