// How videos are served from the file system: ranges, playlists, signatures inside of private ones, and other origins.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { hlsFiles, storeVideo } from '../support/hls.js';
import { startWorld, type Person, type World } from '../support/world.js';

let world: World;
let ada: Person;
let files: Awaited<ReturnType<typeof hlsFiles>>;

beforeAll(async () => {
  files = await hlsFiles();
  world = await startWorld();
  ada = await world.local('ada');
});

afterAll(() => world[Symbol.asyncDispose]());

const SOURCES = `query ($id: ID!) { node(id: $id) { ... on VideoMedia {
  sources { url mimeType width height sizeBytes } } } }`;

interface Source {
  readonly url: string;
  readonly mimeType: string;
}

/** Address of its playlist, as its owner is given it. */
async function playlistOf(id: string): Promise<string> {
  const { data } = await ada.graphql<{ node: { sources: Source[] } }>(SOURCES, { id });
  return world.reach(data.node.sources[0]!.url);
}

const bytesOf = async (answer: Response): Promise<Buffer> =>
  Buffer.from(await answer.arrayBuffer());

/** Whether these are the bytes: `toEqual` takes seconds for as many. */
const has = async (answer: Response, bytes: Buffer): Promise<boolean> =>
  (await bytesOf(answer)).equals(bytes);

/** Every address in a playlist, absolute. */
const addressesIn = (playlist: string, base: string): string[] =>
  playlist
    .split('\n')
    .flatMap((line) => [/URI="([^"]+)"/.exec(line)?.[1] ?? (/^[^#]/.test(line) ? line : '')])
    .filter((address) => address !== '')
    .map((address) => new URL(address, base).href);

test('a video has its playlist and its file as sources', async () => {
  const { globalId } = await storeVideo(world.services, ada.actorId, 'PUBLIC');
  const { data } = await ada.graphql(SOURCES, { id: globalId });
  const base = `https://a.example/media/${globalId}`;
  expect(data['node']).toEqual({
    sources: [
      {
        url: `${base}/hls.m3u8`,
        mimeType: 'application/vnd.apple.mpegurl',
        width: null,
        height: null,
        sizeBytes: null,
      },
      {
        url: `${base}/mp4.mp4`,
        mimeType: 'video/mp4',
        width: 180,
        height: 320,
        sizeBytes: String(files.get('mp4.mp4')!.bytes.length),
      },
    ],
  });
});

test('M14 a file is served whole, by one range, by its head, or not again', async () => {
  const { globalId } = await storeVideo(world.services, ada.actorId, 'PUBLIC');
  const url = `${world.origin}/media/${globalId}/video-720.mp4`;
  const { bytes } = files.get('video-720.mp4')!;
  const whole = await fetch(url);
  expect(await has(whole, bytes)).toBe(true);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'content-type': 'video/mp4',
    'accept-ranges': 'bytes',
    'content-length': String(bytes.length),
    'cache-control': 'public, max-age=86400, immutable',
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'cross-origin',
  });
  const etag = whole.headers.get('etag')!;
  const part = (range: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { headers: { range, ...headers } });
  const middle = await part('bytes=100000-150000');
  expect([middle.status, middle.headers.get('content-range')]).toEqual([
    206,
    `bytes 100000-150000/${bytes.length}`,
  ]);
  expect(await has(middle, bytes.subarray(100_000, 150_001))).toBe(true);
  expect(await has(await part('bytes=-10'), bytes.subarray(-10))).toBe(true);
  const more = await part(`bytes=-${bytes.length + 1}`);
  expect([more.status, more.headers.get('content-range'), await has(more, bytes)]).toEqual([
    206,
    `bytes 0-${bytes.length - 1}/${bytes.length}`,
    true,
  ]);
  expect((await part('bytes=-0')).status).toBe(416);
  expect(await has(await part(`bytes=${bytes.length - 1}-`), bytes.subarray(-1))).toBe(true);
  const beyond = await part(`bytes=${bytes.length}-`);
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([
    416,
    `bytes */${bytes.length}`,
  ]);
  expect((await part('bytes=5-1')).status).toBe(416);
  for (const same of [
    await part('bytes=0-1', { 'if-range': '"other"' }),
    await part('bytes=0-1,5-6'),
    await part('lines=0-1'),
  ])
    expect([same.status, await has(same, bytes)]).toEqual([200, true]);
  expect((await part('bytes=0-1', { 'if-range': etag })).status).toBe(206);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
  // fetch itself would ask past caches, which is no question for what changed
  const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
  expect((await fetch(url, { headers })).status).toBe(304);
});

