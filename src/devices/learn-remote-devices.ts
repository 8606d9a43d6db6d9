/** Keeping what another server says of the devices of its people, as far as they have shown to be theirs. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Transaction } from '../platform/db/database.js';
import type { Services } from '../platform/context.js';
import { newId } from '../platform/ids.js';
import { MOST_DEVICES, type ChatDeviceId } from './device.js';
import { chatDeviceRevoked } from './devices.events.js';
import { spoilRemoteKeyLog } from './remote-key-log-reads.js';
import { agreedIdentity, type ShownIdentity, type ShownPackage } from './shown-package.js';

/** Whose list of key packages was read, and what of it is sound. */
export interface RemoteKeyList {
  readonly actorId: ActorId;
  /** When its server was asked: what was asked for earlier and comes later changes nothing. */
  readonly askedAt: Date;
  readonly packages: readonly ShownPackage[];
}

const ASKED = statement(
  'remote_key_lists.asked',
  `insert into remote_key_lists as list (actor_id, tried_at, asked_at) values ($1, $2, $2)
   on conflict (actor_id) do update set asked_at = excluded.asked_at
     where list.asked_at is null or list.asked_at <= excluded.asked_at
   returning actor_id`,
);
const KEEP_IDENTITY = statement(
  'chat_identities.keep_remote',
  `insert into chat_identities as known (actor_id, public_key, version, since) values ($1, $2, $3, $4)
   on conflict (actor_id) do update set public_key = excluded.public_key,
     version = greatest(known.version + 1, excluded.version), since = excluded.since
     where known.public_key <> excluded.public_key`,
);
const VERSION = statement(
  'chat_identities.version',
  'select version from chat_identities where actor_id = $1',
);
const NAME_DEVICE = statement(
  'chat_devices.name_remote',
  `insert into chat_devices (id, actor_id, name, platform, signature_key, created_at, last_seen_at, is_proven)
   values ($1, $2, '', '', $3, $4, $4, false) on conflict do nothing`,
);
// Whoever shows somebody else's key, which takes having it, is not believed: the first one keeps it.
const KEEP_DEVICE = statement(
  'chat_devices.keep_remote',
  `update chat_devices device set is_proven = true, identity_version = $3, attestation = $4, attested_at = $5,
     last_seen_at = $6, revoked_at = null
   where actor_id = $1 and signature_key = $2 and not exists (select from chat_devices other
     where other.signature_key = $2 and other.is_proven and other.actor_id <> $1)
   returning id`,
);
const END_OTHERS = statement(
  'chat_devices.end_unlisted',
  `update chat_devices set revoked_at = $3
   where actor_id = $1 and is_proven and revoked_at is null and id <> all($2::uuid[])
   returning id, attestation is not null as "isAttested"`,
);
const KNOWN = statement(
  'chat_devices.known_remote',
  `select id, signature_key as "signatureKey" from chat_devices
   where actor_id = $1 and signature_key = any($2::bytea[]) and is_proven and revoked_at is null`,
);

/**
 * Keeps the identity and the devices that a list of key packages shows, at most six, and ends those that it does not show
 * any more. An identity key that takes the place of another has a higher version, whatever its server says. Opens its own
 * transaction.
 *
 * @returns the devices by the hexadecimal digits of their signature keys
 */
export async function learnRemoteDevices(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  list: RemoteKeyList,
): Promise<ReadonlyMap<string, ChatDeviceId>> {
  const now = clock.now();
  const shown = devicesIn(list.packages);
  return database.transaction(async (tx) => {
    if (!(await tx.row(ASKED, [list.actorId, list.askedAt]))) return findKnown(tx, list);
    const known = await findKnown(tx, list);
    const version = await keepIdentity(tx, list, now);
    const kept = new Map<string, ChatDeviceId>();
    for (const one of shown) {
      const id = await keepDevice(tx, list.actorId, { one, version, now });
      if (id) kept.set(hexOf(one.signatureKey), id);
    }
    await endOthers(tx, list.actorId, [...kept.values()], now);
    if (kept.size > known.size) await spoilRemoteKeyLog(tx, list.actorId);
    return kept;
  });
}

/** The first package of each device. */
function devicesIn(packages: readonly ShownPackage[]): ShownPackage[] {
  const devices = new Map<string, ShownPackage>();
  for (const one of packages)
    if (!devices.has(hexOf(one.signatureKey))) devices.set(hexOf(one.signatureKey), one);
  return [...devices.values()].slice(0, MOST_DEVICES);
}

async function keepIdentity(
  tx: Transaction,
  { actorId, packages }: RemoteKeyList,
  now: Date,
): Promise<number | null> {
  const identity: ShownIdentity | null = agreedIdentity(packages);
  if (!identity) return null;
  await tx.rows(KEEP_IDENTITY, [actorId, identity.key, identity.version, now]);
  return (await tx.row<{ version: number }>(VERSION, [actorId]))!.version;
}

interface KeptDevice {
  readonly one: ShownPackage;
  readonly version: number | null;
  readonly now: Date;
}

async function keepDevice(
  tx: Transaction,
  actorId: ActorId,
  { one, version, now }: KeptDevice,
): Promise<ChatDeviceId | null> {
  const { signatureKey, attested } = one;
  await tx.rows(NAME_DEVICE, [newId<'chatdevice'>(now), actorId, signatureKey, now]);
  const said = attested ? [version, attested.attestation, attested.attestedAt] : [null, null, null];
  const kept = await tx.row<{ id: ChatDeviceId }>(KEEP_DEVICE, [
    actorId,
    signatureKey,
    ...said,
    now,
  ]);
  return kept?.id ?? null;
}

/** Of servers that know no attestations, what is not listed may only have run out of key packages. */
async function endOthers(
  tx: Transaction,
  actorId: ActorId,
  keptIds: readonly ChatDeviceId[],
  now: Date,
): Promise<void> {
  const ended = await tx.rows<{ id: ChatDeviceId; isAttested: boolean }>(END_OTHERS, [
    actorId,
    keptIds,
    now,
  ]);
  for (const { id, isAttested } of ended)
    if (isAttested) await tx.append(chatDeviceRevoked, { deviceId: id, actorId });
}

async function findKnown(
  tx: Transaction,
  { actorId, packages }: RemoteKeyList,
): Promise<ReadonlyMap<string, ChatDeviceId>> {
  const keys = devicesIn(packages).map(({ signatureKey }) => signatureKey);
  const rows = await tx.rows<{ id: ChatDeviceId; signatureKey: Buffer }>(KNOWN, [actorId, keys]);
  return new Map(rows.map(({ id, signatureKey }) => [hexOf(signatureKey), id]));
}

/** Hexadecimal digits. */
export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}
