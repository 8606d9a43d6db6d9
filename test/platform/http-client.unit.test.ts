// The door to other servers: what is refused at each hop, and what an answer may cost. Here 127.0.0.1 stands for a
// public address, and all others of this machine for private ones.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  HttpClient,
  type HttpClientOptions,
  type OutsideLimits,
} from '../../src/platform/http-client.js';
import { type OutsideUnavailable } from '../../src/platform/outside-unavailable.js';
import { LastingConnections } from '../../src/platform/lasting-connections.js';
import type { ResolveName } from '../../src/platform/internal/resolve-name.js';
import { isPublicAddress } from '../../src/platform/outside-address.js';

const PUBLIC = '127.0.0.1';
const PRIVATE = '127.0.0.2';
const LIMITS: OutsideLimits = {
  maxBytes: 64 * 1024,
  timeoutMs: 60_000,
  maxRedirects: 3,
  contentTypes: ['text/html'],
};

const MEBIBYTE = 2 ** 20;
/** A gibibyte of zeros in a mebibyte, of many parts: made at once it would take the memory that is measured. */
const BOMB = Buffer.concat(Array.from({ length: 1024 }, () => gzipSync(Buffer.alloc(MEBIBYTE))));

let server: Server;
let secret: Server;
let origin: string;
let secretPort: number;
let secretHits = 0;
let connections = 0;
const ended: string[] = [];
let answers: string[][] = [];
const open = new Set<ServerResponse>();

const resolve: ResolveName = (name, _options, answer) => {
  const found = name.startsWith('next.') ? (answers.shift() ?? []) : addressesOf(name);
  answer(
    null,
    found.map((address) => ({ address, family: 4 })),
  );
};

function addressesOf(name: string): string[] {
  if (name === 'mixed.test') return [PUBLIC, PRIVATE];
  return name === 'private.test' ? [PRIVATE] : [PUBLIC];
}

/** Writes a little again and again, as long as the other side listens. */
function drip({ socket }: IncomingMessage, first: string, more: string): void {
  socket.write(first);
  const timer = setInterval(() => socket.write(more), 5);
  socket.on('error', () => undefined);
  socket.on('close', () => {
    clearInterval(timer);
    ended.push(more);
  });
}

function reply(request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://x');
  const to = url.searchParams.get('to');
  if (to !== null) {
    response
      .writeHead(Number(url.searchParams.get('status') ?? 302), { location: to })
      .end('moved');
    return;
  }
  const html = { 'content-type': 'text/html; charset=utf-8' };
  switch (url.pathname) {
    case '/large':
      response.writeHead(200, html).end('x'.repeat(LIMITS.maxBytes + 1));
      return;
    case '/endless':
      response.writeHead(200, html);
      response.on('drain', () => void response.write('x'.repeat(16_384)));
      response.write('x'.repeat(1_000_000));
      return;
    case '/bomb':
      response.writeHead(200, { ...html, 'content-encoding': 'gzip' });
      response.end(BOMB);
      return;
    case '/gzip':
      response.writeHead(200, { ...html, 'content-encoding': 'gzip' }).end(gzipSync('hello'));
      return;
    case '/brotli':
      response
        .writeHead(200, { ...html, 'content-encoding': 'br' })
        .end(brotliCompressSync('hello'));
      return;
    case '/encodings':
      response.writeHead(200, html).end(request.headers['accept-encoding']);
      return;
    case '/strange':
      response.writeHead(200, { ...html, 'content-encoding': 'zstd' }).end('hello');
      return;
    case '/slow':
      open.add(response);
      response.writeHead(200, html).write('<p>');
      return;
    case '/mute':
      open.add(response);
      return;
    case '/drip-headers':
      open.add(response);
      drip(request, 'HTTP/1.1 200 OK\r\n', 'x-more: 1\r\n');
      return;
    case '/drip-body':
      open.add(response);
      drip(request, 'HTTP/1.1 202 Accepted\r\ncontent-length: 60000\r\n\r\n', 'x');
      return;
    case '/hints':
      open.add(response);
      drip(request, '', 'HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n');
      return;
    case '/wide':
      request.socket.end(`HTTP/1.1 200 OK\r\nx-wide: ${'x'.repeat(1_000_000)}\r\n\r\n`);
      return;
    case '/last':
      response.writeHead(202, { 'keep-alive': 'timeout=60' }).end();
      response.on('finish', () => setImmediate(() => request.socket.destroy()));
      return;
    case '/json':
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      return;
    case '/missing':
      response.writeHead(404, html).end('no');
      return;
    default:
      response.writeHead(200, html).end(`hello ${request.headers['user-agent']}`);
  }
}

