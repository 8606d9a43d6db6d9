// The edge of a network at which a server lies: some answers are others than its own.
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a server. */
export interface LyingProxy extends AsyncDisposable {
  readonly port: number;
  /** Answers so from now on, where `lie` does not say null. `asker` is who signed the question. */
  tell(lie: Liar): void;
}

/** What is said instead; null = it begins and never ends. */
export type Lie = { readonly body: object | string | null; readonly status?: number };

type Liar = (path: string, asker: string) => Promise<Lie | null> | Lie | null;

/** Passes everything on to a port of this machine, until something else is told. */
export async function startLyingProxy(target: number): Promise<LyingProxy> {
  let lie: Liar = () => null;
  const server = createServer((incoming, response) => {
    const { method, url = '', headers } = incoming;
    const outgoing = request({ host: '127.0.0.1', port: target, method, path: url, headers });
    outgoing.on('error', () => response.destroy());
    outgoing.on('response', (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (bytes: Buffer) => void chunks.push(bytes));
      answer.on('end', () => {
        const body = Buffer.concat(chunks);
        void (async () => {
          const other = method === 'GET' ? await lie(url, askerOf(headers)) : null;
          if (!other) {
            response.writeHead(answer.statusCode ?? 502, answer.headers);
            response.end(body);
            return;
          }
          response.writeHead(other.status ?? 200, { 'content-type': 'application/activity+json' });
          if (other.body === null) response.write('{');
          else
            response.end(typeof other.body === 'string' ? other.body : JSON.stringify(other.body));
        })();
      });
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    tell: (next) => void (lie = next),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function askerOf(headers: IncomingHttpHeaders): string {
  const signed = [headers['signature-input'], headers['signature']].flat().join(' ');
  return /keyid="([^"]*)"/i.exec(signed)?.[1] ?? '';
}
