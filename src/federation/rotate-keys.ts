/** Replaces the keys of a local actor or of the server. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import { keysRotated } from './federation.events.js';
import { makeProofKey } from './proof-keys.js';
import { makeSigningKey, type KeyOwner, type KeyServices } from './signing-keys.js';

// One after the other, so that whoever goes by the greatest number misses none.
const LOCK = statement(
  'signing_keys.lock_rotation',
  `select pg_advisory_xact_lock(hashtextextended('signing_key_rotations', 0))`,
);
const KEEP = statement(
  'former_signing_keys.add',
  `insert into former_signing_keys (owner_uri, rotation, sealed_private_key, proof_key_name, public_proof_key, replaced_at)
   select owner_uri, coalesce(rotation, 0), sealed_private_key,
     case when public_proof_key is not null then proof_key_name end, public_proof_key, $2
   from signing_keys where owner_uri = $1`,
);
const DROP_ALL = statement(
  'former_signing_keys.drop',
  'delete from former_signing_keys where owner_uri = $1',
);
const REPLACE = statement(
  'signing_keys.replace',
  `update signing_keys set public_key_pem = $2, sealed_private_key = $3, public_proof_key = $4, sealed_proof_key = $5,
     rotation = next.number, proof_key_name = 'ed25519-key-' || next.number, created_at = $6
   from (select nextval('signing_key_rotations') as number) next where owner_uri = $1 returning owner_uri`,
);
const OWNERS = statement(
  'signing_keys.owners',
  `select owner_uri as uri, actor_id as "actorId" from signing_keys where owner_uri > $1 order by owner_uri limit 200`,
);

/** How keys are replaced. */
export interface Rotation {
  /** Somebody else may have the keys before: they prove nothing any more, and nothing more is signed with them. */
  readonly isRevoking: boolean;
}

/**
 * Replaces the keys of an owner. Those before are kept for a while: with one the followers' servers are told of the new one,
 * which they may only then believe, and by the other what was proven with it stays proven.
 *
 * Opens its own transaction.
 *
 * @returns false when the owner has none yet: they are made when they are first needed
 */
export async function rotateKeys(
  services: KeyServices,
  owner: KeyOwner,
  { isRevoking }: Rotation,
): Promise<boolean> {
  const { publicKeyPem, sealed } = await makeSigningKey(services, owner);
  // The server proves nothing: it says nothing to everybody.
  const proof = owner.actorId === null ? null : makeProofKey(services, owner);
  const now = services.clock.now();
  return services.database.transaction(async (tx) => {
    await tx.rows(LOCK, []);
    if (isRevoking) await tx.rows(DROP_ALL, [owner.uri]);
    else await tx.rows(KEEP, [owner.uri, now]);
    const made = [publicKeyPem, sealed, proof?.multibase ?? null, proof?.sealed ?? null];
    if (!(await tx.row(REPLACE, [owner.uri, ...made, now]))) return false;
    if (owner.actorId !== null) await tx.append(keysRotated, { actorId: owner.actorId });
    return true;
  });
}

/** Everybody here who has keys, the server among them. */
export async function* eachKeyOwner(reader: Reader): AsyncGenerator<KeyOwner> {
  for (let after = ''; ;) {
    const page = await reader.rows<{ uri: string; actorId: ActorId | null }>(OWNERS, [after]);
    yield* page;
    const last = page.at(-1);
    if (!last) return;
    after = last.uri;
  }
}
