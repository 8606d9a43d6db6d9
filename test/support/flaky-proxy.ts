// A way to a server on which connections break: each request in turn passes, or is cut off after some bytes.
import { once } from 'node:events';
import {
  createServer,
  request as send,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { freePort } from './free-port.js';
import { startWorld, type World } from './world.js';

/** After how many bytes of a request or of its answer the line breaks; null = it does not. */
export type Verdict = { readonly sent: number } | { readonly answered: number } | null;

/** A running proxy. */
export interface FlakyProxy extends AsyncDisposable {
  readonly origin: string;
  /** Decides what becomes of each request. */
  decide: (request: IncomingMessage) => Verdict;
  /** What came: methods and paths. */
  readonly seen: readonly string[];
}

/** Starts a proxy before the server at `origin`. @param port absent = any */
export async function startFlakyProxy(origin: string, port = 0): Promise<FlakyProxy> {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`);
    pass(origin, request, response, proxy.decide(request));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const proxy: FlakyProxy = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    decide: () => null,
    seen,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}

function pass(
  origin: string,
  request: IncomingMessage,
  response: ServerResponse,
  verdict: Verdict,
): void {
  const { method, headers } = request;
  const onward = send(new URL(request.url ?? '/', origin), { method, headers });
  let [sent, answered] = [0, 0];
  const cut = (): void => {
    onward.destroy();
    request.socket.destroy();
  };
  onward.on('error', cut);
  request.on('error', cut);
  request.on('data', (bytes: Buffer) => {
    sent += bytes.length;
    onward.write(bytes);
    if (verdict && 'sent' in verdict && sent >= verdict.sent) cut();
  });
  request.on('end', () => onward.end());
  onward.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.on('error', cut);
    answer.on('data', (bytes: Buffer) => {
      answered += bytes.length;
      response.write(bytes);
      if (verdict && 'answered' in verdict && answered >= verdict.answered) cut();
    });
    answer.on('end', () => {
      if (verdict && 'answered' in verdict && answered >= verdict.answered) cut();
      else response.end();
    });
  });
}

/** A world that is reached at its public origin: clients there need no way of their own to what it names. */
export async function startReachableWorld(): Promise<World & { readonly proxy: FlakyProxy }> {
  const port = await freePort();
  const world = await startWorld({ PUBLIC_URL: `http://localhost:${port}` });
  const proxy = await startFlakyProxy(world.origin, port);
  return {
    ...world,
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await world[Symbol.asyncDispose]();
    },
  };
}
