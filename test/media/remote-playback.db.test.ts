// Videos of other servers are played through this one: what goes through, what does not, and whom the other one sees.
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { ByteBudget, REMOTE_BYTES } from '../../src/media/http/remote/byte-budget.js';
import { addRemoteVideo, type RemoteVideo } from '../../src/media/add-remote-video.js';
import type { MediaAccess } from '../../src/media/media.entity.js';
import { addressKey } from '../../src/platform/client-address.js';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId, toGlobalId, type Id } from '../../src/platform/ids.js';
import { saveRule } from '../support/domain-rules.js';
import { startFakePeer, type FakePeer, type PeerAnswer } from '../support/fake-peer.js';
import { meet, openNetwork, type FederatedNetwork } from '../support/federation.js';
import { fileAnswer, hlsFiles } from '../support/hls.js';
import { fromFreshAddress, type Person, type World } from '../support/world.js';

const PLAYLIST = 'application/vnd.apple.mpegurl';
const SUSPEND = statement(
  'test.remote_playback.suspend',
  `update actors set status = 'SUSPENDED' where id = $1`,
);
const DELETE = statement('test.delete', 'update media set deleted_at = now() where id = $1');

let stack: AsyncDisposableStack;
let network: FederatedNetwork;
let world: World;
let ada: Person;
let peer: FakePeer;
let alice: Id<'actor'>;
let files: Awaited<ReturnType<typeof hlsFiles>>;
/** What the peer answers instead of its files, by path. */
let instead: Record<string, PeerAnswer>;
let hosts = 0;

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  files = await hlsFiles();
  network = stack.use(openNetwork());
  world = await network.join('a.example');
  ada = await world.local('ada');
});

beforeEach(async () => {
  hosts += 1;
  peer = stack.use(await startFakePeer(network, `tube${hosts}.test`));
  peer.actor('alice');
  alice = parseGlobalId(await meet(ada, `alice@${peer.host}`))!.id as Id<'actor'>;
  instead = {};
  peer.answer((asked) => {
    if (instead[asked.path]) return instead[asked.path]!;
    const file = files.get(/^\/v\/(.+)$/.exec(asked.path)?.[1] ?? '');
    return file ? fileAnswer(asked, file, { etag: '"1"', 'set-cookie': 'viewer=7' }) : null;
  });
  peer.requests.length = 0;
});

afterAll(() => stack.disposeAsync().then(() => undefined));

interface Shown {
  readonly sources: { url: string; mimeType: string }[];
  readonly captions: { url: string }[];
}

/** A video of alice with these sources, which stand below /v. */
async function addVideo(
  sources: readonly string[],
  { access = 'PUBLIC', ...more }: Partial<RemoteVideo> & { access?: MediaAccess } = {},
): Promise<string> {
  const described = { mimeType: 'video/mp4', altText: null, blurhash: null, posterUrl: null };
  const video: RemoteVideo = {
    ...described,
    width: 180,
    height: 320,
    durationMs: 6_000,
    captions: [],
    sources: sources.map((file) => ({
      url: new URL(file, `${peer.origin}/v/`).href,
      width: null,
      height: null,
      mimeType: file.endsWith('m3u8') ? PLAYLIST : 'video/mp4',
      sizeBytes: null,
    })),
    ...more,
  };
  const owner = { ownerId: alice, access, purpose: 'POST' } as const;
  const now = world.clock.now();
  const id = await world.services.database.transaction((tx) =>
    addRemoteVideo(tx, now, owner, video),
  );
  return toGlobalId('media', id);
}

async function show(id: string): Promise<Shown> {
  const answer = await ada.graphql<{ node: Shown }>(
    'query ($id: ID!) { node(id: $id) { ... on VideoMedia { sources { url mimeType } captions { url } } } }',
    { id },
  );
  return answer.data.node;
}

/** The address here of the only source, as a test reaches it. */
async function sourceOf(...sources: readonly string[]): Promise<string> {
  return world.reach((await show(await addVideo(sources))).sources[0]!.url);
}

const bytesOf = async (answer: Response): Promise<Buffer> =>
  Buffer.from(await answer.arrayBuffer());

/** Whether these are the bytes: `toEqual` takes seconds for as many. */
const has = async (answer: Response, bytes: Buffer): Promise<boolean> =>
  (await bytesOf(answer)).equals(bytes);

