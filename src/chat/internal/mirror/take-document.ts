/** Taking the state of a mirrored conversation from its hub's document. */
import { statement, type Transaction } from '../../../platform/db/database.js';
import { groupChanged } from '../../chat.events.js';
import { joinGroup, removeFromGroup, stopDelivery } from '../encrypted-group.js';
import { memberIdsHere } from './members-here.js';
import { devicesInTree, takeNewGroup } from './change-group.js';
import { setMembers } from './mirrored-members.js';
import { moveMirror, type Mirror } from './mirror.js';
import type { Knowledge } from './placing.js';
import type { HubDocument } from './read-hub-document.js';

const AGREE = statement(
  'mirrors.agree',
  'update conversations set disappearing_seconds = $2 where id = $1 and disappearing_seconds is distinct from $2',
);

/**
 * Takes a document that is of the very place at which a mirror stands, which the caller has locked.
 *
 * @returns null when the group is one of another conversation
 */
export async function takeDocument(
  tx: Transaction,
  mirror: Mirror,
  document: HubDocument,
  knowledge: Knowledge,
): Promise<Mirror | null> {
  const before = await memberIdsHere(tx, mirror.id);
  const sameGroup = mirror.groupId.equals(document.groupId)
    ? mirror
    : await takeNewGroup(tx, mirror, document.groupId);
  if (!sameGroup) return null;
  const { now } = knowledge;
  const { epoch } = document;
  const next = { sequence: mirror.lastSequence, epoch, now };
  const moved = epoch === sameGroup.epoch ? sameGroup : await moveMirror(tx, sameGroup, next);
  await tx.rows(AGREE, [mirror.id, document.disappearingSeconds]);
  await setMembers(tx, moved, document.members, knowledge);
  await setDevices(tx, moved, document, knowledge);
  const memberIds = [...new Set([...before, ...(await memberIdsHere(tx, mirror.id))])];
  await tx.append(groupChanged, { conversationId: mirror.id, memberIds });
  return moved;
}

async function setDevices(
  tx: Transaction,
  mirror: Mirror,
  document: HubDocument,
  { devices }: Knowledge,
): Promise<void> {
  const place = { sequence: mirror.lastSequence, epoch: mirror.epoch };
  const said = devices.all(document.devices);
  const saidIds = new Set(said.map(({ deviceId }) => deviceId));
  const tree = await devicesInTree(tx, mirror);
  const gone = tree.map(({ deviceId }) => deviceId).filter((id) => !saidIds.has(id));
  await removeFromGroup(tx, mirror.id, gone, place);
  const inTree = new Set(tree.map(({ deviceId }) => deviceId));
  const joining = said.filter(({ deviceId, isLocal }) => !inTree.has(deviceId) && !isLocal);
  await joinGroup(tx, mirror.id, joining, place);
  const leaving = document.devices.filter(({ isLeaving }) => isLeaving);
  const leavingIds = devices.all(leaving).map(({ deviceId }) => deviceId);
  await stopDelivery(tx, mirror.id, leavingIds, mirror.lastSequence);
}
