// What is believed of what other servers say about their videos.
import { expect, test } from '@jest/globals';
import { readVideo } from '../../src/federation/internal/read-video.js';

const LINK = { type: 'Link', mediaType: 'video/mp4', href: 'https://tube.test/1.mp4' };

test.each([
  ['PT12S', 12_000],
  ['P24DT20H31M23.647S', 2 ** 31 - 1],
  ['P24DT20H31M23.648S', null],
  ['P30DT0S', null],
  ['PT0S', null],
  ['PT-1S', null],
  ['12', null],
])('a duration of %s is %s ms', (duration, ms) => {
  expect(readVideo({ type: 'Video', url: [LINK], duration })?.durationMs).toBe(ms);
});

test('the name of captions is cut between characters', () => {
  const captions = (name: string) => ({
    type: 'Video',
    url: [LINK],
    subtitleLanguage: [{ identifier: 'en', name, url: 'https://tube.test/en.vtt' }],
  });
  const label = (name: string): string | null => readVideo(captions(name))!.captions[0]!.label;
  expect(label(`${'x'.repeat(98)}🎬🎬`)).toBe(`${'x'.repeat(98)}🎬`);
  expect(label(`${'x'.repeat(99)}🎬`)).toBe('x'.repeat(99));
});
