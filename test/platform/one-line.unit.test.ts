// Titles and names stand between other texts, and leave those as they are.
import { expect, test } from '@jest/globals';
import { oneLine } from '../../src/platform/one-line.js';

test.each([
  ['  A  walk\n in the\twood ', 'A walk in the wood'],
  ['gpj.\u202Eexe', 'gpj. exe'],
  ['one\u2066 two\u2069', 'one two'],
  ['\u202A\u200D\u2069', ''],
  ['שלום \u200Fx', 'שלום \u200Fx'],
  ['👩\u200D🚀', '👩\u200D🚀'],
])('%j is read as %j', (written, line) => {
  expect(oneLine(written)).toBe(line);
});
