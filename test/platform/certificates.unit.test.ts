// Whom a certificate does not name, or no more, or nobody vouches for, is asked nothing.
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { HttpClient } from '../../src/platform/http-client.js';
import { EXPIRED_CERTIFICATE, OWN_CERTIFICATE, TEST_KEY } from '../support/certificates.js';

const LIMITS = {
  maxBytes: 100,
  timeoutMs: 60_000,
  maxRedirects: 0,
  contentTypes: ['application/json'],
};
const known = getCACertificates('default');

let server: Server;
let port: number;
let requests = 0;

const client = new HttpClient({
  name: 'test/1',
  isOpenUrl: () => true,
  isAllowed: (address) => address === '127.0.0.1',
  resolve: (_name, _options, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]),
});

beforeAll(async () => {
  server = createServer({ key: TEST_KEY, cert: OWN_CERTIFICATE }, (request, response) => {
    requests += 1;
    request.resume();
    response.writeHead(200, { 'content-type': 'application/json', connection: 'close' }).end('{}');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  port = (server.address() as AddressInfo).port;
});

afterEach(() => setDefaultCACertificates(known));

afterAll(() => void server.close());

/** What comes of asking and of delivering. */
async function outcomes(host: string): Promise<string[]> {
  const url = `https://${host}:${port}/`;
  const tries = [
    client.get(url, LIMITS).then(({ body }) => body.toString()),
    client.deliver(url, { body: '{}', timeoutMs: 60_000 }).then(({ status }) => String(status)),
    client.ask(url, { method: 'POST', body: '{}' }, LIMITS).then(({ status }) => String(status)),
  ];
  const ended = await Promise.allSettled(tries);
  return ended.map((end) =>
    end.status === 'fulfilled' ? end.value : (end.reason as { failure: string }).failure,
  );
}

const NOTHING = ['NETWORK', 'NETWORK', 'NETWORK'];

test('R31 a certificate that its server has given itself is none', async () => {
  expect(await outcomes('peer.example.org')).toEqual(NOTHING);
  expect(requests).toBe(0);
});

test('R31 a certificate counts for the name that it has, as long as it holds', async () => {
  setDefaultCACertificates([...known, OWN_CERTIFICATE]);
  expect(await outcomes('peer.example.org')).toEqual(['{}', '200', '200']);
  requests = 0;
  expect(await outcomes('other.example.org')).toEqual(NOTHING);
  setDefaultCACertificates([...known, EXPIRED_CERTIFICATE]);
  server.setSecureContext({ key: TEST_KEY, cert: EXPIRED_CERTIFICATE });
  expect(await outcomes('peer.example.org')).toEqual(NOTHING);
  expect(requests).toBe(0);
});