test.each([
  ['hls.m3u8', 'application/vnd.apple.mpegurl', 'public, max-age=60'],
  ['hls-480.m3u8', 'application/vnd.apple.mpegurl', 'public, max-age=60'],
  ['sprite-vtt.vtt', 'text/vtt', 'public, max-age=86400, immutable'],
])('%s is %s, cached %s, and as it was stored', async (file, type, caching) => {
  const { globalId } = await storeVideo(world.services, ada.actorId, 'PUBLIC');
  const answer = await fetch(`${world.origin}/media/${globalId}/${file}`);
  expect(answer.headers.get('content-type')).toBe(type);
  expect(answer.headers.get('cache-control')).toBe(caching);
  expect(await has(answer, files.get(file)!.bytes)).toBe(true);
});

test('a player on another origin may ask for ranges, and reads what they are of', async () => {
  const { globalId } = await storeVideo(world.services, ada.actorId, 'PUBLIC');
  const url = `${world.origin}/media/${globalId}/video-480.mp4`;
  const origin = 'https://player.example';
  const preflight = await fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': 'GET',
      'access-control-request-headers': 'range',
    },
  });
  expect(preflight.status).toBe(204);
  expect(preflight.headers.get('access-control-allow-headers')).toBe('range');
  const answer = await fetch(url, { headers: { origin, range: 'bytes=0-9' } });
  expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  const exposed = answer.headers.get('access-control-expose-headers')!.split(',');
  expect(exposed).toEqual(expect.arrayContaining(['Content-Range', 'Content-Length', 'ETag']));
  expect((await bytesOf(answer)).length).toBe(10);
});

test('M15 one signed address plays a whole private video, and no file of it is had without', async () => {
  const { globalId } = await storeVideo(world.services, ada.actorId, 'PRIVATE');
  for (const file of files.keys())
    expect((await fetch(`${world.origin}/media/${globalId}/${file}`)).status).toBe(404);
  const master = await playlistOf(globalId);
  const answer = await fetch(master);
  expect(answer.headers.get('content-type')).toBe('application/vnd.apple.mpegurl');
  expect(answer.headers.get('cache-control')).toBe('private, no-cache');
  const media = addressesIn(await answer.text(), master);
  expect(media).toHaveLength(4);
  const played = new Set<string>();
  for (const playlist of media) {
    const text = await (await fetch(playlist)).text();
    expect(text).toContain('#EXT-X-BYTERANGE:');
    for (const address of addressesIn(text, playlist)) played.add(address);
  }
  const names = [...played].map((address) => new URL(address).pathname.split('/').at(-1)!);
  expect(names.toSorted()).toEqual(['audio.mp4', 'video-480.mp4', 'video-720.mp4']);
  for (const address of played) {
    const file = new URL(address).pathname.split('/').at(-1)!;
    const range = await fetch(address, { headers: { range: 'bytes=100-199' } });
    expect([range.status, range.headers.get('cache-control')]).toEqual([
      206,
      'private, max-age=300',
    ]);
    expect(await has(range, files.get(file)!.bytes.subarray(100, 200))).toBe(true);
    const other = address.replace(/\/(?:video-)?(\w+)\.mp4/, '/hls-$1.m3u8');
    expect((await fetch(other)).status).toBe(404);
  }
});

