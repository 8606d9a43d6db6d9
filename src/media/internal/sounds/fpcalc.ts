// The fingerprint of a sound, by Chromaprint's program.
import { runLimited, type RunLimits } from './run-limited.js';

/** Part of a sound that is fingerprinted, from its beginning. */
const SECONDS = 120;

const LIMITS: RunLimits = {
  memoryBytes: 1024 * 1024 * 1024,
  cpuSeconds: 30,
  wallSeconds: 60,
  fileBytes: 1024,
};

/** Samples as files of them hold them: 16 bits, one channel, as often a second as Chromaprint works with. */
export const SAMPLE_RATE = 11_025;

/**
 * Fingerprints a file of samples. It is judged by what it prints: some versions end with 3 after a good answer.
 *
 * @returns null when the sound is too short for one, or the program failed
 */
export async function fingerprint(fpcalcPath: string, file: string): Promise<Uint32Array | null> {
  const format = ['-format', 's16le', '-rate', String(SAMPLE_RATE), '-channels', '1'];
  const args = ['-raw', '-length', String(SECONDS), ...format, file];
  return readAnswer((await runLimited(fpcalcPath, args, LIMITS)).stdout);
}

/** Reads what the program printed; null when that is no fingerprint. */
export function readAnswer(printed: string): Uint32Array | null {
  const written = /^FINGERPRINT=(\d+(?:,\d+)*)\s*$/m.exec(printed)?.[1];
  if (written === undefined) return null;
  const words = written.split(',').map(Number);
  return words.every((word) => word <= 0xff_ff_ff_ff) ? Uint32Array.from(words) : null;
}
