// People of a scripted server who chat encrypted: their lists of key packages, as our kind of server or another shows them.
import { attestationOf } from '../../src/devices/attestation.js';
import type { FakePeer, PeerActor } from './fake-peer.js';
import {
  base64,
  makeKeyPackage,
  newKey,
  signed,
  type Oddities,
  type TestKey,
} from './key-packages.js';

/** Somebody of another server with a list of key packages. */
export interface RemoteChatter {
  readonly actor: PeerActor;
  readonly identity: TestKey;
}

/** An item of the list. */
export type Item = Record<string, unknown>;

let items = 0;

/** Somebody whose document names a list, which is empty. */
export async function remoteChatter(peer: FakePeer, name: string): Promise<RemoteChatter> {
  const uri = `${peer.origin}/users/${name}`;
  const actor = peer.actor(name, { keyPackages: `${uri}/keyPackages` });
  showItems(peer, actor, []);
  return { actor, identity: await newKey() };
}

/** Answers with this list from now on. */
export function showItems(peer: FakePeer, { uri }: PeerActor, list: readonly unknown[]): void {
  peer.serve(new URL(`${uri}/keyPackages`).pathname, {
    body: {
      '@context': 'https://www.w3.org/ns/activitystreams',
      id: `${uri}/keyPackages`,
      type: 'Collection',
      totalItems: list.length,
      items: list,
    },
  });
}

/** A key package as the draft has it, with nothing of ours. */
export async function draftItem(
  uri: string,
  key: TestKey,
  now: Date,
  { bytes, ...oddities }: Oddities & { readonly bytes?: Uint8Array } = {},
): Promise<Item> {
  return {
    id: `${uri}/keyPackages/${(items += 1)}`,
    type: 'KeyPackage',
    attributedTo: uri,
    mediaType: 'message/mls',
    encoding: 'base64',
    content: base64(bytes ?? (await makeKeyPackage(uri, key, now, oddities))),
  };
}

/** A key package as our kind of server shows it. */
export async function attestedItem(
  { actor, identity }: RemoteChatter,
  key: TestKey,
  now: Date,
  more: { readonly version?: number; readonly lastResort?: boolean } = {},
): Promise<Item> {
  const about = {
    actorUri: actor.uri,
    identityKey: identity.publicKey,
    signatureKey: key.publicKey,
    attestedAt: now,
  };
  return {
    ...(await draftItem(actor.uri, key, now)),
    lastResort: more.lastResort ?? false,
    attestation: {
      identityKey: base64(identity.publicKey),
      identityVersion: more.version ?? 1,
      attestedAt: now.toISOString(),
      signature: base64(signed(identity, attestationOf(about))),
    },
  };
}