const OPTIONS: HttpClientOptions = {
  name: 'test/1',
  isAllowed: (address) => address === PUBLIC,
  isOpenUrl: ({ protocol }) => protocol === 'http:',
  resolve,
};
const client = new HttpClient(OPTIONS);

beforeAll(async () => {
  server = createServer(reply);
  await new Promise<void>((done) => server.listen(0, PUBLIC, done));
  server.on('connection', () => (connections += 1));
  origin = `http://public.test:${(server.address() as AddressInfo).port}`;
  secret = createServer((_request, response) => {
    secretHits += 1;
    response.writeHead(200, { 'content-type': 'text/html' }).end('secret');
  });
  await new Promise<void>((done) => secret.listen(0, PRIVATE, done));
  secretPort = (secret.address() as AddressInfo).port;
});

afterAll(async () => {
  for (const response of open) response.destroy();
  for (const one of [server, secret]) {
    one.closeAllConnections();
    await new Promise((done) => one.close(done));
  }
});

/** The reason of a refusal; the body when there was an answer. */
async function outcome(url: string, limits: Partial<OutsideLimits> = {}): Promise<string> {
  try {
    return (await client.get(url, { ...LIMITS, ...limits })).body.toString();
  } catch (error) {
    return (error as OutsideUnavailable).failure;
  }
}