async function textAt(url: string): Promise<string> {
  const answer = await fetch(world.reach(url));
  expect(answer.status).toBe(200);
  return answer.text();
}

const addressesIn = (playlist: string): string[] =>
  [...playlist.matchAll(/(?:^|URI=")(https?:[^"\n]+)/gm)].map(([, address]) => address!);

/** What the peer was asked for, once each. */
const asked = (): string[] => [...new Set(peer.requests.map(({ path }) => path))];

test('P06 a playlist, its qualities and its files are played from here, and the other server sees nobody', async () => {
  const { sources } = await show(await addVideo(['hls.m3u8', 'mp4.mp4']));
  expect(sources.map(({ mimeType }) => mimeType)).toEqual([PLAYLIST, 'video/mp4']);
  for (const { url } of sources)
    expect(url).toMatch(/^https:\/\/a\.example\/media\/[^/]+\/remote\//);
  expect(peer.requests).toEqual([]);
  const master = await textAt(sources[0]!.url);
  expect(master).toContain('RESOLUTION=180x320');
  expect(master.replaceAll(encodeURIComponent(peer.origin), '')).not.toContain(peer.host);
  const levels = addressesIn(master);
  expect(levels).toHaveLength(4);
  for (const level of levels) {
    const text = await textAt(level);
    expect(text).toContain('#EXT-X-BYTERANGE:');
    const inner = new Set(addressesIn(text));
    expect(inner.size).toBe(1);
    for (const address of inner) {
      const headers = {
        range: 'bytes=1000-1999',
        cookie: 'a=b',
        referer: 'https://viewer.example/',
        'x-forwarded-for': '203.0.113.7',
        'accept-language': 'fr',
        'user-agent': 'Viewer/1',
      };
      const part = await fetch(world.reach(address), { headers });
      expect(part.status).toBe(206);
      const file = new URL(new URL(address).searchParams.get('url')!).pathname.split('/').at(-1)!;
      expect(await has(part, files.get(file)!.bytes.subarray(1000, 2000))).toBe(true);
    }
  }
  expect(asked()).toHaveLength(7);
  for (const { headers } of peer.requests) {
    expect(headers['user-agent']).toBe('test/1');
    expect(JSON.stringify(headers)).not.toMatch(/viewer|203\.0\.113\.7|cookie|fr"/i);
  }
});

test('M14 a file is passed on whole, by one range, by its head, or not again', async () => {
  const url = await sourceOf('mp4.mp4');
  const { bytes } = files.get('mp4.mp4')!;
  const whole = await fetch(url);
  expect(await has(whole, bytes)).toBe(true);
  expect(Object.fromEntries(whole.headers)).toMatchObject({
    'content-type': 'video/mp4',
    'content-length': String(bytes.length),
    'accept-ranges': 'bytes',
    'content-security-policy': "default-src 'none'; sandbox",
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'access-control-allow-origin': '*',
  });
  expect(whole.headers.get('set-cookie')).toBeNull();
  const etag = whole.headers.get('etag')!;
  expect(etag).not.toBe('"1"');
  const part = (range: string, headers: Record<string, string> = {}): Promise<Response> =>
    fetch(url, { headers: { range, ...headers } });
  for (const [range, start, end] of [
    ['bytes=0-9', 0, 9],
    ['bytes=5000-5099', 5000, 5099],
    [`bytes=${bytes.length - 3}-`, bytes.length - 3, bytes.length - 1],
    ['bytes=-7', bytes.length - 7, bytes.length - 1],
  ] as const) {
    const answer = await part(range);
    expect([answer.status, answer.headers.get('content-range')]).toEqual([
      206,
      `bytes ${start}-${end}/${bytes.length}`,
    ]);
    expect(await has(answer, bytes.subarray(start, end + 1))).toBe(true);
  }
  const beyond = await part(`bytes=${bytes.length}-`);
  expect([beyond.status, beyond.headers.get('content-range')]).toEqual([
    416,
    `bytes */${bytes.length}`,
  ]);
  expect((await part('bytes=0-9', { 'if-range': etag })).status).toBe(206);
  for (const same of [
    await part('bytes=0-9', { 'if-range': '"other"' }),
    await part('bytes=0-9,20-29'),
  ])
    expect([same.status, await has(same, bytes)]).toEqual([200, true]);
  const again = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
  expect((await fetch(url, { headers: again })).status).toBe(304);
  const head = await fetch(url, { method: 'HEAD' });
  expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.length)]);
});

