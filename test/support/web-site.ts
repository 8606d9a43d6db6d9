// Another site of the web inside the test: what is asked of it arrives over HTTP, under every name of `.example`.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  HttpClient,
  type OutsideAnswer,
  type OutsideLimits,
} from '../../src/platform/http-client.js';

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

/** Sends `https` addresses of the test to the site, which has no certificate; all else stays as it is. */
class SiteClient extends HttpClient {
  constructor(private readonly port: number) {
    super({
      name: 'test/1',
      isAllowed: (address) => address === '127.0.0.1',
      isOpenUrl: ({ hostname }) => hostname.endsWith('.example') || /^[\d.]+$/.test(hostname),
      resolve: (_name, _options, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]),
    });
  }

  override get(url: string, limits: OutsideLimits): Promise<OutsideAnswer> {
    const { hostname, pathname, search } = new URL(url);
    return super.get(`http://${hostname}:${this.port}${pathname}${search}`, limits);
  }
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
    client: new SiteClient(port),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
