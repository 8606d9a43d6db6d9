// A worker that is killed in the middle of a video: the real process, with no chance to say goodbye.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { clip } from '../support/clips.js';
import { freshDatabase } from '../support/database.js';
import { startServerProcess, type ServerProcess } from '../support/server-process.js';

const REGISTER = `mutation { registerAccount(input: { username: "ada", email: "ada@people.example",
  password: "orange kite over water", birthDate: "1990-05-01", agreedToRules: true }) { token } }`;
const CREATE = `mutation ($size: BigInt!) { createUpload(input: { purpose: POST, fileName: "a.mp4", mimeType: "video/mp4",
  sizeBytes: $size }) { ticket { uploadUrl media { id } } } }`;
const CANCEL = 'mutation ($id: ID!) { cancelUpload(input: { mediaId: $id }) { cancelledMediaId } }';
const STATE = `query ($id: ID!) { node(id: $id) { ... on VideoMedia { state isGrowing durationMs sources { url mimeType } } } }`;

interface Video {
  readonly state: string;
  readonly isGrowing: boolean;
  readonly durationMs: number | null;
  readonly sources: readonly { url: string; mimeType: string }[];
}

test('M11 a worker killed in mid-transcode leaves no process, no file and no half of a video; the next one makes it whole', async () => {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const environment = {
    DATABASE_URL: database.url,
    DATA_DIR: dataDirectory,
    PUBLIC_URL: 'https://a.example',
  };
  const film = await clip({
    width: 720,
    height: 1280,
    seconds: 6,
    options: ['-b:v', '9M', '-minrate', '9M'],
  });
  const first = await startServerProcess(environment);
  const { registerAccount } = await first.graphql<{ registerAccount: { token: string } }>(REGISTER);
  const { token } = registerAccount;
  const { createUpload } = await first.graphql<{
    createUpload: { ticket: { uploadUrl: string; media: { id: string } } };
  }>(CREATE, { size: String(film.length) }, token);
  const { uploadUrl, media } = createUpload.ticket;
  const show = async (server: ServerProcess): Promise<Video> =>
    (await server.graphql<{ node: Video }>(STATE, { id: media.id }, token)).node;
  await fetch(first.origin + new URL(uploadUrl).pathname, {
    method: 'PUT',
    body: new Uint8Array(film),
  });
  // Held, so that it is not done before the kill, however busy the machine is.
  for (const pid of await encoding(dataDirectory)) process.kill(Number(pid), 'SIGSTOP');
  expect(await show(first)).toMatchObject({ state: 'PROCESSING', sources: [] });
  await first.kill();
  while ((await encoders(dataDirectory)).length > 0) await delay(20);

  const second = stack.use(await startServerProcess(environment));
  let video = await show(second);
  while (video.state !== 'READY' || video.isGrowing) {
    if (video.state === 'PROCESSING') expect(video.sources).toEqual([]);
    await delay(100);
    video = await show(second);
  }
  expect(video.sources.map(({ mimeType }) => mimeType)).toEqual([
    'application/vnd.apple.mpegurl',
    'video/mp4',
  ]);
  const master = await fetch(video.sources[0]!.url.replace('https://a.example', second.origin));
  expect((await master.text()).match(/RESOLUTION=/g)).toHaveLength(2);
  await second.stop();
  expect(await readdir(path.join(dataDirectory, 'work'))).toEqual([]);

  // Addresses that one process has signed are those of every other one.
  const third = stack.use(await startServerProcess(environment));
  expect(await playedRanges(third, video.sources[0]!.url)).toBeGreaterThan(9);
});

/** Fetches every range of every stream of a playlist, as a player does; how many there were. */
async function playedRanges({ origin }: ServerProcess, address: string): Promise<number> {
  const reach = (url: string): string => url.replace('https://a.example', origin);
  const text = async (url: string): Promise<string> => (await fetch(reach(url))).text();
  const master = await text(address);
  const names = [...master.matchAll(/^(hls-.*)$|URI="([^"]+)"/gm)].map(
    (match) => match[1] ?? match[2]!,
  );
  let count = 0;
  for (const name of names) {
    const url = new URL(name, address).href;
    const playlist = await text(url);
    const file = new URL(/URI="([^"]+)"/.exec(playlist)![1]!, url).href;
    for (const [, bytes, start] of playlist.matchAll(/BYTERANGE[:=]"?(\d+)@(\d+)/g)) {
      const range = `bytes=${start}-${Number(start) + Number(bytes) - 1}`;
      const part = await fetch(reach(file), { headers: { range } });
      expect([part.status, (await part.arrayBuffer()).byteLength]).toEqual([206, Number(bytes)]);
      count += 1;
    }
  }
  return count;
}

test('M12 a video that is given up in mid-transcode ends its ffmpeg at once and leaves no file', async () => {
  await using stack = new AsyncDisposableStack();
  const database = stack.use(await freshDatabase());
  const dataDirectory = await mkdtemp(path.join(tmpdir(), 'triptych-'));
  stack.defer(() => rm(dataDirectory, { recursive: true, force: true }));
  const server = stack.use(
    await startServerProcess({
      DATABASE_URL: database.url,
      DATA_DIR: dataDirectory,
      PUBLIC_URL: 'https://a.example',
    }),
  );
  // Longer than any test waits for its ffmpeg to end by itself.
  const film = await clip({
    width: 720,
    height: 1280,
    seconds: 60,
    options: ['-b:v', '9M'],
  });
  const { registerAccount } = await server.graphql<{ registerAccount: { token: string } }>(
    REGISTER,
  );
  const { token } = registerAccount;
  const { createUpload } = await server.graphql<{
    createUpload: { ticket: { uploadUrl: string; media: { id: string } } };
  }>(CREATE, { size: String(film.length) }, token);
  const { uploadUrl, media } = createUpload.ticket;
  await fetch(server.origin + new URL(uploadUrl).pathname, {
    method: 'PUT',
    body: new Uint8Array(film),
  });
  await encoding(dataDirectory);
  await server.graphql(CANCEL, { id: media.id }, token);
  while ((await encoders(dataDirectory)).length > 0) await delay(20);
  while ((await filesBelow(dataDirectory, ['work', 'media'])).length > 0) await delay(50);
  const shown = await server.graphql<{ node: Video | null }>(STATE, { id: media.id }, token);
  expect(shown.node).toBeNull();
});

/** Files in these directories of a server, without the launchers that it keeps as long as it lives. */
async function filesBelow(directory: string, names: readonly string[]): Promise<string[]> {
  const found = names.map(async (name) => {
    const below = path.join(directory, name);
    const entries = await readdir(below, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile()).map(({ name: file }) => file);
    return files.filter((file) => file !== 'ffmpeg' && file !== 'ffprobe');
  });
  return (await Promise.all(found)).flat();
}

/** As `encoders`, once there are any. */
async function encoding(directory: string): Promise<string[]> {
  for (;;) {
    const found = await encoders(directory);
    if (found.length > 0) return found;
    await delay(20);
  }
}

/** Processes of ffmpeg that work below a directory. */
async function encoders(directory: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const words = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (/ffmpeg\0/.test(words) && words.includes(directory) && words.includes('.m3u8'))
      found.push(pid);
  }
  return found;
}