test('a server that knows no ranges is passed on whole', async () => {
  const url = await sourceOf('mp4.mp4');
  const { bytes } = files.get('mp4.mp4')!;
  instead['/v/mp4.mp4'] = { type: 'video/mp4', body: bytes };
  const answer = await fetch(url, { headers: { range: 'bytes=5-9' } });
  expect([answer.status, await has(answer, bytes)]).toEqual([200, true]);
});

test('M16 nothing is asked for without the signature, of another kind, of another video, or after its end', async () => {
  const url = await sourceOf('mp4.mp4');
  const other = await addVideo(['mp4.mp4']);
  const elsewhere = encodeURIComponent('https://elsewhere.test/v.mp4');
  for (const changed of [
    url.replace(/url=.*/, `url=${elsewhere}`),
    url.replace(/&signature=[^&]+/, ''),
    url.replace(/signature=(.)/, (_all, first) => `signature=${first === 'x' ? 'y' : 'x'}`),
    url.replace(/expires=\d+/, 'expires=99999999999'),
    url.replace('/remote/video', '/remote/playlist.m3u8'),
    url.replace('/remote/video', '/remote/other'),
    url.replace(/media\/[^/]+/, `media/${other}`),
    url.replace(/&url=.*/, ''),
    `${url}&url=${elsewhere}`,
  ])
    expect([changed, (await fetch(changed)).status]).toEqual([changed, 404]);
  expect(peer.requests).toEqual([]);
  world.clock.advance(3601);
  expect((await fetch(url)).status).toBe(404);
  expect(peer.requests).toEqual([]);
});

const HTML = '<!doctype html><script>alert(1)</script>'.padEnd(2_000, ' ');
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'.padEnd(2_000);

test.each([
  ['HTML', { type: 'text/html', body: HTML }],
  ['HTML that is called a video', { type: 'video/mp4', body: HTML }],
  ['SVG that is called a video', { type: 'video/mp4', body: SVG }],
  ['JSON', { type: 'application/json', body: '{"ftyp":1}' }],
  ['a picture in the same container', { type: 'video/mp4', body: avif() }],
  ['nothing', { type: 'video/mp4', body: '' }],
  ['a playlist', { type: 'video/mp4', body: '#EXTM3U\n' }],
  ['an error', { status: 403, type: 'video/mp4', body: 'no' }],
  [
    'something compressed',
    { type: 'video/mp4', headers: { 'content-encoding': 'gzip' }, body: 'x' },
  ],
  ['a redirect to this machine', redirect('https://127.0.0.2/v.mp4')],
  ['a redirect to another scheme', redirect('file:///etc/passwd')],
  ['redirects without end', redirect('/v/mp4.mp4')],
  ['several parts', { status: 206, type: 'multipart/byteranges; boundary=x', body: '--x' }],
] as [string, PeerAnswer][])('M16 %s is not passed on', async (_what, answer) => {
  const url = await sourceOf('mp4.mp4');
  instead['/v/mp4.mp4'] = answer;
  for (const range of [undefined, 'bytes=0-', 'bytes=1000-1100']) {
    const refused = await fetch(url, range === undefined ? {} : { headers: { range } });
    expect(refused.status).toBe(404);
    expect(refused.headers.get('content-type')).toMatch(/^application\/json/);
    expect(refused.headers.get('cache-control')).toBe('no-store');
    expect(await refused.text()).toContain('Not found.');
  }
});

function redirect(location: string): PeerAnswer {
  return { status: 302, headers: { location }, body: '' };
}

function part(range: string, body: string): PeerAnswer {
  return { status: 206, type: 'video/mp4', headers: { 'content-range': range }, body };
}

function avif(): Buffer {
  return Buffer.concat([Buffer.from('\0\0\0\x20ftypavif'), Buffer.alloc(1000)]);
}

test('M16 another range than the one that was asked for is not passed on', async () => {
  const url = await sourceOf('mp4.mp4');
  expect((await fetch(url, { headers: { range: 'bytes=0-99' } })).status).toBe(206);
  const body = files.get('mp4.mp4')!.bytes.subarray(0, 100);
  for (const range of ['bytes 0-99/50', 'bytes 5-104/1000', 'bytes 0-199/1000', 'bytes x', '']) {
    instead['/v/mp4.mp4'] = { ...part(range, ''), body };
    expect((await fetch(url, { headers: { range: 'bytes=0-99' } })).status).toBe(404);
  }
});

