/**
 * One run over a source before anything is made of it: its still picture, how loud it is, and its packets. Each start
 * of ffmpeg costs as much as reading a short clip, so that all of it is asked at once.
 */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { BatchTask } from './batch.js';
import { isCopiedPicture, isCopiedSound, mayCopyPicture, mayCopySound } from './copying.js';
import { levellingFor, METER, readLoudness, type SoundPlan } from './loudness.js';
import { readPackets } from './packets.js';
import { stillInput, stillOutput, takeEarlier } from './poster.js';
import { runFfmpeg, type FfmpegOutput } from './run-ffmpeg.js';

/** What is known of a source now. */
export interface Survey {
  /** Its picture is the top rung as it is. */
  readonly copiesPicture: boolean;
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
  const { source, ladder, directory, launchers, signal } = task;
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
  const { file, demuxer, durationMs } = source;
  const whole = { file, demuxer, options: ['-t', String(durationMs / 1000 + 1)] };
  const inputs = [stillInput(task, posterAtMs), whole];
  const printed = outputs.length > 0 ? await runFfmpeg(launchers, { inputs, outputs, signal }) : '';
  if (posterPath) await takeEarlier(task, posterPath, posterAtMs);
  const list = isListed ? await readList(listPath) : '';
  const picture = readPackets(list, 0);
  const levelling = levellingFor(readLoudness(printed));
  return {
    copiesPicture: mayCopy.picture && isCopiedPicture(picture, durationMs),
    sound: {
      isCopied:
        mayCopy.sound && isCopiedSound(readPackets(list, 1), picture.startSeconds, levelling),
      levelling,
    },
    posterPath,
  };
}

function meterOf({ source: { audio } }: BatchTask): FfmpegOutput[] {
  if (!audio) return [];
  return [{ file: '-', options: ['-map', `1:${audio.index}`, '-af', METER, '-f', 'null'] }];
}

/** Stream 0 of the list is the picture, stream 1 the sound. */
function listOf({ source: { video, audio } }: BatchTask, file: string): FfmpegOutput {
  const maps = [video, ...(audio ? [audio] : [])].flatMap(({ index }) => ['-map', `1:${index}`]);
  return { file, options: [...maps, '-c', 'copy', '-f', 'framecrc'] };
}

/** More packets than fit are those of no usual video: nothing of it is copied. */
async function readList(file: string): Promise<string> {
  return (await stat(file)).size > LIST_BYTES ? '' : readFile(file, 'utf8');
}
