/** The keys with which local actors and the server sign. Made when first needed, sealed at rest, replaced by `rotate-keys.ts`. */
import { createPrivateKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { instanceActorUri, keyIdOf } from './addresses.js';
import { OwnKeysMemory } from './internal/own-keys-memory.js';

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
  /** The one before, for those who have not heard of this one yet; null = none, or it must not be used any more. */
  readonly former: FormerKey | null;
}

/** A key that was replaced. */
export interface FormerKey {
  readonly key: KeyObject;
  readonly replacedAt: Date;
}

/** What keys take. */
export type KeyServices = Pick<Services, 'database' | 'sealer' | 'clock' | 'config'>;

interface KeyRow {
  readonly publicKeyPem: string;
  readonly sealed: string;
  readonly formerSealed: string | null;
  readonly replacedAt: Date | null;
}

const FIND = statement(
  'signing_keys.find',
  `select k.public_key_pem as "publicKeyPem", k.sealed_private_key as sealed, former.sealed_private_key as "formerSealed",
     former.replaced_at as "replacedAt"
   from signing_keys k left join lateral (select * from former_signing_keys f where f.owner_uri = k.owner_uri
     and f.sealed_private_key is not null order by f.rotation desc limit 1) former on true
   where k.owner_uri = $1`,
);
const ADD = statement(
  'signing_keys.add',
  `insert into signing_keys (owner_uri, actor_id, public_key_pem, sealed_private_key, created_at)
   values ($1, $2, $3, $4, $5) on conflict do nothing`,
);

const MODULUS_BITS = 2048;
const makeKeyPair = promisify(generateKeyPair);
const remembered = new OwnKeysMemory<SigningKey>();

/** The key of an actor or of the server; of two processes that make the first one at once, one wins. */
export function signingKeyOf(services: KeyServices, owner: KeyOwner): Promise<SigningKey> {
  return remembered.get(services, owner.uri, async () => {
    const row = (await findKey(services, owner)) ?? (await addKey(services, owner));
    const { publicKeyPem, sealed, formerSealed, replacedAt } = row;
    const open = (text: string): KeyObject => openKey(services, owner, text);
    const former =
      formerSealed !== null && replacedAt ? { key: open(formerSealed), replacedAt } : null;
    return { keyId: keyIdOf(owner.uri), key: open(sealed), publicKeyPem, former };
  });
}

/** The server as an owner of keys. */
export function serverAsOwner({ config }: Pick<KeyServices, 'config'>): KeyOwner {
  return { uri: instanceActorUri(config), actorId: null };
}

/** The key of the server. */
export function instanceKey(services: KeyServices): Promise<SigningKey> {
  return signingKeyOf(services, serverAsOwner(services));
}

function findKey({ database }: KeyServices, { uri }: KeyOwner): Promise<KeyRow | null> {
  return database.row<KeyRow>(FIND, [uri]);
}

function openKey({ sealer }: KeyServices, owner: KeyOwner, sealed: string): KeyObject {
  const key = Buffer.from(sealer.unseal(sealed, contextOf(owner)));
  return createPrivateKey({ key, format: 'der', type: 'pkcs8' });
}

async function addKey(services: KeyServices, owner: KeyOwner): Promise<KeyRow> {
  const { publicKeyPem, sealed } = await makeSigningKey(services, owner);
  const values = [owner.uri, owner.actorId, publicKeyPem, sealed, services.clock.now()];
  await services.database.transaction((tx) => tx.rows(ADD, values));
  return (await findKey(services, owner))!;
}

/** A new key as it is stored. Made on the thread pool: some 30 ms of computing. */
export async function makeSigningKey(
  { sealer }: Pick<KeyServices, 'sealer'>,
  owner: KeyOwner,
): Promise<Pick<KeyRow, 'publicKeyPem' | 'sealed'>> {
  const { publicKey, privateKey } = await makeKeyPair('rsa', {
    modulusLength: MODULUS_BITS,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return { publicKeyPem: publicKey, sealed: sealer.seal(privateKey, contextOf(owner)) };
}

function contextOf({ uri }: KeyOwner): string {
  return `signing_keys:${uri}`;
}
