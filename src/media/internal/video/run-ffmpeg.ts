/**
 * The one place that drives `fluent-ffmpeg`. Of its ways it uses none but options as lists: its helpers for sizes and
 * formats take text, its `progress` starts an ffprobe of its own, and its percentages are wrong for parts of a file.
 */
import Ffmpeg from 'fluent-ffmpeg';
import type { Demuxer } from './container.js';
import { DECODERS } from './decoders.js';
import type { Launchers } from './launcher.js';

/** One file to read. */
export interface FfmpegInput {
  /** Absolute, made by us. */
  readonly file: string;
  readonly demuxer: Demuxer | 'image2' | 'lavfi';
  readonly options?: readonly string[];
}

/** One file to write. */
export interface FfmpegOutput {
  /** Absolute, made by us. */
  readonly file: string;
  readonly options: readonly string[];
}

/** One run of ffmpeg. */
export interface FfmpegRun {
  readonly inputs: readonly FfmpegInput[];
  readonly filter?: string;
  readonly outputs: readonly FfmpegOutput[];
  readonly signal?: AbortSignal;
  /** Milliseconds of output that are written. */
  readonly onProgress?: (milliseconds: number) => void;
}

/** ffmpeg ended badly. `message` holds its words, with paths: for logs only. */
export class FfmpegFailed extends Error {
  constructor(
    message: string,
    /** Signal that killed it; null = it ended by itself. */
    readonly killedBy: string | null,
    readonly words: string,
  ) {
    super(message);
    this.name = 'FfmpegFailed';
  }
}

/** Frames with more pixels are refused before they are decoded: 8K. */
export const MAX_FRAME_PIXELS = 7680 * 4320;

const WORDS_KEPT = 4000;

/**
 * Runs ffmpeg to its end and answers the last lines that its filters have printed.
 *
 * @throws {FfmpegFailed}
 * @throws the reason of the signal, with ffmpeg killed
 */
export async function runFfmpeg(launchers: Launchers, task: FfmpegRun): Promise<string> {
  task.signal?.throwIfAborted();
  let words = '';
  let printed = '';
  const command = build(launchers, task);
  command.on('stderr', (line: string) => {
    const done = /^out_time_us=(\d+)$/.exec(line)?.[1];
    if (done !== undefined) task.onProgress?.(Number(done) / 1000);
    else if (!/^[a-z_0-9]+=/.test(line)) words = `${words}${line}\n`.slice(-WORDS_KEPT);
  });
  const stop = (): void => void command.kill('SIGKILL');
  try {
    await new Promise<void>((resolve, reject) => {
      task.signal?.addEventListener('abort', stop, { once: true });
      // Killed before it was born: the library knows its process only from here on.
      command.on('start', () => task.signal?.aborted && stop());
      command.on('end', (stdout: string | null) => {
        printed = stdout ?? '';
        resolve();
      });
      command.on('error', (error: Error) => reject(failureOf(error, words)));
      command.run();
    });
  } catch (error) {
    // Only now it is gone, and writes nothing any more.
    task.signal?.throwIfAborted();
    throw error;
  } finally {
    task.signal?.removeEventListener('abort', stop);
  }
  return printed;
}

function failureOf(error: Error, words: string): FfmpegFailed {
  const killedBy = /killed with signal (\w+)/.exec(error.message)?.[1] ?? null;
  return new FfmpegFailed(`${error.message}: ${words.slice(-1000)}`, killedBy, words);
}

function build(launchers: Launchers, task: FfmpegRun): Ffmpeg.FfmpegCommand {
  // One launcher for the whole process, as the library keeps this path for all of its commands.
  const command = Ffmpeg({ stdoutLines: 100 }).setFfmpegPath(launchers.ffmpeg);
  for (const [index, input] of task.inputs.entries()) {
    command.input(input.demuxer === 'lavfi' ? input.file : `file:${input.file}`);
    // As arguments, not as a list: the library splits what stands in a list at its space.
    command.inputOptions(...(index === 0 ? GLOBAL : []), ...inputOptions(input));
  }
  if (task.filter) command.complexFilter(task.filter);
  for (const { file, options } of task.outputs) command.output(file).outputOptions(...options);
  return command;
}

const GLOBAL = [
  '-hide_banner',
  '-nostdin',
  '-loglevel',
  'error',
  '-nostats',
  '-progress',
  'pipe:2',
];

function inputOptions({ demuxer, options = [] }: FfmpegInput): string[] {
  return [
    '-protocol_whitelist',
    'file',
    '-max_pixels',
    String(MAX_FRAME_PIXELS),
    ...(demuxer === 'mov' || demuxer === 'matroska' ? DECODERS : []),
    ...options,
    '-f',
    demuxer,
  ];
}
