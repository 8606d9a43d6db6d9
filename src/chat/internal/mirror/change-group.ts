/** What a commit of a mirrored conversation changes, as its hub declares it. */
import type { ActorId } from '../../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../../devices/device.js';
import { statement, type Reader, type Transaction } from '../../../platform/db/database.js';
import { joinGroup, removeFromGroup } from '../encrypted-group.js';
import { openMailboxes } from '../mailbox.js';
import { letFounderIn } from './founders.js';
import { setMembers } from './mirrored-members.js';
import type { Mirror } from './mirror.js';
import type { FoundDevice } from './named-devices.js';
import type { Knowledge } from './placing.js';
import type { MirrorEntry } from './read-entry.js';

const IN_TREE = statement(
  'mirrors.in_tree',
  `select device_id as "deviceId", actor_id as "actorId" from conversation_devices
   where conversation_id = $1 and removed_epoch is null`,
);
const EXPECT = statement(
  'mirror_welcomes_due.add',
  'insert into mirror_welcomes_due (conversation_id, sequence) values ($1, $2) on conflict do nothing',
);

const FIRST_DUE = statement(
  'mirror_welcomes_due.first',
  'select min(sequence) as sequence from mirror_welcomes_due where conversation_id = $1',
);
const TAKEN = statement(
  'mirrors.group_id_taken',
  'select id from conversations where mls_group_id = $1 and hub_origin = $3 and id <> $2',
);
const RENEW = statement(
  'mirrors.renew_group',
  'update conversations set mls_group_id = $2, epoch = 0, group_info = null where id = $1',
);

/** The place of the first Welcome that has not come yet; null = none. */
export async function firstWelcomeDue(
  reader: Reader,
  { id }: Pick<Mirror, 'id'>,
): Promise<number | null> {
  return (await reader.row<{ sequence: number | null }>(FIRST_DUE, [id]))?.sequence ?? null;
}

/** Begins the group anew, with nobody in it but a device of here that has made it; null when another conversation of its hub has a group of this name. */
export async function takeNewGroup(
  tx: Transaction,
  mirror: Mirror,
  groupId: Buffer,
): Promise<Mirror | null> {
  if (await tx.row(TAKEN, [groupId, mirror.id, mirror.hubOrigin])) return null;
  const deviceIds = (await devicesInTree(tx, mirror)).map(({ deviceId }) => deviceId);
  const place = { sequence: mirror.lastSequence, epoch: mirror.epoch };
  await removeFromGroup(tx, mirror.id, deviceIds, place);
  await tx.rows(RENEW, [mirror.id, groupId]);
  const renewed = { ...mirror, groupId, epoch: 0 };
  await letFounderIn(tx, renewed, { sequence: mirror.lastSequence, epoch: 0 });
  return renewed;
}

/** Devices that stand in the tree, as far as they are known. */
export function devicesInTree(
  tx: Transaction,
  { id }: Pick<Mirror, 'id'>,
): Promise<{ readonly deviceId: ChatDeviceId; readonly actorId: ActorId }[]> {
  return tx.rows(IN_TREE, [id]);
}

/**
 * Changes the tree and the list of people. A device of somebody here comes in by a Welcome that names its key package, or
 * by a commit of its own: that the hub says so is not enough.
 */
export async function changeMirroredGroup(
  tx: Transaction,
  mirror: Mirror,
  { sender, added, removed, members }: MirrorEntry,
  knowledge: Knowledge,
): Promise<void> {
  const { devices } = knowledge;
  const place = { sequence: mirror.lastSequence, epoch: mirror.epoch };
  const removedIds = devices.all(removed).map(({ deviceId }) => deviceId);
  await removeFromGroup(tx, mirror.id, removedIds, place);
  const senderDevice = devices.get(sender);
  const inTree = new Set((await devicesInTree(tx, mirror)).map(({ deviceId }) => deviceId));
  const coming = devices.all(added).filter(({ deviceId }) => !inTree.has(deviceId));
  const joining = coming.filter((one) => !one.isLocal || isItself(one, senderDevice));
  await openMailboxes(
    tx,
    joining.filter(({ isLocal }) => isLocal),
  );
  await joinGroup(tx, mirror.id, joining, place);
  if (joining.length < coming.length) await tx.rows(EXPECT, [mirror.id, mirror.lastSequence]);
  if (members) await setMembers(tx, mirror, members, knowledge);
}

function isItself(one: FoundDevice, sender: FoundDevice | null): boolean {
  return one.deviceId === sender?.deviceId;
}
