/** Laying out key packages, with which others take a device into conversations while it is away. */
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid, NotFound, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { MOST_PACKAGES, PACKAGES_PER_CALL, type ChatDeviceId } from './device.js';
import { chatDeviceReady } from './devices.events.js';
import { countKeyPackages, markDeviceSeen, requireDevice } from './devices.queries.js';
import { ownerOf } from './internal/owner-of.js';
import {
  readPackage,
  type OfferedKeyPackage,
  type SoundKeyPackage,
} from './internal/read-package.js';

const LIMIT = { name: 'key-package', points: 3000, windowSeconds: 86_400, failsClosed: false };

const LOCK = statement(
  'chat_devices.lock',
  'select id from chat_devices where id = $1 and revoked_at is null for update',
);
const KNOWN = statement(
  'chat_key_packages.known',
  'select ref from chat_key_packages where ref = any($1::bytea[])',
);
const FORGET_SUPERSEDED = statement(
  'chat_key_packages.forget_superseded',
  'delete from chat_key_packages where device_id = $1 and superseded_at is not null',
);
const SUPERSEDE = statement(
  'chat_key_packages.supersede',
  `update chat_key_packages set superseded_at = $2 where device_id = $1 and is_last_resort and superseded_at is null`,
);
const INSERT = statement(
  'chat_key_packages.insert',
  `insert into chat_key_packages (id, device_id, ref, data, ciphersuite, is_last_resort, expires_at, created_at)
   select id, $1::uuid, ref, data, ciphersuite, is_last_resort, expires_at, $8::timestamptz
   from unnest($2::uuid[], $3::bytea[], $4::bytea[], $5::int[], $6::bool[], $7::timestamptz[])
     with ordinality as new(id, ref, data, ciphersuite, is_last_resort, expires_at, place) order by place`,
);
const HAS_LAST_RESORT = statement(
  'chat_key_packages.has_last_resort',
  `select id from chat_key_packages where device_id = $1 and is_last_resort and superseded_at is null`,
);

/**
 * Lays out key packages of a device of the viewer. Those that are known already stay as they are, so a repeat changes
 * nothing. A new last resort takes the place of the former, which a Welcome that is under way may still name. Opens its
 * own transaction.
 *
 * @throws {NotFound} NOT_FOUND
 * @throws {Invalid} INVALID_INPUT, with the place of the package and what is wrong with it
 * @throws {TooMany} LIMIT_EXCEEDED for more than 100 at once, or more than 200 that wait
 * @throws {RateLimited} RATE_LIMITED for more than 3,000 in a day
 */
export async function publishKeyPackages(
  context: CommandContext,
  deviceId: ChatDeviceId,
  offered: readonly OfferedKeyPackage[],
): Promise<void> {
  const viewer = requireViewer(context);
  const { database } = context;
  const now = context.clock.now();
  requireSize(offered);
  const device = await requireDevice(database, viewer, deviceId);
  await requireRate(context, LIMIT, viewer.accountId, offered.length);
  const { actorUri } = await ownerOf(database, viewer.actorId);
  const owner = { actorUri, signatureKey: device.signatureKey, now };
  const sound: SoundKeyPackage[] = [];
  for (const [index, one] of offered.entries())
    sound.push(await readPackage(one, owner, ['keyPackages', String(index), 'data']));
  await database.transaction(async (tx) => {
    const isFirst = await store(tx, deviceId, sound, now);
    if (isFirst) await tx.append(chatDeviceReady, { deviceId, actorId: viewer.actorId });
  });
  await markDeviceSeen(database, deviceId, now);
}

function requireSize(offered: readonly OfferedKeyPackage[]): void {
  if (offered.length === 0)
    throw new Invalid('There is no key package.', ['keyPackages'], 'MIN_ITEMS', '1');
  if (offered.length > PACKAGES_PER_CALL)
    throw new TooMany(`At most ${PACKAGES_PER_CALL} at once.`, PACKAGES_PER_CALL, ['keyPackages']);
  if (offered.filter(({ isLastResort }) => isLastResort).length > 1)
    throw new Invalid('Only one is the last resort.', ['keyPackages'], 'LAST_RESORT');
}

/** True when these are the first ones of the device. */
async function store(
  tx: Transaction,
  deviceId: ChatDeviceId,
  sound: readonly SoundKeyPackage[],
  now: Date,
): Promise<boolean> {
  if (!(await tx.row(LOCK, [deviceId]))) throw new NotFound(['deviceId']);
  const isFirst = !(await tx.row(HAS_LAST_RESORT, [deviceId]));
  const fresh = await withoutKnown(tx, sound);
  if (fresh.some(({ isLastResort }) => isLastResort)) {
    await tx.rows(FORGET_SUPERSEDED, [deviceId]);
    await tx.rows(SUPERSEDE, [deviceId, now]);
  }
  await insert(tx, deviceId, fresh, now);
  if (!(await tx.row(HAS_LAST_RESORT, [deviceId])))
    throw new Invalid('The device has no last resort yet.', ['keyPackages'], 'LAST_RESORT');
  const [waiting] = await countKeyPackages(tx, [deviceId], now);
  if (waiting!.count > MOST_PACKAGES)
    throw new TooMany(`At most ${MOST_PACKAGES} wait.`, MOST_PACKAGES, ['keyPackages']);
  return isFirst;
}

async function withoutKnown(
  tx: Transaction,
  sound: readonly SoundKeyPackage[],
): Promise<SoundKeyPackage[]> {
  const byRef = new Map(sound.map((one) => [one.ref.toString('hex'), one]));
  const rows = await tx.rows<{ ref: Buffer }>(KNOWN, [sound.map(({ ref }) => ref)]);
  for (const { ref } of rows) byRef.delete(ref.toString('hex'));
  return [...byRef.values()];
}

async function insert(
  tx: Transaction,
  deviceId: ChatDeviceId,
  fresh: readonly SoundKeyPackage[],
  now: Date,
): Promise<void> {
  await tx.rows(INSERT, [
    deviceId,
    fresh.map(() => newId(now)),
    fresh.map(({ ref }) => ref),
    fresh.map(({ bytes }) => bytes),
    fresh.map(({ ciphersuite }) => ciphersuite),
    fresh.map(({ isLastResort }) => isLastResort),
    fresh.map(({ expiresAt }) => expiresAt),
    now,
  ]);
}
