/** Reads of devices and of the identities that have attested them. */
import type { ActorId } from '../actors/actor.entity.js';
import { blocksDomainOf } from '../actors/domain-blocks.queries.js';
import type { Viewer } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { NotFound } from '../platform/errors.js';
import { blockedBetween, isShown } from '../posts/visibility.js';
import {
  ENOUGH_PACKAGES,
  MOST_DEVICES,
  type ChatDeviceId,
  type ChatDeviceRow,
  type ChatIdentityRow,
} from './device.js';

/** A device that may act for its person. */
export interface ValidDevice {
  readonly id: ChatDeviceId;
  readonly actorId: ActorId;
  readonly signatureKey: Buffer;
}

/**
 * True when somebody sees the keys of an actor: the actor is shown, and no block stands between, nor one of a whole
 * server.
 *
 * @param actor alias of `actors`
 * @param viewer SQL expression of the viewer's actor id
 */
export function keysVisibleTo(actor: string, viewer: string): string {
  return `(${isShown(`${actor}.status`)} and not ${blockedBetween(`${actor}.id`, viewer)}
    and not ${blocksDomainOf(viewer, `${actor}.id`)})`;
}

const own = (column: string): string => `case when device.actor_id = $2::uuid then ${column} end`;
const SELECT = `select device.id, device.actor_id as "actorId", ${own('device.name')} as name,
    ${own('device.platform')} as platform, ${own('device.last_seen_at')} as "lastSeenAt",
    device.signature_key as "signatureKey", device.identity_version as "identityVersion", device.attestation,
    device.attested_at as "attestedAt", device.created_at as "createdAt", device.revoked_at as "revokedAt"
  from chat_devices device join actors owner on owner.id = device.actor_id`;

const BY_IDS = statement(
  'chat_devices.by_ids',
  `${SELECT} where device.id = any($1::uuid[]) and ${keysVisibleTo('owner', '$2::uuid')}`,
);
const OF_ACTORS = statement(
  'chat_devices.of_actors',
  `${SELECT} where device.actor_id = any($1::uuid[]) and device.revoked_at is null and device.is_proven
     and ${keysVisibleTo('owner', '$2::uuid')} order by device.id limit $3`,
);
const IDENTITIES = statement(
  'chat_identities.of_actors',
  `select identity.actor_id as "actorId", identity.public_key as "publicKey", identity.version, identity.since
   from chat_identities identity join actors owner on owner.id = identity.actor_id
   where identity.actor_id = any($1::uuid[]) and ${keysVisibleTo('owner', '$2::uuid')}`,
);
const SHOWN_KEYS = statement(
  'chat_identities.shown',
  `select identity.public_key as "identityKey", identity.version, array_agg(device.signature_key order by device.id) as "signatureKeys"
   from chat_identities identity join chat_devices device on device.actor_id = identity.actor_id
   where identity.actor_id = $1 and device.revoked_at is null and exists (select from chat_key_packages package
     where package.device_id = device.id and package.is_last_resort and package.superseded_at is null)
   group by identity.actor_id`,
);
// Somebody of another server about whom it was never asked may have devices, unless the document of the actor says otherwise.
const WITHOUT_DEVICES = statement(
  'actors.without_chat_devices',
  `select a.id from actors a left join remote_actors remote on remote.actor_id = a.id
     left join remote_key_lists list on list.actor_id = a.id
   where a.id = any($1::uuid[]) and not exists (select from chat_devices device
       where device.actor_id = a.id and device.revoked_at is null and device.is_proven and (a.domain is not null
         or exists (select from chat_key_packages package where package.device_id = device.id
           and package.expires_at > $2 and case when package.is_last_resort then package.superseded_at is null
             else package.consumed_at is null end)))
     and (a.domain is null or list.asked_at is not null or remote.key_packages_uri is null)`,
);
const REQUIRED = statement(
  'chat_devices.required',
  `select id, actor_id as "actorId", signature_key as "signatureKey" from chat_devices
   where id = $1 and actor_id = $2 and revoked_at is null`,
);
const PACKAGE_COUNTS = statement(
  'chat_key_packages.counts',
  `select id, (select count(*)::int from chat_key_packages where device_id = listed.id and claimed_at is null
     and not is_last_resort and expires_at > $2) as count from unnest($1::uuid[]) as listed(id)`,
);
const SEEN = statement(
  'chat_devices.seen',
  `update chat_devices set last_seen_at = $2 where id = $1 and last_seen_at < $2::timestamptz - interval '10 minutes'`,
);

