// The edge of a network at which everything that passes is written down, as whoever has the line between two servers sees it.
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Haystack } from './canaries.js';

/** A way to a server. */
export interface RecordingProxy extends AsyncDisposable {
  readonly port: number;
  /** What passed, each request and each answer for itself, head and body. */
  readonly passed: readonly Haystack[];
}

/** Passes everything on to a port of this machine, and keeps it. @param name of the server, for the report */
export async function startRecordingProxy(target: number, name: string): Promise<RecordingProxy> {
  const passed: Haystack[] = [];
  const keep = (what: string, headers: IncomingHttpHeaders, body: readonly Buffer[]): void => {
    const head = Buffer.from(`${what}\n${JSON.stringify(headers)}\n`);
    passed.push({ name: `${name} ${what}`, bytes: Buffer.concat([head, ...body]) });
  };
  const server = createServer((incoming, response) => {
    const { method, url, headers } = incoming;
    const asked: Buffer[] = [];
    const outgoing = request({ host: '127.0.0.1', port: target, method, path: url, headers });
    outgoing.on('error', () => response.destroy());
    outgoing.on('response', (answer) => {
      const answered: Buffer[] = [];
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (bytes: Buffer) => void answered.push(bytes));
      answer.on('end', () => keep(`answers ${method} ${url}`, answer.headers, answered));
      answer.pipe(response);
    });
    incoming.on('data', (bytes: Buffer) => void asked.push(bytes));
    incoming.on('end', () => keep(`is asked ${method} ${url}`, headers, asked));
    incoming.pipe(outgoing);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    port: (server.address() as AddressInfo).port,
    passed,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}
