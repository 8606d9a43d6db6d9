/** Devices by what names them between servers: whose they are, and their signature key. */
import type { ActorId } from '../actors/actor.entity.js';
import { addSeconds } from '../platform/clock.js';
import type { Services } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import type { ChatDeviceId } from './device.js';
import { chatDeviceNamed } from './devices.events.js';

/** A device that was named. */
export interface NamedDevice {
  readonly id: ChatDeviceId;
  readonly actorId: ActorId;
  readonly signatureKey: Buffer;
  /** Its key package has shown that its person has the key; false = somebody only said so. */
  readonly isProven: boolean;
  /** Null = it is valid, as far as is known. */
  readonly revokedAt: Date | null;
}

/** Devices of one person that are kept though only others have named them. */
const MOST_UNPROVEN = 30;
const ASK_AGAIN_SECONDS = 60;
/** So many times in a row at first: somebody who has been asked for takes another device into use. */
const ASK_BURST = 4;

const BY_KEY = statement(
  'chat_devices.by_key',
  `select id, actor_id as "actorId", signature_key as "signatureKey", is_proven as "isProven", revoked_at as "revokedAt"
   from chat_devices where actor_id = $1 and signature_key = $2`,
);
const NAME = statement(
  'chat_devices.name',
  `insert into chat_devices (id, actor_id, name, platform, signature_key, created_at, last_seen_at, is_proven)
   select $1, $2, '', '', $3, $4, $4, false
   where (select count(*) from chat_devices where actor_id = $2 and not is_proven) < ${MOST_UNPROVEN}
   on conflict do nothing returning id`,
);
const UNPROVEN = statement(
  'chat_devices.unproven',
  'select id from chat_devices where actor_id = $1 and not is_proven and revoked_at is null limit 1',
);
// A place in time that moves on by a pause with each question, and lies no further ahead than the burst.
const TRY = statement(
  'remote_key_lists.try',
  `insert into remote_key_lists as list (actor_id, tried_at) values ($1, $2)
   on conflict (actor_id) do update
     set tried_at = greatest(list.tried_at + interval '${ASK_AGAIN_SECONDS} seconds', excluded.tried_at)
     where list.tried_at <= $3 returning actor_id`,
);

/** The device of somebody that has this signature key, revoked ones too; null = none is known. */
export function findNamedDevice(
  reader: Reader,
  actorId: ActorId,
  signatureKey: Uint8Array,
): Promise<NamedDevice | null> {
  return reader.row<NamedDevice>(BY_KEY, [actorId, signatureKey]);
}

/** Keeps a device of which only others say that somebody has it; null once there are too many of these. */
export async function keepNamedDevice(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  actorId: ActorId,
  signatureKey: Uint8Array,
): Promise<NamedDevice | null> {
  const now = clock.now();
  const deviceId = newId<'chatdevice'>(now);
  await database.transaction(async (tx) => {
    if (await tx.row(NAME, [deviceId, actorId, signatureKey, now]))
      await tx.append(chatDeviceNamed, { deviceId, actorId });
  });
  return findNamedDevice(database, actorId, signatureKey);
}

/** Whether somebody has a device that only others have named. */
export async function hasUnprovenDevices(reader: Reader, actorId: ActorId): Promise<boolean> {
  return (await reader.row(UNPROVEN, [actorId])) !== null;
}

/** Whether the server of somebody may be asked for their devices now because others name them: four times, and then once in a minute. */
export async function mayAskForKeys(
  { database, clock }: Pick<Services, 'database' | 'clock'>,
  actorId: ActorId,
): Promise<boolean> {
  const now = clock.now();
  const values = [actorId, now, addSeconds(now, ASK_AGAIN_SECONDS * (ASK_BURST - 2))];
  return (await database.transaction((tx) => tx.row(TRY, values))) !== null;
}
