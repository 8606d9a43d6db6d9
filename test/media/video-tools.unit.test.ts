import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ensureFfmpeg, findVideoTools, openVideoTools } from '../../src/media/video-tools.js';
import { createLogger } from '../../src/platform/logger.js';

let bin: string;
let lines: string[];
beforeEach(() => {
  bin = mkdtempSync(path.join(tmpdir(), 'triptych-bin-'));
  lines = [];
});
afterEach(() => rmSync(bin, { recursive: true, force: true }));

function program(name: string, script: string): string {
  const file = path.join(bin, name);
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
  return file;
}

const answer = (name: string, version: string) =>
  `echo "${name} version ${version} Copyright (c) the FFmpeg developers"`;

function both(version: string): void {
  program('ffmpeg', answer('ffmpeg', version));
  program('ffprobe', answer('ffprobe', version));
}

/** An apt-get that records its arguments; `install` fails until the lists are fresh if `needsUpdate`. */
function aptGet(options: { needsUpdate?: boolean; broken?: boolean } = {}): void {
  const made = ['ffmpeg', 'ffprobe'].map((name) => {
    const source = program(`${name}.package`, answer(name, '5.1.9-0+deb12u1'));
    return `/bin/cp ${source} ${bin}/${name}`;
  });
  program(
    'apt-get',
    [
      `echo "$DEBIAN_FRONTEND $@" >> ${bin}/calls`,
      ...(options.broken ? ['exit 100'] : []),
      `if [ "$1" = update ]; then : > ${bin}/lists; exit 0; fi`,
      ...(options.needsUpdate ? [`[ -e ${bin}/lists ] || exit 100`] : []),
      ...made,
    ].join('\n'),
  );
}

const calls = () =>
  existsSync(path.join(bin, 'calls'))
    ? readFileSync(path.join(bin, 'calls'), 'utf8').trim().split('\n')
    : [];
const INSTALL = 'noninteractive install -y --no-install-recommends ffmpeg';

function options(isRoot: boolean, paths: { ffmpegPath?: string; ffprobePath?: string } = {}) {
  const log = createLogger(
    { level: 'trace', format: 'json' },
    { write: (line) => void lines.push(JSON.parse(line).msg) },
  );
  return { ffmpegPath: null, ffprobePath: null, ...paths, environment: { PATH: bin }, isRoot, log };
}

describe('finding', () => {
  test('the real ffmpeg of this machine is found, with its version', async () => {
    const search = await findVideoTools({
      ffmpegPath: null,
      ffprobePath: null,
      environment: { PATH: '/usr/bin:/usr/local/bin' },
    });
    expect(search).toMatchObject({
      found: true,
      binaries: {
        ffprobePath: expect.stringMatching(/\/ffprobe$/),
        version: expect.stringMatching(/^\d+\.\d+/),
      },
    });
  });

  test.each(['5.1', '5.1.9-0+deb12u1', 'n7.1', '8.0.2', '10.0'])(
    'version %s will do',
    async (version) => {
      both(version);
      expect(await ensureFfmpeg(options(false))).toMatchObject({
        version,
        ffmpegPath: path.join(bin, 'ffmpeg'),
      });
      expect(lines).toEqual([]);
    },
  );

  test.each(['4.4.2', '5.0.1', 'n4.9'])(
    'version %s is too old, and nothing is installed over it',
    async (version) => {
      both(version);
      aptGet();
      expect(await ensureFfmpeg(options(true))).toBeNull();
      expect(calls()).toEqual([]);
      expect(lines).toEqual([
        expect.stringContaining(`version ${version}; 5.1 or later is needed`),
      ]);
    },
  );

  test('a snapshot build is judged by its libavcodec', async () => {
    const snapshot = (codec: string) => {
      for (const name of ['ffmpeg', 'ffprobe'])
        program(name, `${answer(name, 'N-1-gabc')}\necho "libavcodec     ${codec}"`);
    };
    snapshot('58. 54.100');
    expect(await findVideoTools(options(false))).toMatchObject({ found: false, isAbsent: false });
    snapshot('59. 37.100');
    expect(await findVideoTools(options(false))).toMatchObject({ found: true });
  });

  test('configured paths win over PATH', async () => {
    both('4.0');
    const ffmpegPath = program('my-ffmpeg', answer('ffmpeg', '7.1.4'));
    const ffprobePath = program('my-ffprobe', answer('ffprobe', '7.1.4'));
    expect(await ensureFfmpeg(options(false, { ffmpegPath, ffprobePath }))).toEqual({
      ffmpegPath,
      ffprobePath,
      version: '7.1.4',
    });
  });

  test('a configured path that is wrong is named, even if PATH has another one', async () => {
    both('7.1');
    aptGet();
    expect(await ensureFfmpeg(options(true, { ffmpegPath: '/nowhere/ffmpeg' }))).toBeNull();
    expect(lines).toEqual([
      expect.stringContaining('FFMPEG_PATH=/nowhere/ffmpeg is not an executable file'),
    ]);
    expect(calls()).toEqual([]);
  });

  test('something that does not answer like ffmpeg is refused', async () => {
    both('7.1');
    program('ffprobe', 'echo hello');
    expect(await findVideoTools(options(false))).toMatchObject({
      found: false,
      reason: expect.stringContaining('does not answer like ffprobe'),
    });
  });
});

describe('missing', () => {
  test('without root nothing is installed, and the one command to run is named', async () => {
    aptGet();
    expect(await ensureFfmpeg(options(false))).toBeNull();
    expect(calls()).toEqual([]);
    expect(lines).toEqual([
      'Video is switched off: ffmpeg is not installed. To switch it on, install ffmpeg with: sudo apt-get install -y --no-install-recommends ffmpeg',
    ]);
  });

  test('as root without apt-get nothing is tried', async () => {
    program('brew', 'exit 1');
    expect(await ensureFfmpeg(options(true))).toBeNull();
    expect(lines).toEqual([expect.stringContaining('install ffmpeg with: brew install ffmpeg')]);
  });

  test('as root on Debian the package is installed, and that is said before and after', async () => {
    aptGet();
    expect(await ensureFfmpeg(options(true))).toMatchObject({ version: '5.1.9-0+deb12u1' });
    expect(calls()).toEqual([INSTALL]);
    expect(lines).toEqual([
      expect.stringContaining(
        'Installing it now as root (apt-get install -y --no-install-recommends ffmpeg)',
      ),
      'ffmpeg is installed; video is switched on.',
    ]);
  });

  test('package lists are fetched only when the package is not found without', async () => {
    aptGet({ needsUpdate: true });
    expect(await ensureFfmpeg(options(true))).not.toBeNull();
    expect(calls()).toEqual([INSTALL, 'noninteractive update', INSTALL]);
  });

  test('a failing apt-get leaves video off and names the command', async () => {
    aptGet({ broken: true });
    expect(await ensureFfmpeg(options(true))).toBeNull();
    expect(lines.at(-1)).toContain('sudo apt-get install');
  });

  test('the start does not wait: video is off first and on when apt-get is done', async () => {
    aptGet();
    const tools = openVideoTools(options(true));
    expect(tools.current()).toBeNull();
    const settled = await tools.settled;
    expect(settled).not.toBeNull();
    expect(tools.current()).toBe(settled);
  });
});
