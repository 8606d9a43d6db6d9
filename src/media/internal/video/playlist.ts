/**
 * Playlists. Those of one stream are what ffmpeg wrote, with the name of the rendition as the one address in it; the
 * master is written here, from what the files are and not from what was asked for.
 *
 * @source RFC 8216; RFC 6381 for the names of codecs
 */

/** One stream of video, as a master playlist names it. */
export interface Variant {
  /** Of its playlist, relative. */
  readonly fileName: string;
  readonly width: number;
  readonly height: number;
  readonly frameRate: number;
  /** As `avc1.64001f`. */
  readonly codec: string;
  readonly peakBitRate: number;
  readonly averageBitRate: number;
  /** Of the sound that plays with it; 0 = none does. */
  readonly soundBitRate: number;
}

/** The stream of sound beside the pictures. */
export interface SoundVariant {
  readonly channels: number;
  readonly peakBitRate: number;
}

/** A playlist of one stream, read. */
export interface MediaPlaylist {
  readonly peakBitRate: number;
  readonly averageBitRate: number;
  readonly durationSeconds: number;
  readonly segments: number;
}

/** The playlist of all streams. */
export function masterPlaylist(variants: readonly Variant[], sound: SoundVariant | null): string {
  const head = ['#EXTM3U', '#EXT-X-VERSION:7', '#EXT-X-INDEPENDENT-SEGMENTS'];
  if (sound)
    head.push(
      `${SOUND}GROUP-ID="audio",NAME="audio",DEFAULT=YES,AUTOSELECT=YES,CHANNELS="${sound.channels}",URI="hls-audio.m3u8"`,
    );
  return written(
    head,
    variants.map((variant) => entryOf(variant)),
  );
}

/** A master playlist with further variants in it; one of the same address is replaced. */
export function extendMaster(master: string, variants: readonly Variant[]): string {
  const lines = master.trimEnd().split('\n');
  const first = lines.findIndex((line) => line.startsWith(STREAM));
  const head = first < 0 ? lines : lines.slice(0, first);
  const known = new Map<string, string>();
  for (let at = head.length; at + 1 < lines.length; at += 2)
    known.set(lines[at + 1] ?? '', `${lines[at]}\n${lines[at + 1]}`);
  for (const variant of variants) known.set(variant.fileName, entryOf(variant));
  return written(head, [...known.values()]);
}

const STREAM = '#EXT-X-STREAM-INF:';
const SOUND = '#EXT-X-MEDIA:TYPE=AUDIO,';
/** Of the only codec of sound that is made here. */
const AAC_CODEC = 'mp4a.40.2';

function written(head: readonly string[], entries: readonly string[]): string {
  return `${[...head, ...entries.toSorted(byUse)].join('\n')}\n`;
}

function entryOf(variant: Variant): string {
  const { codec, width, height, frameRate, peakBitRate, averageBitRate, fileName } = variant;
  const { soundBitRate } = variant;
  const hasSound = soundBitRate > 0;
  const attributes = [
    `BANDWIDTH=${peakBitRate + soundBitRate}`,
    `AVERAGE-BANDWIDTH=${averageBitRate + soundBitRate}`,
    `RESOLUTION=${width}x${height}`,
    `FRAME-RATE=${frameRate.toFixed(3)}`,
    `CODECS="${hasSound ? `${codec},${AAC_CODEC}` : codec}"`,
    ...(hasSound ? ['AUDIO="audio"'] : []),
  ];
  return `${STREAM}${attributes.join(',')}\n${fileName}`;
}

/** Many players begin with the first entry: the middle one, then from large to small; what not all can play comes last. */
function byUse(one: string, other: string): number {
  return useOf(one) - useOf(other);
}

const LAST = 1e9;

function useOf(entry: string): number {
  const [, width = 0, height = 0] = /RESOLUTION=(\d+)x(\d+)/.exec(entry)?.map(Number) ?? [];
  if (entry.endsWith('hls-720.m3u8')) return -Infinity;
  return (entry.includes('CODECS="av01') ? LAST : 0) - width * height;
}

/** Reads durations and byte ranges of a playlist that ffmpeg wrote. */
export function readMediaPlaylist(text: string): MediaPlaylist {
  const segments: { seconds: number; bytes: number }[] = [];
  let seconds = 0;
  for (const line of text.split('\n')) {
    const duration = /^#EXTINF:([\d.]+)/.exec(line)?.[1];
    const bytes = /^#EXT-X-BYTERANGE:(\d+)@\d+/.exec(line)?.[1];
    if (duration !== undefined) seconds = Number(duration);
    if (bytes !== undefined) segments.push({ seconds, bytes: Number(bytes) });
  }
  const durationSeconds = segments.reduce((sum, segment) => sum + segment.seconds, 0);
  const bytes = segments.reduce((sum, segment) => sum + segment.bytes, 0);
  // The rest at the end may be so short that its headers outweigh it.
  const whole = segments.filter((segment) => segment.seconds >= 0.5);
  const rates = (whole.length > 0 ? whole : segments).map((each) => rateOf(each));
  return {
    peakBitRate: Math.max(0, ...rates),
    averageBitRate: rateOf({ bytes, seconds: durationSeconds }),
    durationSeconds,
    segments: segments.length,
  };
}

function rateOf({ bytes, seconds }: { bytes: number; seconds: number }): number {
  return seconds > 0 ? Math.ceil((bytes * 8) / seconds) : 0;
}

/** Name of the codec in the first bytes of a file of H.264, as players are told it; null when there is none. */
export function avcCodec(head: Buffer): string | null {
  const at = head.indexOf('avcC', 0, 'latin1');
  if (at < 0 || at + 8 > head.length) return null;
  return `avc1.${head.subarray(at + 5, at + 8).toString('hex')}`;
}

/**
 * As `avcCodec`, of AV1.
 *
 * @source AV1 Codec ISO Media File Format Binding, 2.3 and 5
 */
export function av1Codec(head: Buffer): string | null {
  const at = head.indexOf('av1C', 0, 'latin1');
  const [, profileAndLevel, rest] = at < 0 ? [] : head.subarray(at + 4, at + 7);
  if (profileAndLevel === undefined || rest === undefined) return null;
  const level = String(profileAndLevel & 31).padStart(2, '0');
  const depth = (rest & 64) === 0 ? '08' : (rest & 32) === 0 ? '10' : '12';
  return `av01.${profileAndLevel >> 5}.${level}${(rest & 128) === 0 ? 'M' : 'H'}.${depth}`;
}
