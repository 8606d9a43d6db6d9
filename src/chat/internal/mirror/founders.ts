/** Devices of people here that make the group of a mirrored conversation anew: they are in it without a Welcome. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../../devices/device.js';
import { statement, type Reader, type Transaction } from '../../../platform/db/database.js';
import { joinGroup, type GroupPlace } from '../encrypted-group.js';
import { openMailboxes } from '../mailbox.js';
import type { Mirror } from './mirror.js';

/** A device, and the group that it makes. */
export interface Founding {
  readonly deviceId: ChatDeviceId;
  readonly groupId: Buffer;
}

const KEEP = statement(
  'mirror_founders.keep',
  `insert into mirror_founders (conversation_id, group_id, device_id, asked_at) values ($1, $2, $3, $4)
   on conflict (conversation_id, group_id) do update set device_id = excluded.device_id, asked_at = excluded.asked_at`,
);
const FIND = statement(
  'mirror_founders.find',
  `select device.id as "deviceId", device.actor_id as "actorId" from mirror_founders founder
     join chat_devices device on device.id = founder.device_id and device.revoked_at is null
     join conversation_members member on member.conversation_id = founder.conversation_id and member.actor_id = device.actor_id
   where founder.conversation_id = $1 and founder.group_id = $2`,
);
const FORGET = statement(
  'mirror_founders.forget',
  'delete from mirror_founders where asked_at < $1',
);

/**
 * Keeps who makes a group, before its hub is asked for it: the hub may take the group though its answer is lost, and tell
 * what it has become in another way.
 */
export async function keepFounder(
  reader: Reader,
  { id }: Pick<Mirror, 'id'>,
  { deviceId, groupId }: Founding,
  now: Date,
): Promise<void> {
  await reader.rows(KEEP, [id, groupId, deviceId, now]);
}

/** Lets the device in that has made the group of a mirror, which begins at this place. */
export async function letFounderIn(
  tx: Transaction,
  { id, groupId }: Pick<Mirror, 'id' | 'groupId'>,
  place: GroupPlace,
): Promise<void> {
  const founders = await tx.rows<{ deviceId: ChatDeviceId; actorId: ActorId }>(FIND, [id, groupId]);
  await openMailboxes(tx, founders);
  await joinGroup(tx, id, founders, place);
}

/** Forgets groups that were asked for long ago. */
export async function forgetFounders(reader: Reader, before: Date): Promise<void> {
  await reader.rows(FORGET, [before]);
}
