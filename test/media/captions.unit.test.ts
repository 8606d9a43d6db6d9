// Captions as people and machines write them: what is read, what is cleaned, and which line is named when it is wrong.
import { describe, expect, test } from '@jest/globals';
import { readCaptions } from '../../src/media/internal/captions/read-captions.js';
import { writeWebVtt } from '../../src/media/internal/captions/write-web-vtt.js';

async function normalised(text: string, seconds: number | null = null): Promise<string> {
  return writeWebVtt(await readCaptions(text, seconds));
}

async function mistakeIn(text: string, seconds: number | null = null): Promise<unknown> {
  try {
    return await normalised(text, seconds);
  } catch (error) {
    const { line, reason } = error as { line: number; reason: string };
    return { line, reason };
  }
}

const cue = (text: string): string => `WEBVTT\n\n00:01.000 --> 00:02.000\n${text}\n`;

/** The text that remains of one cue. */
async function kept(text: string): Promise<string> {
  return (await normalised(cue(text))).split('\n').slice(3, -1).join('\n');
}

test('a file of WebVTT is written as itself', async () => {
  const file = [
    'WEBVTT\n',
    '00:00:01.000 --> 00:00:02.500 line:0 position:10%,line-left align:start',
    '<v Ada>It <i>moves</i>, &amp; turns.</v>',
    'Twice.\n',
    '01:00:03.000 --> 01:00:04.000',
    '<c.yellow.bg_blue>Look</c>\n',
  ].join('\n');
  expect(await normalised(file)).toBe(file);
});

test('M19 comments, styles, regions, headers and ids are left out, and cues come in order', async () => {
  const file = `\uFEFFWEBVTT - of a journey
Kind: captions
X-TIMESTAMP-MAP=MPEGTS:1

STYLE
::cue { background: url(https://tracker.example/x.png) }

REGION
id:fred width:40%

NOTE
--
a remark

second
00:05.5 --> 00:06.000 region:fred
Later.

first
00:01.000 --> 00:02.000 vertical:rl size:50%
Sooner.
`;
  expect(await normalised(file)).toBe(`WEBVTT

00:00:01.000 --> 00:00:02.000 vertical:rl size:50%
Sooner.

00:00:05.500 --> 00:00:06.000
Later.
`);
});

test('SubRip becomes WebVTT', async () => {
  const file = `1\r
00:00:01,000 --> 00:00:02,000\r
<font color="#ffff00">{\\an8}<I>Hi</I> & welcome</font>\r
I <3 you\r
\r
2\r
00:00:03,500 --> 00:00:04,000 X1:10 X2:20\r
Bye.\r
`;
  expect(await normalised(file)).toBe(`WEBVTT

00:00:01.000 --> 00:00:02.000
<i>Hi</i> &amp; welcome
I &lt;3 you

00:00:03.500 --> 00:00:04.000
Bye.
`);
});

describe('M19 what a cue may not hold is gone', () => {
  test.each([
    ['<script>alert(1)</script>', 'alert(1)'],
    ['<img src=x onerror="alert(1)">Hi', 'Hi'],
    ['a < b > c', 'a &lt; b &gt; c'],
    ['<b>never <i>closed', '<b>never <i>closed</i></b>'],
    ['<v <b>Eve</b>>Hi</v>', '&lt;v <b>Eve</b>&gt;Hi'],
    ['<v Eve "onload=x">Hi</v>', '<v Eve "onload=x">Hi</v>'],
    ['<00:01.500>time <c.evil.lime>within</c>', 'time <c.lime>within</c>'],
    ['line: this is no setting', 'line: this is no setting'],
    ['\u0007bell \u0085next', 'bell next'],
    ['a &lrm;b&copy;', 'a \u200Eb&amp;copy;'],
    ['<lang en-GB>colour</lang>', '<lang en-GB>colour</lang>'],
    ['first\n<script></script>\nthird', 'first\nthird'],
  ])('%j', async (given, expected) => {
    expect(await kept(given)).toBe(expected);
  });

  test('tags within tags without end', async () => {
    expect(await kept('<b>'.repeat(600))).toBe(`${'<b>'.repeat(600)}${'</b>'.repeat(600)}`);
  });
});

describe('the line of a mistake is named', () => {
  const two = 'WEBVTT\n\n00:01.000 --> 00:02.000\nFine.\n\n';
  test.each([
    ['nothing at all', '', 1],
    ['another kind of text', 'Hello,\nworld', 1],
    ['a picture', '\x89PNG\r\n\x1a\n'.repeat(3), 1],
    ['a header without an end', 'WEBVTT\n00:01.000 --> 00:02.000\nHi', 2],
    ['a word that begins alike', 'WEBVTTX\n\n', 1],
    ['no cue', 'WEBVTT\n\nNOTE nothing here\n', 1],
    ['cues without text', 'WEBVTT\n\n00:01.000 --> 00:02.000\n<script></script>\n', 1],
    ['a text without times', `${two}Lonely.`, 6],
    ['minutes over 59', `${two}60:01.000 --> 61:00.000\nx`, 6],
    ['a comma for a point', `${two}00:01,000 --> 00:02.000\nx`, 6],
    ['no blank after the arrow', `${two}id\n00:03.000 --> \nx`, 7],
    ['an end before the beginning', `${two}00:03.000 --> 00:03.000\nx`, 6],
    ['two cues in one', `${two}00:03.000 --> 00:04.000\nx\n00:05.000 --> 00:06.000\ny`, 8],
    ['a value that no setting has', `${two}00:03.000 --> 00:04.000 align:middle\nx`, 6],
    ['a value with something before it', `${two}00:03.000 --> 00:04.000 align:xcenter\nx`, 6],
    ['a line far away', `${two}00:03.000 --> 00:04.000 line:1e300\nx`, 6],
    ['too many settings', `${two}00:03.000 --> 00:04.000 ${'a:b '.repeat(100)}\nx`, 6],
    ['blanks without end', `${two}${' '.repeat(100_000)}x${' '.repeat(100_000)}--> y\nx`, 6],
    ['a cue like a book', `${two}00:03.000 --> 00:04.000\n${'x'.repeat(2_001)}`, 6],
    ['lines without end', 'WEBVTT\n'.padEnd(60_000, '\n'), 40_001],
    ['SubRip with a wrong time', '1\n00:00:01,000 --> 00:00:0x,000\nx', 2],
  ])('%s', async (_, file, line) => {
    expect(await mistakeIn(file)).toEqual({ line, reason: expect.stringMatching(/\w.*\.$/) });
  });

  test('cues without end', async () => {
    const cues = '00:01.000 --> 00:02.000\nx\n\n'.repeat(5_001);
    expect(await mistakeIn(`WEBVTT\n\n${cues}`)).toMatchObject({ line: 15_003 });
  });

  test('captions of another, longer video', async () => {
    const file = `${two}01:00.000 --> 01:02.000\nx`;
    expect(await mistakeIn(file, 30)).toMatchObject({ line: 6 });
    expect(await mistakeIn(file, 60)).toMatch(/^WEBVTT/);
  });
});

test('names of properties are names', async () => {
  const file = `WEBVTT\n__proto__: x\n\n00:01.000 --> 00:02.000 region:__proto__ constructor:1\nHi`;
  expect(await normalised(file)).toBe('WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nHi\n');
});
