/**
 * One run over a source before anything is made of it: its still picture, how loud it is, and its packets. Each start
 * of ffmpeg costs as much as reading a short clip, so that all of it is asked at once, and what may turn out to be taken
 * over as it is is written beside.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { BatchTask } from './batch.js';
import { isCopiedPicture, isCopiedSound, mayCopyPicture, mayCopySound } from './copying.js';
import { levellingFor, METER, readLoudness, type SoundPlan } from './loudness.js';
import { readPackets } from './packets.js';
import { stillInput, stillOutput, takeEarlier } from './poster.js';
import { FfmpegFailed, runFfmpeg, type FfmpegInput, type FfmpegOutput } from './run-ffmpeg.js';
import { takenOver } from './taking-over.js';

/** What is known of a source now. */
export interface Survey {
  /** Its picture is the top rung as it is. */
  readonly copiesPicture: boolean;
  /** All of it is taken over, and is there already. */
  readonly isTakenOver: boolean;
  readonly sound: SoundPlan;
  /** Absolute; null = not asked for. */
  readonly posterPath: string | null;
}

/** What is asked beside the packets. */
export interface SurveyQuestions {
  /** When the still picture is taken; null = where it promises most. */
  readonly posterAtMs: number | null;
  /** Nothing is published yet: the still picture and the sound are still to be made. */
  readonly isFirst: boolean;
}

const LIST_BYTES = 8 * 2 ** 20;

/** Looks at the source once, or not at all where nothing is to be found out. */
export async function survey(task: BatchTask, questions: SurveyQuestions): Promise<Survey> {
  const { source, ladder, directory } = task;
  const { isFirst, posterAtMs } = questions;
  const [top] = ladder.rungs;
  const mayCopy = {
    picture: top !== undefined && mayCopyPicture(source, top),
    sound: isFirst && mayCopySound(source),
  };
  const posterPath = isFirst ? path.join(directory, 'poster.png') : null;
  const listPath = path.join(directory, 'packets.txt');
  const isListed = mayCopy.picture || mayCopy.sound;
  const outputs = [
    ...(posterPath ? [stillOutput(task, posterPath, posterAtMs)] : []),
    ...(isFirst ? meterOf(task) : []),
    ...(isListed ? [listOf(task, listPath)] : []),
  ];
  const mayTakeOver = isFirst && mayCopy.picture && (mayCopy.sound || !source.audio);
  const more = top && mayTakeOver ? await takenOver(task, top, WHOLE) : [];
  const { printed, isMore } = await look(task, stillInput(task, posterAtMs), outputs, more);
  if (posterPath) await takeEarlier(task, posterPath, posterAtMs);
  const list = isListed ? await readList(listPath) : '';
  const picture = readPackets(list, 0);
  const { durationMs } = source;
  const levelling = levellingFor(readLoudness(printed));
  const copiesPicture = mayCopy.picture && isCopiedPicture(picture, durationMs);
  const isCopied =
    mayCopy.sound && isCopiedSound(readPackets(list, 1), picture.startSeconds, levelling);
  return {
    copiesPicture,
    isTakenOver: isMore && copiesPicture && (isCopied || !source.audio),
    sound: { isCopied, levelling },
    posterPath,
  };
}

/** Number of the input that is the source from its beginning. */
const WHOLE = 1;

/** What was printed, and whether `more` was written, too: what cannot be taken over may well be encoded. */
async function look(
  { source: { file, demuxer, durationMs }, launchers, signal }: BatchTask,
  still: FfmpegInput,
  outputs: readonly FfmpegOutput[],
  more: readonly FfmpegOutput[],
): Promise<{ readonly printed: string; readonly isMore: boolean }> {
  if (outputs.length === 0) return { printed: '', isMore: false };
  const inputs = [still, { file, demuxer, options: ['-t', String(durationMs / 1000 + 1)] }];
  if (more.length > 0)
    try {
      const run = { inputs, outputs: [...outputs, ...more], signal };
      return { printed: await runFfmpeg(launchers, run), isMore: true };
    } catch (error) {
      if (!(error instanceof FfmpegFailed)) throw error;
    }
  return { printed: await runFfmpeg(launchers, { inputs, outputs, signal }), isMore: false };
}

function meterOf({ source: { audio } }: BatchTask): FfmpegOutput[] {
  if (!audio) return [];
  return [{ file: '-', options: ['-map', `${WHOLE}:${audio.index}`, '-af', METER, '-f', 'null'] }];
}

/** Stream 0 of the list is the picture, stream 1 the sound. */
function listOf({ source: { video, audio } }: BatchTask, file: string): FfmpegOutput {
  const maps = [video, ...(audio ? [audio] : [])].flatMap(({ index }) => [
    '-map',
    `${WHOLE}:${index}`,
  ]);
  return { file, options: [...maps, '-c', 'copy', '-f', 'framecrc'] };
}

/** More packets than fit are those of no usual video: nothing of it is copied. */
async function readList(file: string): Promise<string> {
  return (await stat(file)).size > LIST_BYTES ? '' : readFile(file, 'utf8');
}
