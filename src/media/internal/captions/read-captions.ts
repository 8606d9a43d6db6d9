/** Captions as people bring them, in WebVTT or SubRip: read strictly enough to name the line of a mistake. */
import { CaptionsMistake } from './captions-mistake.js';
import { cleanCueText } from './clean-cue-text.js';
import { splitCues, type CaptionsFormat, type WrittenCue } from './split-cues.js';
import { webVttLibrary, type VttCue } from './web-vtt-library.js';

/** One text and when it shows. */
export interface Cue {
  /** Seconds, as below. */
  readonly start: number;
  readonly end: number;
  /** WebVTT without the arrow, such as `line:0 align:start`; empty = where players put it. */
  readonly settings: string;
  /** Clean cue text of WebVTT. */
  readonly text: string;
}

/** Captions that begin this long after the end belong to another video. */
const SLACK_SECONDS = 1;

/**
 * Reads a file. Comments, styles and regions are left out, and cues without text.
 *
 * @param durationSeconds of the video; null = not known
 * @returns in the order in which they show
 * @throws {CaptionsMistake}
 */
export async function readCaptions(text: string, durationSeconds: number | null): Promise<Cue[]> {
  const { format, cues: written } = splitCues(text);
  for (const one of written) checkTimes(one, format, durationSeconds);
  const parsed = await parseTimes(written, format);
  const cues = parsed
    .map((cue, index) => toCue(cue, written[index]!, format))
    .filter((cue) => cue.text !== '');
  if (cues.length === 0) throw new CaptionsMistake(1, 'There is no cue with a text.');
  return cues.toSorted((one, other) => one.start - other.start || one.end - other.end);
}

function checkTimes(
  { line, times }: WrittenCue,
  format: CaptionsFormat,
  durationSeconds: number | null,
): void {
  const [first = '', rest = ''] = times.split('-->');
  const start = timeOf(first.trim(), line, format);
  const end = timeOf(rest.trim().split(/\s/)[0]!, line, format);
  if (end <= start) throw new CaptionsMistake(line, 'The cue ends before it begins.');
  if (durationSeconds !== null && start > durationSeconds + SLACK_SECONDS)
    throw new CaptionsMistake(line, 'The cue begins after the end of the video.');
}

function timeOf(written: string, line: number, format: CaptionsFormat): number {
  const time = webVttLibrary.parseVTTTimestamp(
    format === 'srt' ? written.replace(',', '.') : written,
  );
  if (time === null)
    throw new CaptionsMistake(line, `“${written.slice(0, 20)}” is no time such as 00:01:02.500.`);
  return time;
}

/**
 * Lets the library read the lines of times alone, each where it stands: some texts it takes for settings, and cues that
 * end too early it leaves out without a word.
 */
async function parseTimes(
  written: readonly WrittenCue[],
  format: CaptionsFormat,
): Promise<readonly VttCue[]> {
  const lines: string[] = format === 'vtt' ? ['WEBVTT', ''] : [];
  for (const { line, times } of written) {
    while (lines.length < line - 1) lines.push('');
    lines.push(times.replace(/\s*-->\s*/, ' --> '), 'text');
  }
  const { cues, errors } = await webVttLibrary.parseText(lines.join('\n'), {
    type: format,
    errors: true,
  });
  // Settings that nobody knows yet are passed over, as players do.
  const wrong = errors.find(({ code }) => code !== webVttLibrary.ParseErrorCode.UnknownSetting);
  if (wrong) throw new CaptionsMistake(wrong.line, 'A setting of the cue has no such value.');
  if (cues.length !== written.length)
    throw new CaptionsMistake(written[0]?.line ?? 1, 'The times of the cues cannot be read.');
  return cues;
}

function toCue(cue: VttCue, { line, text }: WrittenCue, format: CaptionsFormat): Cue {
  return {
    start: cue.startTime,
    end: cue.endTime,
    settings: format === 'vtt' ? settingsOf(cue, line) : '',
    text: cleanCueText(text, format),
  };
}

const EDGES = new Set(['start', 'center', 'end']);
const ALIGNMENTS = new Set([...EDGES, 'left', 'right']);
const ANCHORS = new Set(['line-left', 'center', 'line-right', 'auto']);
const FURTHEST_LINE = 100;

function settingsOf(cue: VttCue, line: number): string {
  const { vertical, lineAlign, position, positionAlign, size, align } = cue;
  const isFine =
    EDGES.has(lineAlign) &&
    ALIGNMENTS.has(align) &&
    ANCHORS.has(positionAlign) &&
    (cue.line === 'auto' || Math.abs(cue.line) <= FURTHEST_LINE);
  if (!isFine) throw new CaptionsMistake(line, 'A setting of the cue has no such value.');
  const edge = lineAlign === 'start' ? '' : `,${lineAlign}`;
  const anchor = positionAlign === 'auto' ? '' : `,${positionAlign}`;
  return [
    vertical && `vertical:${vertical}`,
    cue.line !== 'auto' && `line:${cue.line}${cue.snapToLines ? '' : '%'}${edge}`,
    position !== 'auto' && `position:${position}%${anchor}`,
    size < 100 && `size:${size}%`,
    align !== 'center' && `align:${align}`,
  ]
    .filter(Boolean)
    .join(' ');
}
