// People of scripted servers in encrypted conversations of ours: their devices, what they submit, and what they are told.
import { request } from 'node:http';
import { signedHeaders } from '../../src/federation/internal/http-signature.js';
import type { FakePeer, PeerActor, Signing } from './fake-peer.js';
import { meet } from './federation.js';
import { base64, newKey, type TestKey } from './key-packages.js';
import { makeOwnPackage, MlsGroup, type OwnPackage } from './mls.js';
import { draftItem, remoteChatter, showItems } from './remote-keys.js';
import type { Person, World } from './world.js';

/** Somebody of a scripted server with one device. */
export interface Stranger {
  readonly actor: PeerActor;
  readonly key: TestKey;
  readonly own: OwnPackage;
  /** In base64. */
  readonly signatureKey: string;
}

/** Makes somebody with a device, whose only key package is laid out. */
export async function strangerOn(peer: FakePeer, name: string, now: Date): Promise<Stranger> {
  const { actor } = await remoteChatter(peer, name);
  const key = await newKey();
  const own = await makeOwnPackage(actor.uri, key, now);
  showItems(peer, actor, [await draftItem(actor.uri, key, now, { bytes: own.bytes })]);
  return { actor, key, own, signatureKey: base64(key.publicKey) };
}

/** A person as tools for people of ours take them, of whom only the id is asked. */
export async function asPerson(who: Person, peer: FakePeer, { actor }: Stranger): Promise<Person> {
  const name = actor.uri.split('/').at(-1)!;
  return { ...who, actorGlobalId: await meet(who, `${name}@${peer.host}`) };
}

/** What was answered. */
export interface Reply {
  readonly status: number;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

/** Asks a server of ours at a path, signed by whoever is given. */
export function askSigned(
  world: World,
  from: PeerActor | null,
  path: string,
  body: object | string | null = null,
  { at = world.clock.now(), key, keyId, tamper }: Signing = {},
): Promise<Reply> {
  const url = new URL(path, world.services.config.publicUrl);
  const method = body === null ? 'GET' : 'POST';
  const text = body === null ? null : typeof body === 'string' ? body : JSON.stringify(body);
  const bytes = text === null ? null : Buffer.from(text);
  const identity = from && { keyId: keyId ?? from.keyId, key: key ?? from.key };
  const sent = {
    headers: {
      ...(bytes && { 'content-type': 'application/json' }),
      host: url.host,
      accept: 'application/activity+json',
      ...(identity && signedHeaders({ method, url, body: bytes }, identity, at)),
    } as Record<string, string>,
    body: text ?? '',
  };
  tamper?.(sent);
  return exchange(new URL(path, world.origin), method, sent.headers, sent.body);
}

function exchange(
  url: URL,
  method: string,
  headers: Record<string, string>,
  body: string,
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const more = method === 'POST' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const outgoing = request(url, { method, headers: { ...headers, ...more } });
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        resolve({ status: response.statusCode ?? 0, text, json: jsonOf(text) });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function jsonOf(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return {};
  }
}

/** Something that a scripted server was told. */
export interface Told {
  readonly type: string;
  readonly id: string;
  readonly actor: string;
  readonly to: readonly string[];
  readonly object: Record<string, unknown> & {
    readonly kind: string;
    readonly seq: number;
    readonly content: string;
    readonly type: string | readonly string[];
  };
}

/** What came to the inbox of a scripted server about a conversation, oldest first. */
export function toldOf(peer: FakePeer, uri: string): Told[] {
  return peer.requests
    .filter(({ method, path }) => method === 'POST' && path === '/inbox')
    .map(({ body }) => JSON.parse(body) as Told)
    .filter(({ actor }) => actor === uri);
}

/** What the Welcome that came to a scripted server lets somebody in to. */
export async function strangerJoins(
  peer: FakePeer,
  uri: string,
  { own }: Stranger,
): Promise<MlsGroup> {
  const welcome = toldOf(peer, uri).findLast(({ object }) => object.kind === 'WELCOME');
  if (!welcome) throw new Error('No Welcome came');
  return MlsGroup.join(Buffer.from(welcome.object.content, 'base64'), own);
}