test.each([
  ['on a host that its author did not name', '#EXTINF:2,\nhttps://elsewhere.test/1.mp4\n'],
  ['without encryption on the way', '#EXTINF:2,\nhttp://tube.test/1.mp4\n'],
  ['on the disk', '#EXTINF:2,\nfile:///etc/passwd\n'],
  ['with a password', '#EXTINF:2,\nhttps://a:b@tube.test/1.mp4\n'],
  ['on this machine', '#EXT-X-MAP:URI="https://127.0.0.1/1.mp4"\n'],
  ['that is encrypted', '#EXT-X-KEY:METHOD=AES-128,URI="https://elsewhere.test/key"\n'],
  ['on a line without end', `${'x'.repeat(5_000)}\n`],
  ['of too many lines', '#EXT-X-GAP\n'.repeat(40_000)],
])('M16 a playlist that leads to something %s is not passed on', async (_what, lines) => {
  const url = await sourceOf('hls.m3u8');
  instead['/v/hls.m3u8'] = { type: PLAYLIST, body: `#EXTM3U\n${lines}` };
  expect((await fetch(url)).status).toBe(404);
});

test('M16 what is no playlist, or larger than one, is not passed on as one', async () => {
  const url = await sourceOf('hls.m3u8');
  for (const answer of [
    { type: 'text/html', body: '#EXTM3U\n' },
    { type: PLAYLIST, body: HTML },
    { type: PLAYLIST, body: `#EXTM3U\n${'#EXT-X-GAP\n'.repeat(300_000)}` },
  ]) {
    instead['/v/hls.m3u8'] = answer;
    expect((await fetch(url)).status).toBe(404);
  }
});

test('captions are passed on as WebVTT and nothing else, without styles', async () => {
  const tracks = ['en', 'html'].map((name) => ({
    url: `${peer.origin}/v/${name}.vtt`,
    language: 'en',
    label: null,
    isAutomatic: false,
  }));
  const text = 'WEBVTT\n\n00:00.000 --> 00:01.000\nHello\n';
  const style = '\nSTYLE\n::cue { background: url(https://elsewhere.test/x.png) }\n';
  instead['/v/en.vtt'] = { type: 'text/plain', body: text.replace('WEBVTT\n', `WEBVTT\n${style}`) };
  instead['/v/html.vtt'] = { type: 'text/vtt', body: HTML };
  const { captions } = await show(await addVideo(['mp4.mp4'], { captions: tracks }));
  const [good, bad] = await Promise.all(captions.map(({ url }) => fetch(world.reach(url))));
  expect([good!.status, good!.headers.get('content-type')]).toEqual([
    200,
    'text/vtt; charset=utf-8',
  ]);
  expect(await good!.text()).toBe(text);
  expect(bad!.status).toBe(404);
});

test('M15 a private video of another server is shown to nobody by its id alone', async () => {
  const id = await addVideo(['hls.m3u8'], { access: 'PRIVATE' });
  expect(await show(id)).toBeNull();
});

test('M20 what was deleted, whose author is suspended, or whose server is ruled out, is not there', async () => {
  const url = await sourceOf('mp4.mp4');
  const deleted = await addVideo(['mp4.mp4']);
  const gone = world.reach((await show(deleted)).sources[0]!.url);
  await world.services.database.rows(DELETE, [parseGlobalId(deleted)!.id]);
  expect((await fetch(gone)).status).toBe(404);
  expect((await fetch(url)).status).toBe(200);
  const admin = await world.admin();
  await saveRule(admin, peer.host, 'NONE', { rejectMedia: true });
  expect((await fetch(url)).status).toBe(404);
  await saveRule(admin, peer.host, 'NONE', { rejectMedia: false });
  expect((await fetch(url)).status).toBe(200);
  await world.services.database.rows(SUSPEND, [alice]);
  peer.requests.length = 0;
  expect((await fetch(url)).status).toBe(404);
  expect(peer.requests).toEqual([]);
});

test('a server of files that the staff has ruled out is not asked for a video of somebody else', async () => {
  const cdn = stack.use(await startFakePeer(network, `cdn${hosts}.test`));
  cdn.serve('/v.mp4', { type: 'video/mp4', body: files.get('mp4.mp4')!.bytes });
  const url = await sourceOf(`${cdn.origin}/v.mp4`);
  expect((await fetch(url)).status).toBe(200);
  await saveRule(await world.admin(), cdn.host, 'NONE', { rejectMedia: true });
  expect((await fetch(url)).status).toBe(404);
});

