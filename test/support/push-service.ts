// A push service inside the test: what the server posts arrives over HTTP, is decrypted with the client's keys, and
// its signature is checked against the key that the server publishes.
import { createECDH, createPublicKey, randomBytes, verify } from 'node:crypto';
import { createServer, request } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { OutsidePost } from '../../src/platform/outside-post.js';

const httpEce = createRequire(import.meta.url)('http_ece') as {
  decrypt(
    body: Buffer,
    keys: { version: 'aes128gcm'; privateKey: unknown; authSecret: string },
  ): Buffer;
};

/** A push as it arrived. */
export interface ReceivedPush {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

/** What a browser would give to its app. */
export interface PushClient {
  readonly p256dh: string;
  readonly auth: string;
  /** The push as the client reads it. */
  open(push: ReceivedPush): Record<string, unknown>;
}

/** The service, its network, and what came in, oldest first. */
export interface PushService extends AsyncDisposable {
  readonly port: number;
  /** Reaches the service under whatever name. */
  readonly outside: OutsidePost;
  readonly received: ReceivedPush[];
  /** What it answers from now on. */
  answerWith(status: number): void;
}

/** Makes the keys of a client. */
export function makePushClient(): PushClient {
  const ecdh = createECDH('prime256v1');
  const p256dh = ecdh.generateKeys().toString('base64url');
  const auth = randomBytes(16).toString('base64url');
  return {
    p256dh,
    auth,
    open: ({ body }) => {
      const keys = { version: 'aes128gcm', privateKey: ecdh, authSecret: auth } as const;
      return JSON.parse(httpEce.decrypt(body, keys).toString()) as Record<string, unknown>;
    },
  };
}

/** Posts to ports of this machine in place of hosts. */
export function postTo(portOf: (host: string) => number | undefined): OutsidePost {
  return ({ url, headers, body }) =>
    new Promise((resolve, reject) => {
      const port = portOf(url.hostname);
      if (port === undefined) throw new Error(`${url.hostname} is not there`);
      const options = { port, path: url.pathname, method: 'POST', headers, agent: false as const };
      const outgoing = request({ host: '127.0.0.1', ...options }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0 });
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}

/** Starts the service on a free port of this machine. */
export async function startPushService(): Promise<PushService> {
  const received: ReceivedPush[] = [];
  let status = 201;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { url: path = '', headers } = incoming;
      received.push({ path, headers, body: Buffer.concat(chunks) });
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const outside = postTo(() => port);
  return {
    port,
    outside,
    received,
    answerWith: (next) => {
      status = next;
    },
    [Symbol.asyncDispose]: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** What the signature of a push claims; throws unless the key made it. */
export function claimsOf(push: ReceivedPush, publicKey: string): Record<string, unknown> {
  const match = /^vapid t=([\w-]+)\.([\w-]+)\.([\w-]+), k=([\w-]+)$/.exec(
    String(push.headers['authorization']),
  );
  if (!match || match[4] !== publicKey) throw new Error('The push is not signed by this server');
  const point = Buffer.from(publicKey, 'base64url');
  const key = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const signed = Buffer.from(`${match[1]}.${match[2]}`);
  const signature = Buffer.from(match[3]!, 'base64url');
  if (!verify('sha256', signed, { key, dsaEncoding: 'ieee-p1363' }, signature))
    throw new Error('The signature of the push is wrong');
  return JSON.parse(Buffer.from(match[2]!, 'base64url').toString()) as Record<string, unknown>;
}
