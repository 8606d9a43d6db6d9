// Asking a server for documents as other servers do: signed by an actor of theirs, or by nobody.
import { request, type IncomingHttpHeaders } from 'node:http';
import { signedHeaders } from '../../src/federation/internal/http-signature.js';
import type { PeerActor } from './fake-peer.js';
import type { World } from './world.js';

/** What was answered. */
export interface FetchedDocument {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Record<string, unknown>;
}

/** Headers of a question that an actor signs now. */
export function signedBy(
  world: World,
  { keyId, key }: Pick<PeerActor, 'keyId' | 'key'>,
  path: string,
): Record<string, string> {
  const url = new URL(path, world.services.config.publicUrl);
  return signedHeaders({ method: 'GET', url, body: null }, { keyId, key }, world.clock.now());
}

/** Asks with exactly these headers beside the type that is wanted. */
export function ask(
  world: World,
  path: string,
  headers: Record<string, string> = {},
): Promise<FetchedDocument> {
  const accept = 'application/activity+json';
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL(path, world.origin), { headers: { accept, ...headers } });
    outgoing.on('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString();
        const isJson = String(response.headers['content-type']).includes('json');
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end();
  });
}
