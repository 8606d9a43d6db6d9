/** The keys with which local actors prove what they say. Made when first needed, sealed at rest, replaced by `rotate-keys.ts`. */
import { createPrivateKey, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { statement } from '../platform/db/database.js';
import { proofKeyIdOf } from './addresses.js';
import type { ProofKey, PublicProofKey } from './internal/integrity-proof.js';
import { toMultikey } from './internal/multibase.js';
import { OwnKeysMemory } from './internal/own-keys-memory.js';
import { signingKeyOf, type KeyOwner, type KeyServices } from './signing-keys.js';

/** A key with what is published of it. */
export interface OwnProofKey extends ProofKey, PublicProofKey {
  /** Those before it, the latest first: what they have proven stays proven. */
  readonly former: readonly PublicProofKey[];
}

interface KeyRow {
  readonly name: string;
  readonly sealed: string;
  readonly former: readonly { readonly name: string; readonly multibase: string }[];
}

/** As many former keys are published. */
const MOST_FORMER = 5;

const FIND = statement(
  'proof_keys.find',
  `select k.proof_key_name as name, k.sealed_proof_key as sealed, (select coalesce(json_agg(
       json_build_object('name', f.proof_key_name, 'multibase', f.public_proof_key) order by f.rotation desc), '[]')
     from (select * from former_signing_keys where owner_uri = k.owner_uri and public_proof_key is not null
       order by rotation desc limit ${MOST_FORMER}) f) as former
   from signing_keys k where k.owner_uri = $1 and k.sealed_proof_key is not null`,
);
const ADD = statement(
  'proof_keys.add',
  `update signing_keys set public_proof_key = $2, sealed_proof_key = $3
   where owner_uri = $1 and sealed_proof_key is null`,
);

const remembered = new OwnKeysMemory<OwnProofKey>();

/** The key of an actor; of two processes that make the first one at once, one wins. */
export function proofKeyOf(services: KeyServices, owner: KeyOwner): Promise<OwnProofKey> {
  return remembered.get(services, owner.uri, async () => {
    const row = (await findKey(services, owner)) ?? (await addKey(services, owner));
    const der = Buffer.from(services.sealer.unseal(row.sealed, contextOf(owner)));
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    const idOf = (name: string): string => proofKeyIdOf(owner.uri, name);
    return {
      id: idOf(row.name),
      key,
      multibase: toMultikey(createPublicKey(key)),
      former: row.former.map(({ name, multibase }) => ({ id: idOf(name), multibase })),
    };
  });
}

function findKey({ database }: KeyServices, { uri }: KeyOwner): Promise<KeyRow | null> {
  return database.row<KeyRow>(FIND, [uri]);
}

/** It stands beside the other key of the actor. */
async function addKey(services: KeyServices, owner: KeyOwner): Promise<KeyRow> {
  await signingKeyOf(services, owner);
  const { multibase, sealed } = makeProofKey(services, owner);
  await services.database.transaction((tx) => tx.rows(ADD, [owner.uri, multibase, sealed]));
  return (await findKey(services, owner))!;
}

/** A new key as it is stored. */
export function makeProofKey(
  { sealer }: Pick<KeyServices, 'sealer'>,
  owner: KeyOwner,
): { readonly multibase: string; readonly sealed: string } {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const der = privateKey.export({ type: 'pkcs8', format: 'der' });
  return { multibase: toMultikey(publicKey), sealed: sealer.seal(der, contextOf(owner)) };
}

function contextOf({ uri }: KeyOwner): string {
  return `proof_keys:${uri}`;
}
