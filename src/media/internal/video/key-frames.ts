// When the key frames of a stream are, without decoding any.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Demuxer } from './container.js';
import { DECODERS } from './decoders.js';
import type { Launchers } from './launcher.js';

const run = promisify(execFile);
const LIST_BYTES = 8 * 2 ** 20;
const LIST_SECONDS = 60;

/** Times of key frames in seconds, rising; empty when they cannot be told. */
export async function keyFrameTimes(
  { ffprobe }: Launchers,
  { file, demuxer, index }: { file: string; demuxer: Demuxer; index: number },
  signal?: AbortSignal,
): Promise<number[]> {
  const words = ['-v', 'error', '-protocol_whitelist', 'file', ...DECODERS, '-f', demuxer];
  words.push('-select_streams', String(index), '-show_entries', 'packet=pts_time,flags');
  words.push('-of', 'csv=p=0', `file:${file}`);
  try {
    const options = { signal, timeout: LIST_SECONDS * 1000, maxBuffer: LIST_BYTES } as const;
    const { stdout } = await run(ffprobe, words, { ...options, killSignal: 'SIGKILL' });
    return stdout
      .split('\n')
      .filter((line) => /,K/.test(line))
      .map((line) => Number.parseFloat(line))
      .filter((time) => Number.isFinite(time));
  } catch {
    signal?.throwIfAborted();
    return [];
  }
}
