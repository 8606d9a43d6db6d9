// What a camera wrote about itself and the exposure. A few entries are read by their numbers and all others left alone:
// the directory with the location is never opened.
import type { CameraReport } from '../worker-protocol.js';

const TIFF_HEADER = 8;
const ENTRY_BYTES = 12;
const MOST_ENTRIES = 200;
const TEXT_LENGTH = 100;

/** Numbers of the entries, and of the directory that the exposure is in. */
const MAKE = 0x010f;
const MODEL = 0x0110;
const EXPOSURE_DIRECTORY = 0x8769;
const EXPOSURE_TIME = 0x829a;
const F_NUMBER = 0x829d;
const SENSITIVITY = 0x8827;
const TAKEN_AT = 0x9003;
const FOCAL_LENGTH = 0x920a;
const LENS_MODEL = 0xa434;

const ASCII = 2;
const SHORT = 3;
const LONG = 4;
const RATIONAL = 5;

/**
 * Reads the camera's own words; null when there are none that can be used. Damaged entries count as absent.
 *
 * @param exif as the file has it, with or without the marker `Exif`
 * @source CIPA DC-008 (EXIF 2.32) §4.6
 */
export function readCamera(exif: Buffer | undefined): CameraReport | null {
  const tiff = openTiff(exif);
  if (!tiff) return null;
  const main = tiff.directory(tiff.long(4));
  const exposure = tiff.directory(main.get(EXPOSURE_DIRECTORY)?.number());
  const report: CameraReport = {
    camera: nameOf(main.get(MAKE)?.text() ?? null, main.get(MODEL)?.text() ?? null),
    lens: exposure.get(LENS_MODEL)?.text() ?? null,
    focalLengthMm: within(exposure.get(FOCAL_LENGTH)?.ratio(), 0.1, 10_000),
    fNumber: within(exposure.get(F_NUMBER)?.ratio(), 0.1, 1_000),
    exposureSeconds: within(exposure.get(EXPOSURE_TIME)?.ratio(), 1e-6, 86_400),
    iso: within(exposure.get(SENSITIVITY)?.number(), 1, 65_535),
    takenAt: localTime(exposure.get(TAKEN_AT)?.text() ?? null),
  };
  return Object.values(report).every((value) => value === null) ? null : report;
}

/** One entry; each reading is undefined when the entry is of another type or lies outside of the block. */
interface Entry {
  readonly number: () => number | undefined;
  readonly ratio: () => number | undefined;
  readonly text: () => string | undefined;
}

interface Tiff {
  readonly long: (offset: number) => number | undefined;
  readonly directory: (offset: number | undefined) => ReadonlyMap<number, Entry>;
}

function openTiff(exif: Buffer | undefined): Tiff | null {
  if (!exif) return null;
  const block = exif.toString('latin1', 0, 6) === 'Exif\0\0' ? exif.subarray(6) : exif;
  const order = block.toString('latin1', 0, 4);
  if (block.length < TIFF_HEADER || (order !== 'II*\0' && order !== 'MM\0*')) return null;
  const isLittle = order.startsWith('II');
  const holds = (offset: number, bytes: number): boolean => offset + bytes <= block.length;
  const short = (offset: number): number | undefined => {
    if (!holds(offset, 2)) return undefined;
    return isLittle ? block.readUInt16LE(offset) : block.readUInt16BE(offset);
  };
  const long = (offset: number): number | undefined => {
    if (!holds(offset, 4)) return undefined;
    return isLittle ? block.readUInt32LE(offset) : block.readUInt32BE(offset);
  };
  const entryAt = (offset: number): Entry => {
    const type = short(offset + 2);
    const count = long(offset + 4) ?? 0;
    return {
      number: () => {
        if (type === SHORT) return short(offset + 8);
        return type === LONG ? long(offset + 8) : undefined;
      },
      ratio: () => {
        const at = type === RATIONAL ? long(offset + 8) : undefined;
        const [over, under] = at === undefined ? [] : [long(at), long(at + 4)];
        return over === undefined || !under ? undefined : over / under;
      },
      text: () => {
        const at = count <= 4 ? offset + 8 : long(offset + 8);
        if (type !== ASCII || at === undefined || !holds(at, count)) return undefined;
        return cleanText(block.toString('utf8', at, at + Math.min(count, 1000)));
      },
    };
  };
  const directory = (offset: number | undefined): ReadonlyMap<number, Entry> => {
    const count = Math.min((offset !== undefined && short(offset)) || 0, MOST_ENTRIES);
    const entries = new Map<number, Entry>();
    for (let index = 0; index < count; index++) {
      const at = offset! + 2 + index * ENTRY_BYTES;
      if (!holds(at, ENTRY_BYTES)) break;
      entries.set(short(at)!, entryAt(at));
    }
    return entries;
  };
  return { long, directory };
}

/** Up to the first zero, without control characters, reading-direction marks and broken letters. */
function cleanText(text: string): string | undefined {
  const clean = text
    .split('\0')[0]!
    .replace(/[\p{C}\uFFFD]/gu, '')
    .trim();
  return [...clean].slice(0, TEXT_LENGTH).join('').trim() || undefined;
}

/** Some makers begin the model with their name, others do not. */
function nameOf(make: string | null, model: string | null): string | null {
  if (make === null || model === null) return model ?? make;
  const [maker = ''] = make.split(' ');
  const isNamed = model.toLowerCase().startsWith(maker.toLowerCase());
  return isNamed ? model : [...`${make} ${model}`].slice(0, TEXT_LENGTH).join('').trim();
}

function within(value: number | undefined, least: number, most: number): number | null {
  return value !== undefined && value >= least && value <= most ? value : null;
}

/** `2026:03:01 12:00:00`, as cameras write the time that their clock shows, in the form of ISO 8601. */
function localTime(text: string | null): string | null {
  const match = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)$/.exec(text ?? '');
  if (!match) return null;
  const [, year, month, day, time] = match;
  const written = `${year}-${month}-${day}T${time}`;
  const instant = new Date(`${written}Z`);
  const isReal = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(written);
  return isReal ? written : null;
}
