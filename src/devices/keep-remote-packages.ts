/** Remembering which key packages of other servers were taken here, so that a Welcome can name them. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import type { ChatDeviceId, ClaimedKeyPackage } from './device.js';
import { hexOf } from './learn-remote-devices.js';
import type { ShownPackage } from './shown-package.js';

/** Key packages of devices that are known. */
export interface TakenPackages {
  readonly actorId: ActorId;
  readonly packages: readonly ShownPackage[];
  /** By the hexadecimal digits of their signature keys. */
  readonly devices: ReadonlyMap<string, ChatDeviceId>;
}

// What is shared is no last resort of ours: it is marked as one that was replaced, so that it is never given out from here.
const KEEP = statement(
  'chat_key_packages.keep_remote',
  `insert into chat_key_packages (id, device_id, ref, data, ciphersuite, is_last_resort, expires_at, created_at, claimed_at,
     superseded_at)
   select id, device_id, ref, '', ciphersuite, is_shared, expires_at, $7::timestamptz, $7, case when is_shared then $7::timestamptz end
   from unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::int[], $5::bool[], $6::timestamptz[])
     as new(id, device_id, ref, ciphersuite, is_shared, expires_at) order by ref
   on conflict (ref) do nothing`,
);
const USABLE = statement(
  'chat_key_packages.usable_remote',
  `select ref from chat_key_packages where ref = any($1::bytea[]) and (is_last_resort or consumed_at is null)`,
);

/** Remembers them, the first one of each device, and answers those that no Welcome has used up. */
export async function keepRemotePackages(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  { actorId, packages, devices }: TakenPackages,
): Promise<ClaimedKeyPackage[]> {
  const now = clock.now();
  const taken = new Map<ChatDeviceId, ClaimedKeyPackage>();
  for (const { signatureKey, isShared, ...one } of packages) {
    const deviceId = devices.get(hexOf(signatureKey));
    if (deviceId && !taken.has(deviceId))
      taken.set(deviceId, { ...one, deviceId, actorId, isLastResort: isShared });
  }
  const claimed = [...taken.values()];
  await database.transaction((tx) =>
    tx.rows(KEEP, [
      claimed.map(() => newId(now)),
      claimed.map(({ deviceId }) => deviceId),
      claimed.map(({ ref }) => ref),
      claimed.map(({ ciphersuite }) => ciphersuite),
      claimed.map(({ isLastResort }) => isLastResort),
      claimed.map(({ expiresAt }) => expiresAt),
      now,
    ]),
  );
  const rows = await database.rows<{ ref: Buffer }>(USABLE, [claimed.map(({ ref }) => ref)]);
  const usable = new Set(rows.map(({ ref }) => hexOf(ref)));
  return claimed.filter(({ ref }) => usable.has(hexOf(ref)));
}
