// Which texts show nothing.
import { expect, test } from '@jest/globals';
import { isBlank } from '../../src/platform/blank-text.js';

test.each([
  '',
  ' \n\t\u00a0\u3000',
  '\u200b\u200c\u200d\u2060\ufeff',
  '\u00ad',
  '\u3164\u115f\uffa0',
  '\u200e\u202e\u2066\u2069',
  '\ufe0f',
  '\u2800',
  '\u{e0001}\u{e007f}',
])('%j shows nothing', (text) => {
  expect(isBlank(text)).toBe(true);
});

test.each(['.', 'می‌خواهم', '\u0301', '❤️', '👩‍🚀', '\u0600', '\u{1f3f4}\u{e0067}\u{e007f}', '-'])(
  '%j shows something',
  (text) => {
    expect(isBlank(text)).toBe(false);
  },
);
