// Stands between a storage and its S3 server, and lets a test decide what the network does.
import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { S3Location } from '../../src/platform/storage/s3-client.js';

/** HOLD: no answer ever. FAIL: 503. BREAK: the connection ends after the first half of the answer. */
export type Fate = 'FORWARD' | 'HOLD' | 'FAIL' | 'BREAK';

/** A network that a test commands. */
export interface S3Proxy extends AsyncDisposable {
  /** The bucket as seen through it. */
  readonly location: S3Location;
  /** Method and address of every request so far. */
  readonly requests: readonly string[];
  /** Connections that are open. */
  openConnections(): number;
  /** What happens to a request from now on. */
  decide(rule: (asked: string) => Fate): void;
}

/** Starts a proxy that forwards everything until told otherwise. */
export async function startS3Proxy(target: S3Location): Promise<S3Proxy> {
  const requests: string[] = [];
  let rule: (asked: string) => Fate = () => 'FORWARD';
  let open = 0;
  const server = createServer((incoming, outgoing) => {
    const asked = `${incoming.method} ${incoming.url}`;
    requests.push(asked);
    pass(target, rule(asked), incoming, outgoing);
  });
  server.on('connection', (socket) => {
    open += 1;
    socket.on('close', () => (open -= 1));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    location: { ...target, endpoint: new URL(`http://127.0.0.1:${port}`) },
    requests,
    openConnections: () => open,
    decide: (next) => (rule = next),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

/** The signature covers the header Host, which goes on as it came. */
function pass(
  { endpoint }: S3Location,
  fate: Fate,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): void {
  if (fate === 'HOLD') return;
  if (fate === 'FAIL') {
    incoming.resume().on('end', () => outgoing.writeHead(503).end());
    return;
  }
  const onward = request(
    {
      host: endpoint?.hostname,
      port: endpoint?.port,
      method: incoming.method,
      path: incoming.url,
      headers: incoming.headers,
    },
    (answer) => {
      outgoing.writeHead(answer.statusCode ?? 500, answer.rawHeaders);
      outgoing.flushHeaders();
      if (fate === 'BREAK') breakInTheMiddle(answer, outgoing);
      else answer.pipe(outgoing);
    },
  );
  onward.on('error', () => outgoing.destroy());
  outgoing.on('close', () => onward.destroy());
  incoming.pipe(onward);
}

function breakInTheMiddle(answer: IncomingMessage, outgoing: ServerResponse): void {
  let left = Math.floor(Number(answer.headers['content-length']) / 2);
  answer.on('data', (chunk: Buffer) => {
    outgoing.write(chunk.subarray(0, left));
    left -= chunk.length;
    if (left > 0) return;
    answer.destroy();
    // what was written is sent before the end
    outgoing.socket?.end();
  });
}