/** Devices that the viewer sees, revoked ones too, by id and in no particular order. */
export function findChatDevices(
  reader: Reader,
  ids: readonly string[],
  viewerId: ActorId,
): Promise<ChatDeviceRow[]> {
  return reader.rows<ChatDeviceRow>(BY_IDS, [ids, viewerId]);
}

/** Valid devices of several actors whose keys the viewer sees, the oldest first. */
export function findChatDevicesOf(
  reader: Reader,
  actorIds: readonly string[],
  viewerId: ActorId,
): Promise<ChatDeviceRow[]> {
  const limit = actorIds.length * MOST_DEVICES;
  return reader.rows<ChatDeviceRow>(OF_ACTORS, [actorIds, viewerId, limit]);
}

/** Identities of several actors whose keys the viewer sees. */
export function findChatIdentities(
  reader: Reader,
  actorIds: readonly string[],
  viewerId: ActorId,
): Promise<ChatIdentityRow[]> {
  return reader.rows<ChatIdentityRow>(IDENTITIES, [actorIds, viewerId]);
}

/** What everybody is told of the keys of somebody of here: those of devices that others can take into a conversation. */
export interface ShownKeys {
  readonly identityKey: Buffer;
  readonly version: number;
  readonly signatureKeys: readonly Buffer[];
}

/** The keys of somebody of here; null when others cannot take them into a conversation. */
export function findShownKeys(reader: Reader, actorId: ActorId): Promise<ShownKeys | null> {
  return reader.row<ShownKeys>(SHOWN_KEYS, [actorId]);
}

/** Those of these people who have no device that could be let into a group; of other servers, as far as these have said. */
export async function findWithoutDevices(
  reader: Reader,
  actorIds: readonly ActorId[],
  now: Date,
): Promise<ReadonlySet<ActorId>> {
  const rows = await reader.rows<{ id: ActorId }>(WITHOUT_DEVICES, [actorIds, now]);
  return new Set(rows.map(({ id }) => id));
}

/**
 * The viewer's own device, which is valid.
 *
 * @throws {NotFound} NOT_FOUND for a revoked one as for that of somebody else
 */
export async function requireDevice(
  reader: Reader,
  viewer: Pick<Viewer, 'actorId'>,
  deviceId: ChatDeviceId,
  path: readonly string[] = ['deviceId'],
): Promise<ValidDevice> {
  const device = await reader.row<ValidDevice>(REQUIRED, [deviceId, viewer.actorId]);
  if (!device) throw new NotFound(path);
  return device;
}

/** Remembers, to ten minutes, when a device last asked for something. */
export async function markDeviceSeen(
  reader: Reader,
  deviceId: ChatDeviceId,
  now: Date,
): Promise<void> {
  await reader.rows(SEEN, [deviceId, now]);
}

/** How many key packages of each device wait to be claimed, without the last resort. */
export function countKeyPackages(
  reader: Reader,
  deviceIds: readonly string[],
  now: Date,
): Promise<{ readonly id: ChatDeviceId; readonly count: number }[]> {
  return reader.rows(PACKAGE_COUNTS, [deviceIds, now]);
}

/** True when a device should publish more key packages. */
export function needsKeyPackages(count: number): boolean {
  return count < ENOUGH_PACKAGES;
}
