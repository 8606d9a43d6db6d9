// The door to addresses that clients name: what is refused before and while connecting (S10).
import { createServer, type Server } from 'node:https';
import { createServer as createSocketServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { expect, test } from '@jest/globals';
import { ForbiddenAddress, isPublicAddress } from '../../src/platform/outside-address.js';
import { createOutsidePost, requireOutside } from '../../src/platform/outside-post.js';
import { LOCALHOST } from '../support/localhost-certificate.js';

test.each([
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['100.64.0.1', false],
  ['169.254.169.254', false],
  ['192.168.0.1', false],
  ['0.0.0.0', false],
  ['224.0.0.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['::ffff:127.0.0.1', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['64:ff9b::7f00:1', false],
  ['2002:7f00:1::', false],
  ['not an address', false],
  ['93.184.216.34', true],
  ['2606:2800:220:1:248:1893:25c8:1946', true],
])('%s is public: %s', (address, isPublic) => {
  expect(isPublicAddress(address)).toBe(isPublic);
});

test.each([
  'http://push.example/',
  'https://127.0.0.1/',
  'https://0x7f.1/',
  'https://2130706433/',
  'https://[::1]/',
  'https://a:b@push.example/',
])('%s is never reached', (address) => {
  expect(() => requireOutside(new URL(address))).toThrow(ForbiddenAddress);
});

test('a name that resolves to this machine is refused before anything connects', async () => {
  await using server = await silentServer();
  const post = createOutsidePost();
  const url = new URL(`https://localhost:${server.port}/`);
  await expect(post({ url, headers: {}, body: Buffer.from('x') })).rejects.toThrow(
    ForbiddenAddress,
  );
  expect(server.connections()).toBe(0);
});

test('a name that resolves to an allowed address is connected to', async () => {
  await using server = await silentServer();
  const post = createOutsidePost(() => true);
  const url = new URL(`https://localhost:${server.port}/`);
  // Without a certificate the handshake fails: what counts is that it was begun.
  await expect(post({ url, headers: {}, body: Buffer.from('x') })).rejects.toThrow();
  expect(server.connections()).toBe(1);
});

test('a service that takes the connection and says nothing is waited for no longer than so long', async () => {
  let connections = 0;
  const server = createSocketServer((socket) => {
    connections += 1;
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  const post = createOutsidePost(() => true, 200);
  const url = new URL(`https://localhost:${port}/`);
  const asked = post({ url, headers: {}, body: Buffer.from('x') });
  await expect(asked).rejects.toMatchObject({ name: expect.stringMatching(/Abort|Timeout/) });
  expect(connections).toBe(1);
  server.close();
});

test('of an answer no more is taken than its status, however long it is', async () => {
  let written = 0;
  const over = Promise.withResolvers<void>();
  const piece = Buffer.alloc(64 * 1024);
  const server = createServer(LOCALHOST, (_request, response) => {
    response.on('error', () => undefined);
    response.on('close', () => over.resolve());
    response.writeHead(201);
    const goOn = (): void => {
      do written += piece.length;
      while (response.write(piece));
    };
    response.on('drain', goOn);
    goOn();
  });
  await using url = await listening(server);
  const post = createOutsidePost(() => true);
  expect(await post({ url: url.href, headers: {}, body: Buffer.from('x') })).toEqual({
    status: 201,
  });
  await over.promise;
  expect(written).toBeLessThan(64 * 2 ** 20);
});

test('an answer whose head goes on and on is none', async () => {
  const server = createServer(LOCALHOST, (_request, response) => {
    response.writeHead(201, { 'x-long': 'a'.repeat(1_000_000) });
    response.end();
  });
  await using url = await listening(server);
  const post = createOutsidePost(() => true);
  const asked = post({ url: url.href, headers: {}, body: Buffer.from('x') });
  await expect(asked).rejects.toMatchObject({ code: 'HPE_HEADER_OVERFLOW' });
});

/** A server whose certificate is believed for as long as it listens. */
async function listening(server: Server): Promise<AsyncDisposable & { readonly href: URL }> {
  const known = getCACertificates('default');
  setDefaultCACertificates([...known, LOCALHOST.cert]);
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    href: new URL(`https://localhost:${port}/`),
    [Symbol.asyncDispose]: async () => {
      setDefaultCACertificates(known);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function silentServer(): Promise<
  AsyncDisposable & { readonly port: number; connections(): number }
> {
  let connections = 0;
  const server: Server = createServer();
  server.on('connection', (socket) => {
    connections += 1;
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => connections,
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
