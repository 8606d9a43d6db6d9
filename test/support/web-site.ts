// Another site of the web inside the test: what is asked of it arrives over HTTP, under every name of `.example`.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpClient } from '../../src/platform/http-client.js';

/** What the site was asked. */
export interface SiteRequest {
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it answers. */
export interface SiteAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A running site. */
export interface WebSite extends AsyncDisposable {
  readonly origin: string;
  /** Every request, oldest first. */
  readonly requests: SiteRequest[];
  /** Reaches the site under `https://<anything>.example`, and nothing else that is public. */
  readonly client: HttpClient;
}

/** Sends every name of `.example` to the site, which has no certificate; all else stays as it is. */
function clientOf(port: number): HttpClient {
  const isOurs = (hostname: string): boolean => hostname.endsWith('.example');
  return new HttpClient({
    name: 'test/1',
    isAllowed: (address) => address === '127.0.0.1',
    isOpenUrl: ({ hostname }) => isOurs(hostname) || /^[\d.]+$/.test(hostname),
    resolve: (_name, _options, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]),
    connectTo: ({ hostname }) => (isOurs(hostname) ? { protocol: 'http:', port } : null),
  });
}

/** Starts a site; `answer` may change what it says at any time. */
export async function startWebSite(answer: (request: SiteRequest) => SiteAnswer): Promise<WebSite> {
  const requests: SiteRequest[] = [];
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        host: incoming.headers.host?.split(':')[0] ?? '',
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString(),
      };
      requests.push(request);
      const { status = 200, headers = {}, body = '' } = answer(request);
      response.writeHead(status, headers).end(body);
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    requests,
    client: clientOf(port),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