test('M15 whoever began in the last minute of an address sees it to its end, and nothing grows from it', async () => {
  const { globalId } = await storeVideo(world.services, ada.actorId, 'PRIVATE');
  const master = await playlistOf(globalId);
  const endOf = (address: string): number => Number(new URL(address).searchParams.get('expires'));
  const secondsLeft = endOf(master) - world.clock.now().getTime() / 1000;
  const [early] = addressesIn(await (await fetch(master)).text(), master).slice(-2);
  expect(endOf(early!)).toBe(endOf(master));
  world.clock.advance(Math.floor(secondsLeft) - 5);
  const [level] = addressesIn(await (await fetch(master)).text(), master).slice(-2);
  const minutes = (endOf(level!) - endOf(master)) / 60;
  expect([minutes >= 10, minutes <= 20]).toEqual([true, true]);
  world.clock.advance(9 * 60);
  expect((await fetch(master)).status).toBe(404);
  const [file] = addressesIn(await (await fetch(level!)).text(), level!);
  expect(endOf(file!)).toBe(endOf(level!));
  expect((await fetch(file!, { headers: { range: 'bytes=0-9' } })).status).toBe(206);
  world.clock.advance(11 * 60);
  for (const ended of [level!, file!]) expect((await fetch(ended)).status).toBe(404);
});

test('a playlist of a private video is not sent again while its addresses are the same', async () => {
  const { globalId } = await storeVideo(world.services, ada.actorId, 'PRIVATE');
  const master = await playlistOf(globalId);
  const etag = (await fetch(master)).headers.get('etag')!;
  const again = (): Promise<Response> =>
    fetch(master, { headers: { 'if-none-match': etag, 'cache-control': 'max-age=0' } });
  expect((await again()).status).toBe(304);
  world.clock.advance(11 * 60);
  expect((await again()).status).toBe(304);
  world.clock.advance(38 * 60);
  expect((await again()).status).toBe(200);
  const head = await fetch(master, { method: 'HEAD' });
  expect([head.status, await head.text()]).toEqual([200, '']);
});

test('M15 no address inside of a playlist outlives what shows the video', async () => {
  const { mediaUrl } = await import('../../src/media/media-url.js');
  const { id } = await storeVideo(world.services, ada.actorId, 'PRIVATE');
  const linksEnd = new Date(world.clock.now().getTime() + 5 * 60_000);
  const media = { id, access: 'PRIVATE', linksEnd } as const;
  const hls = { name: 'hls', mimeType: 'application/vnd.apple.mpegurl' };
  const master = world.reach(mediaUrl(world.services, media, hls));
  const [level] = addressesIn(await (await fetch(master)).text(), master).slice(-1);
  const [file] = addressesIn(await (await fetch(level!)).text(), level!);
  expect((await fetch(file!)).status).toBe(200);
  for (const changed of [
    file!.replace(/until=\d+&/, ''),
    file!.replace(/until=\d+/, 'until=99999999999'),
  ])
    expect((await fetch(changed)).status).toBe(404);
  world.clock.advance(5 * 60 + 1);
  for (const ended of [master, level!, file!]) expect((await fetch(ended)).status).toBe(404);
});

test('the parts of a sprite sheet of a private video are signed, its captions are left as they are', async () => {
  const { signLines } = await import('../../src/media/http/serve-playlist.js');
  const cue = 'WEBVTT\n\n00:00.000 --> 00:01.000\nsprite.webp#xywh=0,0,90,160\n';
  expect(signLines(cue, (name) => `?of=${name}`)).toBe(
    cue.replace('sprite.webp#', 'sprite.webp?of=sprite#'),
  );
  for (const line of ['https://x.example/a.mp4', '../other/a.mp4', 'a b.mp4', '#EXTINF:2.0,'])
    expect(signLines(line, () => '?signed')).toBe(line);
});

test('M20 a video that was deleted or whose owner is suspended is gone with every file', async () => {
  const { id, globalId } = await storeVideo(world.services, ada.actorId, 'PUBLIC');
  const sam = await world.local('sam');
  const other = await storeVideo(world.services, sam.actorId, 'PUBLIC');
  await world.services.database.rows(
    statement('test.delete_video', 'update media set deleted_at = now() where id = $1'),
    [id],
  );
  await world.services.database.rows(
    statement('test.suspend_owner', `update actors set status = 'SUSPENDED' where id = $1`),
    [sam.actorId],
  );
  for (const file of files.keys())
    for (const gone of [globalId, other.globalId])
      expect((await fetch(`${world.origin}/media/${gone}/${file}`)).status).toBe(404);
});
