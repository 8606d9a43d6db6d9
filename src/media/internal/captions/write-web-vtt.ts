/** Cues as a WebVTT file. */
import type { Cue } from './read-captions.js';

/** Writes a file: the same cues give the same bytes. */
export function writeWebVtt(cues: readonly Cue[]): string {
  return ['WEBVTT\n', ...cues.map(writeCue)].join('\n');
}

function writeCue({ start, end, settings, text }: Cue): string {
  const times = `${timestamp(start)} --> ${timestamp(end)}`;
  return `${settings === '' ? times : `${times} ${settings}`}\n${text}\n`;
}

function timestamp(seconds: number): string {
  const ms = Math.round(seconds * 1000);
  const part = (divisor: number, modulus: number, digits: number): string =>
    String(Math.floor(ms / divisor) % modulus).padStart(digits, '0');
  return `${part(3_600_000, 1_000, 2)}:${part(60_000, 60, 2)}:${part(1_000, 60, 2)}.${part(1, 1_000, 3)}`;
}
