// Actors of other servers, and what they send: signed as honest peers sign.
import { createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { Agent, request } from 'node:http';
import { signedHeaders } from './plain-signature.js';

/** One key pair: that of everybody on the other servers. */
export interface PeerKeys {
  readonly privateKey: KeyObject;
  readonly publicKeyPem: string;
  readonly privateKeyPem: string;
}

/** Makes it. */
export function makePeerKeys(): PeerKeys {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const key = createPrivateKey(privateKey);
  return { privateKey: key, publicKeyPem: publicKey, privateKeyPem: privateKey };
}

/** Document of an actor as Mastodon writes it, as far as anybody reads it. */
export function actorDocument(origin: string, name: string, publicKeyPem: string): object {
  const id = `${origin}/users/${name}`;
  return {
    '@context': ['https://www.w3.org/ns/activitystreams', 'https://w3id.org/security/v1'],
    id,
    type: 'Person',
    preferredUsername: name,
    name: `Somebody called ${name}`,
    summary: '<p>Pictures of <a href="https://one.example">places</a> and of light.</p>',
    url: `${origin}/@${name}`,
    published: '2024-03-01T00:00:00Z',
    inbox: `${id}/inbox`,
    outbox: `${id}/outbox`,
    followers: `${id}/followers`,
    following: `${id}/following`,
    endpoints: { sharedInbox: `${origin}/inbox` },
    manuallyApprovesFollowers: false,
    discoverable: true,
    publicKey: { id: `${id}#main-key`, owner: id, publicKeyPem },
  };
}

/** A signed request to an inbox, ready to be sent. */
export interface SignedActivity {
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

/** Signs an activity for the shared inbox of our server. */
export function signActivity(
  { privateKey }: PeerKeys,
  activity: { readonly actor: string },
): SignedActivity {
  const body = Buffer.from(JSON.stringify(activity));
  const url = new URL('https://bench.example/inbox');
  const keyId = `${activity.actor}#main-key`;
  return {
    headers: {
      'content-type': 'application/activity+json',
      'content-length': String(body.length),
      ...signedHeaders(url, body, keyId, privateKey),
    },
    body,
  };
}

let networks = 0;

/** Sends all of them, so many at once; each has to be accepted. */
export async function sendAll(
  port: number,
  activities: readonly SignedActivity[],
  atOnce = 16,
): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const waiting = [...activities];
  const work = async (): Promise<void> => {
    for (let next = waiting.pop(); next; next = waiting.pop()) await post(port, next, agent);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  agent.destroy();
}

function post(port: number, { headers, body }: SignedActivity, agent: Agent): Promise<void> {
  networks = (networks + 1) % 60_000;
  // The server believes its proxy; limits per address do not meet.
  const address = `10.9.${networks >> 8}.${networks & 255}`;
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path: '/inbox',
      method: 'POST',
      agent,
      headers: { ...headers, 'x-forwarded-for': address },
    });
    sent.on('response', (response) => {
      response.resume();
      response.on('end', () => {
        if (response.statusCode === 202) resolve();
        else reject(new Error(`The inbox answered ${response.statusCode}.`));
      });
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
