/** The cues of a WebVTT or SubRip file by their lines, before anything in them is read. */
import { CaptionsMistake } from './captions-mistake.js';

/** How the file is written. */
export type CaptionsFormat = 'vtt' | 'srt';

/** One cue as it is written. */
export interface WrittenCue {
  /** Where its times stand, from 1. */
  readonly line: number;
  readonly times: string;
  readonly text: readonly string[];
}

/** A file in pieces. */
export interface WrittenCaptions {
  readonly format: CaptionsFormat;
  readonly cues: readonly WrittenCue[];
}

interface Block {
  /** Of its first line, from 1. */
  readonly line: number;
  readonly lines: readonly string[];
}

const ARROW = '-->';
const SIGNATURE = /^WEBVTT(?:[ \t]|$)/;
/** Comments, and what decides how cues look: none of it is kept. */
const LEFT_OUT = /^(?:NOTE(?:\s|$)|STYLE\s*$|REGION(?:[:\s]|$))/;
const MOST_LINES = 40_000;
const MOST_CUES = 5_000;
const LONGEST_TIMES = 200;
const LONGEST_CUE = 2_000;

/**
 * Splits a file.
 *
 * @throws {CaptionsMistake}
 */
export function splitCues(text: string): WrittenCaptions {
  const lines = text.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/);
  if (lines.length > MOST_LINES)
    throw new CaptionsMistake(MOST_LINES + 1, `There may be ${MOST_LINES} lines.`);
  const blocks = blocksOf(lines);
  const format = formatOf(lines, blocks[0]);
  const cues = (format === 'vtt' ? blocks.slice(1) : blocks).flatMap((block) =>
    cueOf(block, format),
  );
  const tooMany = cues[MOST_CUES];
  if (tooMany) throw new CaptionsMistake(tooMany.line, `There may be ${MOST_CUES} cues.`);
  return { format, cues };
}

function blocksOf(lines: readonly string[]): Block[] {
  const blocks: { line: number; lines: string[] }[] = [];
  let isOpen = false;
  for (const [index, line] of lines.entries()) {
    const isBlank = line.trim() === '';
    if (isBlank) isOpen = false;
    else if (isOpen) blocks.at(-1)!.lines.push(line);
    else {
      blocks.push({ line: index + 1, lines: [line] });
      isOpen = true;
    }
  }
  return blocks;
}

function formatOf(lines: readonly string[], first: Block | undefined): CaptionsFormat {
  if (SIGNATURE.test(lines[0] ?? '')) {
    const times = first!.lines.findIndex((line) => line.includes(ARROW));
    if (times > 0)
      throw new CaptionsMistake(first!.line + times, 'A blank line has to follow the header.');
    return 'vtt';
  }
  if (first?.lines.slice(0, 2).some((line) => line.includes(ARROW))) return 'srt';
  throw new CaptionsMistake(1, 'A WebVTT file begins with WEBVTT, a SubRip file with a cue.');
}

function cueOf(block: Block, format: CaptionsFormat): WrittenCue[] {
  const [first = ''] = block.lines;
  if (format === 'vtt' && LEFT_OUT.test(first)) return [];
  const at = block.lines.findIndex((line) => line.includes(ARROW));
  if (at < 0 || at > 1)
    throw new CaptionsMistake(block.line, 'Times are missing, such as 00:01.000 --> 00:04.000.');
  const line = block.line + at;
  const text = block.lines.slice(at + 1);
  const second = text.findIndex((one) => one.includes(ARROW));
  if (second >= 0)
    throw new CaptionsMistake(line + 1 + second, 'A blank line has to come before the next cue.');
  const times = block.lines[at]!.trim();
  if (times.length > LONGEST_TIMES)
    throw new CaptionsMistake(line, `Times and settings may have ${LONGEST_TIMES} characters.`);
  if (text.join('\n').length > LONGEST_CUE)
    throw new CaptionsMistake(line, `A cue may have ${LONGEST_CUE} characters.`);
  return [{ line, times, text }];
}
