/** Whether the keys that another server shows of somebody are those in its log. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader } from '../platform/db/database.js';
import type { RemoteKeyLogEntry } from './remote-key-log.js';

/** Keys of somebody as their server shows them. */
export interface ShownKeys {
  /** Null = no key stands for them. */
  readonly identityKey: Buffer | null;
  /** Of the devices that it has attested. */
  readonly signatureKeys: readonly Buffer[];
}

/** A key that is not in the log. */
export interface UnloggedKey {
  readonly kind: 'GHOST_DEVICE' | 'OTHER_IDENTITY';
  readonly publicKey: Buffer;
}

const IDENTITY = statement(
  'chat_identities.shown_of',
  'select public_key as "identityKey" from chat_identities where actor_id = $1',
);
const DEVICES = statement(
  'chat_devices.shown_of',
  `select signature_key as "signatureKey" from chat_devices
   where actor_id = $1 and is_proven and revoked_at is null and attestation is not null`,
);

/** What is known of the keys of somebody of another server. */
export async function findShownKeys(reader: Reader, actorId: ActorId): Promise<ShownKeys> {
  const identity = await reader.row<{ identityKey: Buffer }>(IDENTITY, [actorId]);
  const devices = await reader.rows<{ signatureKey: Buffer }>(DEVICES, [actorId]);
  return {
    identityKey: identity?.identityKey ?? null,
    signatureKeys: devices.map(({ signatureKey }) => signatureKey),
  };
}

/** What is shown and not logged. What was logged after it was shown may have replaced it, and is not held against anybody. */
export function unloggedKeys(
  { identityKey, signatureKeys }: ShownKeys,
  entries: readonly RemoteKeyLogEntry[],
): UnloggedKey[] {
  const logged = (kind: RemoteKeyLogEntry['kind'], name: string) =>
    new Set(entries.filter((one) => one.kind === kind).map(({ payload }) => saidIn(payload, name)));
  const [identities, devices] = [
    logged('IDENTITY_SET', 'identityKey'),
    logged('DEVICE_ADDED', 'signatureKey'),
  ];
  const isGhost = (key: Buffer): boolean => !devices.has(key.toString('base64'));
  const ghosts = signatureKeys.filter(isGhost);
  const isOther = identityKey !== null && !identities.has(identityKey.toString('base64'));
  return [
    ...(isOther ? [{ kind: 'OTHER_IDENTITY', publicKey: identityKey } as const] : []),
    ...ghosts.map((publicKey) => ({ kind: 'GHOST_DEVICE', publicKey }) as const),
  ];
}

function saidIn(payload: Buffer, name: string): unknown {
  return (JSON.parse(payload.toString()) as Readonly<Record<string, unknown>>)[name];
}
