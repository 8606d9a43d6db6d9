// One emoji has one spelling, however it was typed.
import { expect, test } from '@jest/globals';
import { normaliseReaction } from '../../src/posts/reaction-content.js';

test.each([
  ['❤', '❤'],
  ['❤️', '❤'],
  ['❤\uFE0E', '❤'],
  ['👍', '👍'],
  ['👍🏽', '👍🏽'],
  ['☺', '☺️'],
  ['☺️', '☺️'],
  ['✌🏻', '✌🏻'],
  ['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦'],
  ['❤️‍🔥', '❤️‍🔥'],
  ['❤‍🔥', '❤️‍🔥'],
  ['🏳️‍🌈', '🏳️‍🌈'],
  ['🏳‍🌈', '🏳️‍🌈'],
  ['🇧🇷', '🇧🇷'],
  ['1️⃣', '1️⃣'],
  ['🏴󠁧󠁢󠁳󠁣󠁴󠁿', '🏴󠁧󠁢󠁳󠁣󠁴󠁿'],
])('%s is stored as %s', (written, stored) => {
  expect(normaliseReaction(written)).toBe(stored);
  expect(normaliseReaction(stored)).toBe(stored);
});

test.each(['', 'a', '1', '#', '*', '©x', '❤❤', '🇦', '🏽👍', '\u200d', '\uFE0F', ':heart:', '👍 '])(
  '%j is not one emoji',
  (written) => {
    expect(normaliseReaction(written)).toBeNull();
  },
);