test('while the other server is down or busy a video is unavailable, and no cache remembers that', async () => {
  const url = await sourceOf('mp4.mp4');
  instead['/v/mp4.mp4'] = { status: 500, body: '' };
  const busy = await fetch(url);
  network.cut(peer.host);
  for (const answer of [busy, await fetch(url)]) {
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '10']);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  }
});

/** A server under the peer's name that answers by hand. */
async function byHand(): Promise<{ url: string; next: () => Promise<ServerResponse> }> {
  const waiting: ServerResponse[] = [];
  const server = createServer((_request, response) => {
    waiting.push(response);
    server.emit('came');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = await sourceOf('slow.mp4');
  network.name(peer.host, (server.address() as AddressInfo).port);
  const next = async (): Promise<ServerResponse> => {
    while (waiting.length === 0) await once(server, 'came');
    return waiting.shift()!;
  };
  return { url, next };
}

test('a viewer who leaves leaves the other server, before its headers and in the middle', async () => {
  const { url, next } = await byHand();
  const early = new AbortController();
  const asking = fetch(url, { signal: early.signal }).catch(() => 'left');
  const first = await next();
  const closed = once(first, 'close');
  early.abort();
  await closed;
  expect(await asking).toBe('left');

  const answering = fetch(url);
  const second = await next();
  second.writeHead(200, { 'content-type': 'video/mp4' });
  second.write(files.get('mp4.mp4')!.bytes.subarray(0, 4_000));
  const answer = await answering;
  expect(answer.status).toBe(200);
  const ended = once(second, 'close');
  await answer.body!.cancel();
  await ended;
});

test('what breaks off over there breaks off here, and is never taken for the whole', async () => {
  const { url, next } = await byHand();
  const answering = fetch(url);
  const response = await next();
  response.writeHead(200, { 'content-type': 'video/mp4' });
  response.write(files.get('mp4.mp4')!.bytes.subarray(0, 4_000));
  const answer = await answering;
  response.destroy();
  await expect(answer.arrayBuffer()).rejects.toThrow();
});

test('one network has 32 GiB of an hour, of which each request is at least one MiB', async () => {
  const url = await sourceOf('mp4.mp4');
  const { rateLimiter } = world.services;
  const one = fromFreshAddress();
  const budget = new ByteBudget(rateLimiter, addressKey(one['x-forwarded-for']!));
  async function* pieces(): AsyncGenerator<Buffer> {
    for (let left = 40; left > 0; left -= 1) yield await Promise.resolve(Buffer.alloc(1024 * 1024));
  }
  const passed = async (): Promise<number> => {
    let count = 0;
    for await (const _ of budget.counted(pieces())) count += 1;
    return count;
  };
  expect([await budget.open(), await passed()]).toEqual([null, 40]);
  const { remaining } = await rateLimiter.charge(
    REMOTE_BYTES,
    addressKey(one['x-forwarded-for']!),
    0,
  );
  expect(remaining).toBe(REMOTE_BYTES.points - 40);
  await rateLimiter.charge(REMOTE_BYTES, addressKey(one['x-forwarded-for']!), remaining - 10);
  await expect(passed()).rejects.toThrow('Too much was passed on.');
  expect((await fetch(url, { headers: one })).status).toBe(429);
  expect((await fetch(url, { headers: fromFreshAddress() })).status).toBe(200);
});

test('one viewer takes a dozen places at a time, and others find theirs', async () => {
  const { url, next } = await byHand();
  const one = fromFreshAddress();
  const held = Array.from({ length: 12 }, () => fetch(url, { headers: one }));
  const responses: ServerResponse[] = [];
  for (let index = 0; index < held.length; index++) responses.push(await next());
  const refused = await fetch(url, { headers: one });
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1']);
  const other = fetch(url, { headers: fromFreshAddress() });
  responses.push(await next());
  const { bytes } = files.get('mp4.mp4')!;
  for (const response of responses) response.writeHead(200).end(bytes);
  for (const answer of await Promise.all([...held, other]))
    expect((await bytesOf(answer)).length).toBe(bytes.length);
  const again = fetch(url, { headers: one });
  (await next()).writeHead(200).end(bytes);
  expect((await again).status).toBe(200);
});
