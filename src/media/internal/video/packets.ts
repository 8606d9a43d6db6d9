/**
 * The packets of a source without their content, as ffmpeg's `framecrc` lists them. From these it is known what a copy
 * of a stream would be. Pure.
 */

/** One stream, packet by packet in the order of the file. */
export interface PacketList {
  /** When each key frame is shown, in seconds, rising. */
  readonly keyFrameSeconds: readonly number[];
  /** When the first packet that is shown begins; Infinity = there is none. */
  readonly startSeconds: number;
  /** Whether each packet that is shown begins where the one before it ends. */
  readonly isSeamless: boolean;
  /** Length of what the file asks players to leave out: what an encoder put before sound, or what was cut off. */
  readonly hiddenSeconds: number;
  readonly bitRate: number;
}

interface Packet {
  readonly seconds: number;
  readonly length: number;
  readonly bytes: number;
  readonly isKey: boolean;
  readonly isHidden: boolean;
}

/** Flags of a packet: `AV_PKT_FLAG_KEY`, `AV_PKT_FLAG_DISCARD`. */
const [KEY, HIDDEN] = [1, 4];
/** Times are rounded to the clock of the container. */
const SEAM_SECONDS = 0.005;

/** Reads the list of one stream by its number in the output. */
export function readPackets(text: string, stream: number): PacketList {
  const [over = 0, under = 1] = (new RegExp(`^#tb ${stream}: (\\d+)/(\\d+)$`, 'm').exec(text) ?? [])
    .slice(1)
    .map(Number);
  const packets = text
    .split('\n')
    .map((line) => line.split(',').map((word) => word.trim()))
    .filter(([number]) => number === String(stream))
    .map((words) => packetOf(words, over / under));
  const shown = packets.filter(({ isHidden }) => !isHidden);
  return {
    keyFrameSeconds: packets.filter(({ isKey }) => isKey).map(({ seconds }) => seconds),
    startSeconds: shown[0]?.seconds ?? Infinity,
    isSeamless: shown.every(({ seconds }, index) => {
      const before = shown[index - 1];
      return !before || Math.abs(seconds - before.seconds - before.length) <= SEAM_SECONDS;
    }),
    hiddenSeconds: lengthOf(packets.filter(({ isHidden }) => isHidden)),
    bitRate: rateOf(packets),
  };
}

/** Stream, time of decoding, time of showing, length, bytes, checksum, and flags unless they are those of a key frame. */
function packetOf(words: readonly string[], unit: number): Packet {
  const flags = Number.parseInt(words.find((word) => word.startsWith('F='))?.slice(2) ?? '1', 16);
  return {
    seconds: Number(words[2]) * unit,
    length: Number(words[3]) * unit,
    bytes: Number(words[4]),
    isKey: (flags & KEY) > 0,
    isHidden: (flags & HIDDEN) > 0,
  };
}

function lengthOf(packets: readonly Packet[]): number {
  return packets.reduce((sum, { length }) => sum + length, 0);
}

function rateOf(packets: readonly Packet[]): number {
  const seconds = lengthOf(packets);
  const bytes = packets.reduce((sum, packet) => sum + packet.bytes, 0);
  return seconds > 0 ? Math.ceil((bytes * 8) / seconds) : 0;
}
