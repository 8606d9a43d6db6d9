// What is understood of another server's playlists, types and ranges, and what is left out.
import { expect, test } from '@jest/globals';
import { readAskedRange, readGivenRange } from '../../src/media/http/remote/byte-range.js';
import { rewritePlaylist } from '../../src/media/http/remote/rewrite-playlist.js';
import { sniffVideo } from '../../src/media/http/remote/sniff.js';

const BASE = 'https://tube.test/v/master.m3u8';

const rewritten = (...lines: string[]): string[] =>
  rewritePlaylist(['#EXTM3U', ...lines].join('\r\n'), {
    base: BASE,
    hosts: new Set(['tube.test', 'cdn.test:8443']),
    addressOf: (kind, url) => `${kind}(${url})`,
  })
    .split('\n')
    .slice(1, -1);

test('every address of a master playlist is one of a playlist here, and captions are left out', () => {
  expect(
    rewritten(
      '#EXT-X-VERSION:7',
      '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="URI=",URI="audio.m3u8"',
      '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="en",URI="https://elsewhere.test/en.m3u8"',
      '#EXT-X-STREAM-INF:BANDWIDTH=1,SUBTITLES="s",AUDIO="a",CLOSED-CAPTIONS=NONE',
      '../720.m3u8?token=1#part',
      '',
      '#EXT-X-I-FRAME-STREAM-INF:BANDWIDTH=1,URI="https://elsewhere.test/i.m3u8"',
      '#EXT-X-CONTENT-STEERING:SERVER-URI="https://elsewhere.test/s"',
      '#EXT-X-SESSION-DATA:DATA-ID="x",URI="https://elsewhere.test/x"',
    ),
  ).toEqual([
    '#EXT-X-VERSION:7',
    '#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="URI=",URI="playlist(https://tube.test/v/audio.m3u8)"',
    '#EXT-X-STREAM-INF:BANDWIDTH=1,AUDIO="a"',
    'playlist(https://tube.test/720.m3u8?token=1)',
  ]);
});

test('every address of a media playlist is one of a video here, and what is not known is left out', () => {
  expect(
    rewritten(
      '#EXT-X-TARGETDURATION:2',
      '#EXT-X-KEY:METHOD=NONE',
      '# a remark with https://elsewhere.test/',
      '#EXT-X-MAP:BYTERANGE="800@0",URI="https://cdn.test:8443/f.mp4"',
      '#EXT-X-DATERANGE:ID="1",X-ASSET-URI="https://elsewhere.test/"',
      '#EXTINF:2.0,',
      '#EXT-X-BYTERANGE:100@800',
      'https://cdn.test:8443/f.mp4',
      '#EXT-X-PRELOAD-HINT:TYPE=PART,URI="https://elsewhere.test/p"',
      '#EXT-X-ENDLIST',
    ),
  ).toEqual([
    '#EXT-X-TARGETDURATION:2',
    '#EXT-X-MAP:BYTERANGE="800@0",URI="video(https://cdn.test:8443/f.mp4)"',
    '#EXTINF:2.0,',
    '#EXT-X-BYTERANGE:100@800',
    'video(https://cdn.test:8443/f.mp4)',
    '#EXT-X-ENDLIST',
  ]);
});

test.each([
  ['\0\0\0\x18ftypisom....', 'video/mp4'],
  ['\0\0\0\x18stypmsdh....', 'video/mp4'],
  ['\0\0\0\x14ftypqt  ....', 'video/quicktime'],
  ['\0\0\0\x20ftypheic....', null],
  ['\x1a\x45\xdf\xa3........', 'video/webm'],
  ['OggS\0........', 'video/ogg'],
  [`G${'x'.repeat(187)}`.repeat(3), 'video/mp2t'],
  [`G${'x'.repeat(187)}`, null],
  ['ID3\x04........', 'audio/aac'],
  ['\xff\xf1\x50........', 'audio/aac'],
  ['\xff\xd8\xff\xe0........', null],
  ['<html>......', null],
  ['#EXTM3U.....', null],
  ['%PDF-1.7....', null],
  ['ftyp', null],
  ['', null],
])('%j is %s', (bytes, type) => {
  expect(sniffVideo(Buffer.from(bytes, 'latin1'))).toBe(type);
});

test.each([
  ['bytes=0-', { start: 0, end: null }],
  [' bytes=5-9 ', { start: 5, end: 9 }],
  ['bytes=-5', { start: null, end: 5 }],
  ['bytes=-', null],
  ['bytes=9-5', null],
  ['bytes=0-1,3-4', null],
  ['items=0-1', null],
  [`bytes=${'9'.repeat(16)}-`, null],
  [undefined, null],
])('of %j is asked %j', (header, range) => {
  expect(readAskedRange(header)).toEqual(range);
});

test.each([
  ['bytes=5-9', 'bytes 5-9/20', { start: 5, end: 9, size: 20 }],
  ['bytes=5-9', 'bytes 5-7/8', { start: 5, end: 7, size: 8 }],
  ['bytes=5-', 'bytes 5-19/*', { start: 5, end: 19, size: null }],
  ['bytes=-5', 'bytes 15-19/20', { start: 15, end: 19, size: 20 }],
  ['bytes=-5', 'bytes 14-19/20', null],
  ['bytes=-5', 'bytes 15-19/*', null],
  ['bytes=5-9', 'bytes 5-10/20', null],
  ['bytes=5-9', 'bytes 4-9/20', null],
  ['bytes=5-9', 'bytes 5-9/9', null],
  ['bytes=5-9', 'bytes */20', null],
  ['bytes=5-9', undefined, null],
])('asked for %j, %j is %j', (asked, given, range) => {
  expect(readGivenRange(given, readAskedRange(asked)!)).toEqual(range);
});