test.each([
  '0.0.0.0',
  '10.0.0.1',
  '100.64.0.1',
  '127.0.0.1',
  '169.254.169.254',
  '172.16.0.1',
  '192.0.0.1',
  '192.0.2.1',
  '192.31.196.1',
  '192.52.193.1',
  '192.88.99.1',
  '192.168.0.1',
  '192.175.48.1',
  '198.18.0.1',
  '198.51.100.1',
  '203.0.113.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::127.0.0.1',
  '::ffff:127.0.0.1',
  '64:ff9b::7f00:1',
  '64:ff9b:1::1',
  '100::1',
  '2001::1',
  '2001:2::1',
  '2001:10::1',
  '2001:20::1',
  '2001:db8::1',
  '2002:7f00:1::',
  '2620:4f:8000::1',
  '3fff::1',
  '4000::1',
  '5f00::1',
  'fc00::1',
  'fd00::1',
  'fe80::1',
  'fec0::1',
  'ff02::1',
  'example.org',
  '',
])('S01 %s is not public', (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(['1.1.1.1', '93.184.215.14', '172.32.0.1', '2606:4700:4700::1111', '2a00:1450:4001::1'])(
  'S01 %s is public',
  (address) => {
    expect(isPublicAddress(address)).toBe(true);
  },
);

test('an answer comes with its address, its type and the name that asked', async () => {
  expect(await client.get(`${origin}/page`, LIMITS)).toEqual({
    url: `${origin}/page`,
    contentType: 'text/html; charset=utf-8',
    body: Buffer.from('hello test/1'),
  });
  expect(await outcome(`${origin}/gzip`)).toBe('hello');
});

test('what is packed with Brotli is neither asked for nor unpacked', async () => {
  expect(await outcome(`${origin}/encodings`)).toBe('gzip, deflate');
  expect(await outcome(`${origin}/brotli`)).toBe('CONTENT_TYPE');
});

test('S02 S06 no spelling of a literal private address is reached', async () => {
  for (const host of [
    '127.2',
    '2130706434',
    '0x7f.2',
    '0177.0.0.2',
    '0',
    PRIVATE,
    '[::]',
    '[::1]',
    '[::ffff:127.0.0.2]',
    '[::127.0.0.2]',
  ])
    expect(`${host} ${await outcome(`http://${host}:${secretPort}/`)}`).toBe(
      `${host} FORBIDDEN_ADDRESS`,
    );
  expect(secretHits).toBe(0);
});

test('S03 a redirect to a private address is refused at its hop, and nothing is sent there', async () => {
  for (const status of [301, 302, 303, 307, 308]) {
    for (const target of [
      `http://${PRIVATE}:${secretPort}/`,
      `http://private.test:${secretPort}/`,
      'http://169.254.169.254/latest/meta-data',
      'http://[::1]:5432/',
    ])
      expect(await outcome(`${origin}/?status=${status}&to=${encodeURIComponent(target)}`)).toBe(
        'FORBIDDEN_ADDRESS',
      );
  }
  for (const target of ['https://public.test/', 'file:///etc/passwd', 'data:text/html,x'])
    expect(await outcome(`${origin}/?to=${encodeURIComponent(target)}`)).toBe('FORBIDDEN_URL');
  expect(secretHits).toBe(0);
});

test('S04 the address that was checked is the one that is connected to', async () => {
  const url = origin.replace('public.test', 'next.test');
  answers = [[PUBLIC], [PRIVATE]];
  expect(await outcome(url)).toBe('hello test/1');
  // One look-up per connection: the answer that changed is the next connection's, and is refused there.
  expect(answers).toEqual([[PRIVATE]]);
  expect(await outcome(url)).toBe('FORBIDDEN_ADDRESS');
  answers = [[PUBLIC], [PRIVATE]];
  const hop = encodeURIComponent(`http://next.test:${secretPort}/`);
  expect(await outcome(`${url}/?to=${hop}`)).toBe('FORBIDDEN_ADDRESS');
  expect(secretHits).toBe(0);
});

test('S05 one private address taints a name, and no address is none', async () => {
  expect(await outcome(origin.replace('public.test', 'mixed.test'))).toBe('FORBIDDEN_ADDRESS');
  answers = [[]];
  expect(await outcome(origin.replace('public.test', 'next.test'))).toBe('FORBIDDEN_ADDRESS');
});

test('S08 only https without port and credentials is open, unless a test says otherwise', async () => {
  const real = new HttpClient({ name: 'test/1', resolve });
  for (const url of [
    'http://public.test/',
    'https://public.test:22/',
    'https://public.test:8443/',
    'https://a:b@public.test/',
    'gopher://public.test/',
    'ftp://public.test/',
    'data:text/html,x',
    'file:///etc/passwd',
    'nothing',
    '',
  ])
    await expect(real.get(url, LIMITS)).rejects.toMatchObject({ failure: 'FORBIDDEN_URL' });
  await expect(real.get('https://public.test/', LIMITS)).rejects.toMatchObject({
    failure: 'FORBIDDEN_ADDRESS',
  });
});

test('S11 a proxy in the environment changes nothing', async () => {
  const proxy = `http://${PRIVATE}:${secretPort}`;
  const names = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'NODE_USE_ENV_PROXY'];
  const before = names.map((name) => process.env[name]);
  for (const name of names) process.env[name] = name === 'NODE_USE_ENV_PROXY' ? '1' : proxy;
  try {
    expect(await outcome(`${origin}/page`)).toBe('hello test/1');
  } finally {
    for (const [index, name] of names.entries()) {
      if (before[index] === undefined) delete process.env[name];
      else process.env[name] = before[index];
    }
  }
  expect(secretHits).toBe(0);
});

test('S12 whoever answers slowly or not at all is left at the deadline', async () => {
  for (const path of ['/mute', '/slow'])
    expect(await outcome(`${origin}${path}`, { timeoutMs: 300 })).toBe('TIMEOUT');
});

test('S13 S14 a body is read up to its limit, as sent and as decompressed', async () => {
  expect(await outcome(`${origin}/large`)).toBe('TOO_LARGE');
  expect(await outcome(`${origin}/endless`)).toBe('TOO_LARGE');
  const before = process.memoryUsage().rss;
  expect(await outcome(`${origin}/bomb`)).toBe('TOO_LARGE');
  expect(process.memoryUsage().rss - before).toBeLessThan(512 * MEBIBYTE);
});

test('other types, codings and states are no answers, and redirects end', async () => {
  expect(await outcome(`${origin}/json`)).toBe('CONTENT_TYPE');
  expect(await outcome(`${origin}/strange`)).toBe('CONTENT_TYPE');
  expect(await outcome(`${origin}/missing`)).toBe('STATUS');
  const self = (depth: number): string =>
    depth === 0 ? '/page' : `/?to=${encodeURIComponent(self(depth - 1))}`;
  expect(await outcome(origin + self(3))).toBe('hello test/1');
  expect(await outcome(origin + self(4))).toBe('REDIRECTS');
});

test('a service of the operator is asked wherever it is, without redirects', async () => {
  const limits = { maxBytes: 1000, timeoutMs: 60_000, contentTypes: ['text/html'] };
  const ask = (path: string) =>
    client.askTrusted(
      `http://${PRIVATE}:${secretPort}${path}`,
      { method: 'POST', body: 'x' },
      limits,
    );
  expect((await ask('/')).body.toString()).toBe('secret');
  await expect(
    client.askTrusted(
      `http://${PUBLIC}:${new URL(origin).port}/?to=/page`,
      { method: 'GET' },
      limits,
    ),
  ).rejects.toMatchObject({ failure: 'REDIRECTS' });
});

describe('a connection to whom something is delivered', () => {
  const deliver = (path: string) =>
    client.deliver(`${origin}${path}`, { timeoutMs: 60_000, body: '{}' });

  test('stays open for the next delivery', async () => {
    await deliver('/?first');
    const before = connections;
    for (let number = 0; number < 5; number++) expect((await deliver('/')).status).toBe(200);
    expect(connections - before).toBeLessThanOrEqual(1);
  });

  test('is opened anew where it has ended meanwhile', async () => {
    for (let number = 0; number < 5; number++) {
      expect((await deliver('/last')).status).toBe(202);
      expect((await deliver('/')).status).toBe(200);
    }
  });

  test('is not used for an answer without end', async () => {
    expect((await deliver('/endless')).status).toBe(200);
    expect((await deliver('/')).status).toBe(200);
  });
});

test('S12 whoever drips an answer to a delivery loses the connection at the deadline', async () => {
  const deliver = (path: string) =>
    client.deliver(`${origin}${path}`, { timeoutMs: 300, body: '{}' });
  for (const path of ['/mute', '/drip-headers', '/hints'])
    await expect(deliver(path)).rejects.toMatchObject({ failure: 'TIMEOUT' });
  await expect(deliver('/wide')).rejects.toMatchObject({ failure: 'NETWORK' });
  // Its status is there, and counts; the rest is not waited for.
  expect((await deliver('/drip-body')).status).toBe(202);
  while (ended.length < 3) await new Promise((done) => setTimeout(done, 5));
});

test('of all connections together only so many stay open, those that were used last', async () => {
  const lasting = new LastingConnections(1);
  const few = new HttpClient(OPTIONS, lasting);
  for (const name of ['public.test', 'other.test', 'public.test', 'other.test'])
    await few.deliver(origin.replace('public.test', name), { timeoutMs: 60_000, body: '{}' });
  const { freeSockets } = lasting.agentFor('http:');
  const left = (): string[] =>
    Object.entries(freeSockets).flatMap(([name, sockets = []]) =>
      sockets.filter(({ destroyed }) => !destroyed).map(() => name.split(':')[0]!),
    );
  while (left().join() !== 'other.test') await new Promise((done) => setTimeout(done, 5));
});
