/** The keys with which local actors and the server sign. Made when first needed, sealed at rest. */
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { LRUCache } from 'lru-cache';
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { instanceActorUri, keyIdOf } from './addresses.js';

/** Who signs: an actor, or (without `actorId`) the server itself. */
export interface KeyOwner {
  readonly uri: string;
  readonly actorId: ActorId | null;
}

/** A key and its name. */
export interface SigningKey {
  readonly keyId: string;
  readonly key: KeyObject;
  readonly publicKeyPem: string;
}

/** What keys take. */
export type KeyServices = Pick<Services, 'database' | 'sealer' | 'clock' | 'config'>;

interface KeyRow {
  readonly publicKeyPem: string;
  readonly sealed: string;
}

const FIND = statement(
  'signing_keys.find',
  'select public_key_pem as "publicKeyPem", sealed_private_key as sealed from signing_keys where owner_uri = $1',
);
const ADD = statement(
  'signing_keys.add',
  `insert into signing_keys (owner_uri, actor_id, public_key_pem, sealed_private_key, created_at)
   values ($1, $2, $3, $4, $5) on conflict do nothing`,
);

const MODULUS_BITS = 2048;
const makeKeyPair = promisify(generateKeyPair);
const remembered = new LRUCache<string, SigningKey>({ max: 2_000 });

/** The key of an actor or of the server; of two processes that make the first one at once, one wins. */
export async function signingKeyOf(services: KeyServices, owner: KeyOwner): Promise<SigningKey> {
  const id = `${services.sealer.keyFingerprint}:${owner.uri}`;
  const known = remembered.get(id);
  if (known) return known;
  const row = (await findKey(services, owner)) ?? (await addKey(services, owner));
  const privateKey = Buffer.from(services.sealer.unseal(row.sealed, contextOf(owner)));
  const key = {
    keyId: keyIdOf(owner.uri),
    key: createPrivateKey({ key: privateKey, format: 'der', type: 'pkcs8' }),
    publicKeyPem: row.publicKeyPem,
  };
  remembered.set(id, key);
  return key;
}

/** The key of the server. */
export function instanceKey(services: KeyServices): Promise<SigningKey> {
  return signingKeyOf(services, { uri: instanceActorUri(services.config), actorId: null });
}

function findKey({ database }: KeyServices, { uri }: KeyOwner): Promise<KeyRow | null> {
  return database.row<KeyRow>(FIND, [uri]);
}

/** Made on the thread pool: some 30 ms of computing. */
async function addKey(services: KeyServices, owner: KeyOwner): Promise<KeyRow> {
  const { publicKey, privateKey } = await makeKeyPair('rsa', {
    modulusLength: MODULUS_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  const sealed = services.sealer.seal(privateKey, contextOf(owner));
  const values = [owner.uri, owner.actorId, publicKey, sealed, services.clock.now()];
  await services.database.transaction((tx) => tx.rows(ADD, values));
  return (await findKey(services, owner))!;
}

function contextOf({ uri }: KeyOwner): string {
  return `signing_keys:${uri}`;
}
