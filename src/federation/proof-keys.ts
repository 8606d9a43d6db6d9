/** The keys with which local actors prove what they say. Made when first needed, sealed at rest. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { statement } from '../platform/db/database.js';
import { proofKeyIdOf } from './addresses.js';
import type { ProofKey } from './internal/integrity-proof.js';
import { toMultikey } from './internal/multibase.js';
import { signingKeyOf, type KeyOwner, type KeyServices } from './signing-keys.js';

/** A key with what is published of it. */
export interface OwnProofKey extends ProofKey {
  readonly multibase: string;
}

const FIND = statement(
  'proof_keys.find',
  'select sealed_proof_key as sealed from signing_keys where owner_uri = $1 and sealed_proof_key is not null',
);
const ADD = statement(
  'proof_keys.add',
  `update signing_keys set public_proof_key = $2, sealed_proof_key = $3
   where owner_uri = $1 and sealed_proof_key is null`,
);

const remembered = new LRUCache<string, OwnProofKey>({ max: 2_000 });

/** The key of an actor; of two processes that make the first one at once, one wins. */
export async function proofKeyOf(services: KeyServices, owner: KeyOwner): Promise<OwnProofKey> {
  const name = `${services.sealer.keyFingerprint}:${owner.uri}`;
  const known = remembered.get(name);
  if (known) return known;
  const sealed = (await findKey(services, owner)) ?? (await addKey(services, owner));
  const der = Buffer.from(services.sealer.unseal(sealed, contextOf(owner)));
  const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  const multibase = toMultikey(createPublicKey(key));
  const made = { id: proofKeyIdOf(owner.uri), key, multibase };
  remembered.set(name, made);
  return made;
}

async function findKey({ database }: KeyServices, { uri }: KeyOwner): Promise<string | null> {
  return (await database.row<{ sealed: string }>(FIND, [uri]))?.sealed ?? null;
}

/** It stands beside the other key of the actor. */
async function addKey(services: KeyServices, owner: KeyOwner): Promise<string> {
  await signingKeyOf(services, owner);
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  const values = [owner.uri, toMultikey(publicKey), services.sealer.seal(der, contextOf(owner))];
  await services.database.transaction((tx) => tx.rows(ADD, values));
  return (await findKey(services, owner))!;
}

function contextOf({ uri }: KeyOwner): string {
  return `proof_keys:${uri}`;
}
