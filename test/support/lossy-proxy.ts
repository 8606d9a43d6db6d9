// The edge of a network at which answers get lost: what was asked has been done, and nobody hears of it.
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A way to a server. */
export interface LossyProxy extends AsyncDisposable {
  readonly port: number;
  /** How many answers were lost. */
  readonly lost: number;
}

/** Passes everything on to a port of this machine; of the answers to POSTs at some paths, every so manieth gets lost. */
export async function startLossyProxy(
  target: number,
  { path, every }: { readonly path: RegExp; readonly every: number },
): Promise<LossyProxy> {
  let seen = 0;
  let lost = 0;
  const server = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const outgoing = request({ host: '127.0.0.1', port: target, method, path: url, headers });
    outgoing.on('error', () => response.destroy());
    outgoing.on('response', (answer) => {
      const isCounted = method === 'POST' && path.test(url ?? '');
      if (isCounted && ++seen % every === 0) {
        lost += 1;
        answer.resume();
        answer.on('end', () => response.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    incoming.pipe(outgoing);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    get lost() {
      return lost;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
