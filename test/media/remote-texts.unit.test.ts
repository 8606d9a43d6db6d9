// What is understood of another server's playlists, types and ranges, and what is left out.
import { expect, test } from '@jest/globals';
import { readAskedRange, readGivenRange } from '../../src/media/http/remote/byte-range.js';
import { rewritePlaylist } from '../../src/media/http/remote/rewrite-playlist.js';
import { withoutStyles } from '../../src/media/http/remote/serve-texts.js';
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
  ['a line that ends for some', '#EXTINF:2,\rhttps://evil.test/1.mp4'],
  ['a line that ends for scripts', '#EXTINF:2,\u2028https://evil.test/1.mp4'],
  ['a line that ends for old programs', '#EXTINF:2,\0https://evil.test/1.mp4'],
  ['a tag in a value', '#EXT-X-START:TIME-OFFSET=0#EXT-X-MAP:URI="https://evil.test/1.mp4"'],
  ['a tag in a title', '#EXTINF:2,#EXT-X-MEDIA:TYPE=AUDIO,URI="https://evil.test/a.m3u8"'],
  ['a value of a tag that has none', '#EXT-X-GAP:#EXT-X-MAP:URI="https://evil.test/1.mp4"'],
  ['a space before an attribute', '#EXT-X-MAP:BYTERANGE="1@0", URI="https://evil.test/1.mp4"'],
  ['a tab before an equals sign', '#EXT-X-MAP:URI\t="https://evil.test/1.mp4"'],
  ['an address without quotes', '#EXT-X-MAP:URI=https://evil.test/1.mp4'],
  ['two addresses', '#EXT-X-MAP:URI="1.mp4",URI="https://evil.test/1.mp4"'],
  [
    'a tag in a name',
    '#EXT-X-MEDIA:TYPE=AUDIO,NAME="#EXT-X-MEDIA:TYPE=AUDIO,URI=https://evil.test/"',
  ],
  [
    'an address beside a quality',
    '#EXT-X-STREAM-INF:BANDWIDTH=1,URI="https://evil.test/1.m3u8"\n1.m3u8',
  ],
])('a playlist leads nowhere else by %s', (_way, line) => {
  const passedOn = (): string[] => {
    try {
      return rewritten('#EXT-X-TARGETDURATION:2', line, '#EXTINF:2,', '1.mp4');
    } catch (error) {
      return [String(error)];
    }
  };
  const leads = passedOn().filter(
    (one) => /evil/.test(one) && !/^PlaylistRefused|^Error/.test(one),
  );
  // a name may say what it likes, where no player sees a tag in it
  expect(leads.filter((one) => one.lastIndexOf('#') !== 0 || !one.includes('NAME='))).toEqual([]);
});

test('short lines below a long address do not become a playlist that fills the memory', () => {
  const place = {
    base: `https://tube.test/${'%'.repeat(3_000)}/master.m3u8`,
    hosts: new Set(['tube.test']),
    addressOf: (_kind: string, url: string) => encodeURIComponent(url),
  };
  const lines = (count: number): string => `#EXTM3U\n${'#EXTINF:2,\na\n'.repeat(count)}`;
  expect(rewritePlaylist(lines(10), place).length).toBeGreaterThan(60_000);
  expect(() => rewritePlaylist(lines(14_000), place)).toThrow('More than 8388608 characters.');
  const longer = { ...place, base: `https://tube.test/${'x'.repeat(5_000)}/master.m3u8` };
  expect(() => rewritePlaylist(lines(1), longer)).toThrow('An address is too long.');
});

test.each(['\r', '\n', '\r\n'])('captions lose their styles, whatever ends a line: %j', (end) => {
  const written = [
    'WEBVTT',
    '',
    'STYLE\f',
    '::cue{background:url(//evil.test)}',
    '',
    '00:01.000 --> 00:02.000',
    'Hello',
  ];
  expect(withoutStyles(written.join(end))).toBe('WEBVTT\n\n00:01.000 --> 00:02.000\nHello');
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
