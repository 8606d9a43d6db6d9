// What counts as a picture among what other servers attach.
import { expect, test } from '@jest/globals';
import { readPicture } from '../../src/federation/internal/read-picture.js';

const typeOf = (mediaType: unknown, url = 'https://pics.test/1'): string | null =>
  readPicture({ type: 'Document', mediaType, url })?.mimeType ?? null;

test.each([
  ['image/jpeg', 'image/jpeg'],
  ['image/jpg', 'image/jpeg'],
  ['image/JPEG', 'image/jpeg'],
  ['image/png; charset=binary', 'image/png'],
  ['image/avif', 'image/avif'],
  ['image/svg+xml', null],
  ['text/html', null],
  ['', null],
  [null, null],
  [7, null],
])('what is called %j is %j', (mediaType, type) => {
  expect(typeOf(mediaType)).toBe(type);
});

test('what is called nothing is what its address ends in', () => {
  expect(typeOf(undefined, 'https://pics.test/1.JPG?x=1')).toBe('image/jpeg');
  expect(typeOf('', 'https://pics.test/1.webp')).toBe('image/webp');
  expect(typeOf(undefined, 'https://pics.test/1.mp4')).toBeNull();
});

test.each([
  ['Image', 'image/jpeg'],
  [['Object', 'Image'], 'image/jpeg'],
  ['Video', null],
  [undefined, null],
  [{ toString: null }, null],
])('what is of type %j is %j', (type, mimeType) => {
  const picture = readPicture({ type, mediaType: 'image/jpeg', url: 'https://pics.test/1' });
  expect(picture?.mimeType ?? null).toBe(mimeType);
});
