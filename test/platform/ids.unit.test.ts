import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { firstIdAt, newId, parseGlobalId, toGlobalId } from '../../src/platform/ids.js';

test.each([
  ['00000000-0000-0000-0000-000000000000', 'post_00000000000000000000000000'],
  ['ffffffff-ffff-ffff-ffff-ffffffffffff', 'post_7zzzzzzzzzzzzzzzzzzzzzzzzz'],
  ['01a21098-41fd-7b91-91fe-831f2b579cee', 'post_01m889ggfxfe8s3zm33wnnf77e'],
  ['00000000-0000-0000-0000-000000000021', 'post_00000000000000000000000011'],
])('%s is shown as %s', (id, globalId) => {
  expect(toGlobalId('post', id)).toBe(globalId);
});

test('every id comes back from its opaque form', () => {
  fc.assert(
    fc.property(fc.uuid(), (id) => {
      expect(parseGlobalId(toGlobalId('post', id))).toEqual({ kind: 'post', id });
    }),
  );
});

test.each([
  ['without a kind', '01m889ggfxfe8s3zm33wnnf77e'],
  ['with nothing before the line', '_01m889ggfxfe8s3zm33wnnf77e'],
  ['in capitals', 'post_01M889GGFXFE8S3ZM33WNNF77E'],
  ['a symbol short', 'post_01m889ggfxfe8s3zm33wnnf77'],
  ['a symbol long', 'post_01m889ggfxfe8s3zm33wnnf77ee'],
  ['with more than 128 bits', 'post_80000000000000000000000000'],
  ['of other letters', 'post_01m889ggfxfe8s3zm33wnnf77é'],
  ['with a line after it', 'post_01m889ggfxfe8s3zm33wnnf77e\n'],
  ...[...'ilou'].map((letter) => [`with ${letter}`, `post_01m889ggfxfe8s3zm33wnnf77${letter}`]),
])('an id %s is none', (_what, globalId) => {
  expect(parseGlobalId(globalId)).toBeNull();
});

test('the first id of an instant stands below all others of it, also beyond the years that ids have', () => {
  const now = new Date();
  expect(firstIdAt(now) < newId(now)).toBe(true);
  expect(newId(new Date(now.getTime() - 1)) < firstIdAt(now)).toBe(true);
  expect(firstIdAt(new Date('0001-01-01T00:00:00Z'))).toMatch(/^00000000-0000-0/);
  expect(firstIdAt(new Date(8.64e15))).toMatch(/^ffffffff-ffff-0/);
});
