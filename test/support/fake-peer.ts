// A scripted server of the fediverse: it answers what the test tells it to, and signs what the test wants signed.
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, request, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { signedHeaders } from '../../src/federation/internal/http-signature.js';
import type { FederatedNetwork } from './federation.js';
import type { World } from './world.js';

/** What the peer was asked, or was sent. */
export interface PeerRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** What it answers at one path. */
export interface PeerAnswer {
  readonly status?: number;
  readonly type?: string;
  readonly headers?: Record<string, string>;
  readonly body: object | string | Buffer;
  /** Sends this and never comes to an end. */
  readonly hangs?: boolean;
}

/** An actor on the peer, with a key. */
export interface PeerActor {
  readonly uri: string;
  readonly keyId: string;
  readonly key: KeyObject;
  readonly document: Record<string, unknown>;
}

/** How a request is signed; the defaults are what an honest peer does. */
export interface Signing {
  readonly keyId?: string;
  readonly key?: KeyObject;
  readonly at?: Date;
  /** Changes what is sent after it was signed. */
  readonly tamper?: (sent: { headers: Record<string, string>; body: string }) => void;
}

/** A running peer. */
export interface FakePeer extends AsyncDisposable {
  readonly host: string;
  readonly origin: string;
  /** Everything that reached it, oldest first. */
  readonly requests: PeerRequest[];
  /** Adds an actor, with WebFinger. */
  actor(name: string, more?: Record<string, unknown>): PeerActor;
  /** Answers so at a path from now on. */
  serve(path: string, answer: PeerAnswer): void;
  /** Sends to the shared inbox of a server, a text as it is; answers the status. */
  send(
    world: World,
    from: PeerActor,
    activity: object | string,
    signing?: Signing,
  ): Promise<number>;
  /** Answers so from now on where `choose` does not say null; it goes before `serve`. */
  answer(choose: (request: PeerRequest) => PeerAnswer | null): void;
}

const ACTIVITY_JSON = 'application/activity+json';
let keys = 0;
const KEY_PAIRS = Array.from({ length: 6 }, () =>
  generateKeyPairSync('rsa', { modulusLength: 2048 }),
);

/** Starts a peer under a name of the network, at a port that is free or chosen. */
export async function startFakePeer(
  network: Pick<FederatedNetwork, 'name'>,
  host: string,
  port = 0,
): Promise<FakePeer> {
  const origin = `https://${host}`;
  const requests: PeerRequest[] = [];
  const answers = new Map<string, PeerAnswer>();
  let choose: (request: PeerRequest) => PeerAnswer | null = () => null;
  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { method = '', url: path = '', headers } = incoming;
      const asked = { method, path, headers, body: Buffer.concat(chunks).toString() };
      requests.push(asked);
      const answer = choose(asked) ?? answers.get(path) ?? (method === 'POST' ? ACCEPTED : MISSING);
      response.writeHead(answer.status ?? 200, {
        'content-type': answer.type ?? ACTIVITY_JSON,
        ...answer.headers,
      });
      if (answer.hangs) response.write(written(answer));
      else response.end(written(answer));
    });
  });
  await new Promise<void>((done) => server.listen(port, '127.0.0.1', done));
  network.name(host, (server.address() as AddressInfo).port);
  const serve = (path: string, answer: PeerAnswer): void => void answers.set(path, answer);
  return {
    host,
    origin,
    requests,
    serve,
    answer: (next) => void (choose = next),
    actor: (name, more = {}) => {
      const actor = makeActor(origin, name, more);
      serve(`/users/${name}`, { body: actor.document });
      serve(`/.well-known/webfinger?resource=${encodeURIComponent(`acct:${name}@${host}`)}`, {
        type: 'application/jrd+json',
        body: {
          subject: `acct:${name}@${host}`,
          links: [{ rel: 'self', type: ACTIVITY_JSON, href: actor.uri }],
        },
      });
      return actor;
    },
    send: (world, from, activity, signing) => send(world, from, activity, signing),
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const ACCEPTED: PeerAnswer = { status: 202, body: '' };
const MISSING: PeerAnswer = { status: 404, body: {} };

function written({ body }: PeerAnswer): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

function makeActor(origin: string, name: string, more: Record<string, unknown>): PeerActor {
  const { publicKey, privateKey } = KEY_PAIRS[keys++ % KEY_PAIRS.length]!;
  const uri = `${origin}/users/${name}`;
  const keyId = `${uri}#main-key`;
  const document = {
    '@context': 'https://www.w3.org/ns/activitystreams',
    id: uri,
    type: 'Person',
    preferredUsername: name,
    name,
    inbox: `${uri}/inbox`,
    outbox: `${uri}/outbox`,
    followers: `${uri}/followers`,
    endpoints: { sharedInbox: `${origin}/inbox` },
    publicKey: {
      id: keyId,
      owner: uri,
      publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }),
    },
    ...more,
  };
  return { uri, keyId, key: privateKey, document };
}

async function send(
  world: World,
  from: PeerActor,
  activity: object | string,
  { keyId = from.keyId, key = from.key, at = world.clock.now(), tamper }: Signing = {},
): Promise<number> {
  const text = typeof activity === 'string' ? activity : JSON.stringify(activity);
  const sent = { headers: {} as Record<string, string>, body: text };
  const url = new URL('/inbox', world.services.config.publicUrl);
  const body = Buffer.from(sent.body);
  sent.headers = {
    'content-type': ACTIVITY_JSON,
    ...signedHeaders({ method: 'POST', url, body }, { keyId, key }, at),
  };
  tamper?.(sent);
  return post(new URL('/inbox', world.origin), sent.headers, sent.body);
}

/** Posts with exactly these headers, Host among them. */
export function post(url: URL, headers: Record<string, string>, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      method: 'POST',
      headers: { ...headers, 'content-length': String(Buffer.byteLength(body)) },
    });
    outgoing.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}
