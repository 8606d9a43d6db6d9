/** What a commit does to people and devices, and whether whoever sends it may do that. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { ChatDeviceId } from '../../devices/device.js';
import { consumeKeyPackageRefs } from '../../devices/consume-key-packages.js';
import type { Acting } from '../../platform/context.js';
import type { Transaction } from '../../platform/db/database.js';
import { Forbidden, Invalid, NotFound, TooMany } from '../../platform/errors.js';
import { MOST_DEVICES, MOST_ENCRYPTED_MEMBERS } from '../conversation.js';
import { MlsMismatch, WelcomeRefused } from '../mls.errors.js';
import type { CommitBytes } from './commit-bytes.js';
import { devicesOf, type EncryptedGroup, type GroupDevice } from './encrypted-group.js';
import { memberIdsOf } from './members.js';
import { localAmong } from './news-of-group.js';
import { requireReachable } from './reachable.js';

/** A device and whose it is. */
export type OwnedDevice = Pick<GroupDevice, 'deviceId' | 'actorId'>;

/** A key package that a Welcome names, and its device. */
export interface NamedPackage extends OwnedDevice {
  readonly ref: Buffer;
}

/** What is to be done. */
export interface CommitPlan {
  /** People of this server who had devices in the group that get the commit, one entry for each device. */
  readonly readers: readonly ActorId[];
  /** Somebody of another server is concerned. */
  readonly isToldOutside: boolean;
  readonly removedDeviceIds: readonly ChatDeviceId[];
  /** Devices that the Welcome lets in. */
  readonly welcomed: readonly NamedPackage[];
  /** These, and a device that lets itself in. */
  readonly joining: readonly OwnedDevice[];
}

/** What the plan is made of. */
export interface Commitment {
  readonly viewer: Pick<Acting, 'actorId'>;
  readonly draft: {
    readonly deviceId: ChatDeviceId;
    readonly addMemberIds: readonly ActorId[];
    readonly removeMemberIds: readonly ActorId[];
    readonly removeDeviceIds: readonly ChatDeviceId[];
    readonly strangePackages: readonly NamedPackage[];
  };
  readonly bytes: CommitBytes;
  readonly group: EncryptedGroup;
  readonly now: Date;
}

interface Scene extends Commitment {
  readonly devices: readonly GroupDevice[];
  readonly memberIds: ReadonlySet<ActorId>;
}

/**
 * Checks a commit against its group, and uses up the key packages of its Welcome.
 *
 * @throws {NotFound} NOT_FOUND, {@link Forbidden} FORBIDDEN or BLOCKED, {@link Invalid} INVALID_INPUT,
 * {@link TooMany} LIMIT_EXCEEDED, {@link MlsMismatch} MLS_MISMATCH, {@link WelcomeRefused} MISSING_WELCOME,
 * UNKNOWN_KEY_PACKAGE
 */
export async function planCommit(tx: Transaction, commitment: Commitment): Promise<CommitPlan> {
  const { draft, group } = commitment;
  const devices = await devicesOf(tx, group.id);
  const scene = { ...commitment, devices, memberIds: await memberIdsOf(tx, group.id) };
  requireSender(scene);
  await requirePeople(tx, scene);
  const removed = removedDevices(scene);
  const welcomed = await welcomedDevices(tx, scene);
  const sender = { deviceId: draft.deviceId, actorId: commitment.viewer.actorId };
  const joining = commitment.bytes.isExternal ? [...welcomed, sender] : welcomed;
  requireFree(scene, removed, joining);
  const receiving = devices.filter(({ isReceiving }) => isReceiving);
  const local = await localAmong(
    tx,
    joining.map(({ actorId }) => actorId),
  );
  return {
    readers: receiving.filter(({ isLocal }) => isLocal).map(({ actorId }) => actorId),
    isToldOutside:
      devices.some(({ isLocal }) => !isLocal) || joining.some(({ actorId }) => !local.has(actorId)),
    removedDeviceIds: [...removed],
    welcomed,
    joining,
  };
}

function requireSender({ draft, devices, bytes }: Scene): void {
  const own = devices.find(({ deviceId }) => deviceId === draft.deviceId);
  if (!bytes.isExternal && own?.isReceiving !== true)
    throw new Forbidden('This device is not in the group.', 'FORBIDDEN', ['deviceId']);
}

async function requirePeople(tx: Transaction, scene: Scene): Promise<void> {
  const { viewer, draft, group, memberIds } = scene;
  const { addMemberIds, removeMemberIds } = draft;
  if (addMemberIds.length + removeMemberIds.length === 0) return;
  const field = addMemberIds.length > 0 ? 'addMemberIds' : 'removeMemberIds';
  if (!group.isGroup)
    throw new Forbidden('Between two, nobody comes or is sent away.', 'FORBIDDEN', [field]);
  if (group.role !== 'ADMIN')
    throw new Forbidden('Only an admin adds and removes people.', 'FORBIDDEN', [field]);
  if (memberIds.size + addMemberIds.length - removeMemberIds.length > MOST_ENCRYPTED_MEMBERS)
    throw new TooMany(`At most ${MOST_ENCRYPTED_MEMBERS} people.`, MOST_ENCRYPTED_MEMBERS, [field]);
  for (const [index, id] of removeMemberIds.entries()) {
    if (!memberIds.has(id)) throw new NotFound(['removeMemberIds', String(index)]);
    if (id === viewer.actorId)
      throw new Invalid(
        'Nobody removes themselves: leaveConversation.',
        ['removeMemberIds'],
        'OTHERS',
      );
  }
  const company = { viewerId: viewer.actorId, memberIds: addMemberIds, field: 'addMemberIds' };
  await requireReachable(tx, company);
}

/** Those that are named, all of people who are removed, and the earlier self of a device that lets itself in. */
function removedDevices({ viewer, draft, group, devices, bytes }: Scene): Set<ChatDeviceId> {
  const removed = new Set<ChatDeviceId>();
  const byId = new Map(devices.map((device) => [device.deviceId, device]));
  for (const [index, id] of draft.removeDeviceIds.entries()) {
    const path = ['removeDeviceIds', String(index)];
    const device = byId.get(id);
    if (!device) throw new NotFound(path);
    const isMayRemove = !device.isReceiving || device.actorId === viewer.actorId;
    if (!isMayRemove && group.role !== 'ADMIN')
      throw new Forbidden('This is the device of somebody else.', 'FORBIDDEN', path);
    removed.add(id);
  }
  for (const { deviceId, actorId } of devices)
    if (draft.removeMemberIds.includes(actorId)) removed.add(deviceId);
  if (bytes.isExternal && byId.has(draft.deviceId)) removed.add(draft.deviceId);
  else if (removed.has(draft.deviceId))
    throw new Invalid('A device does not remove itself.', ['removeDeviceIds'], 'OTHERS');
  return removed;
}

async function welcomedDevices(tx: Transaction, scene: Scene): Promise<NamedPackage[]> {
  const { draft, bytes, now } = scene;
  const own = await consumeKeyPackageRefs(tx, bytes.refs, now);
  const found = [...own, ...(await strangersPackages(tx, scene, own))];
  if (found.length < bytes.refs.length) throw unknownPackages(scene, found);
  const welcomed = found.map(({ ref, deviceId, actorId }) => ({ ref, deviceId, actorId }));
  requireWelcomedMembers(scene, welcomed);
  const actorIds = new Set(welcomed.map(({ actorId }) => actorId));
  for (const [index, id] of draft.addMemberIds.entries())
    if (!scene.memberIds.has(id) && !actorIds.has(id))
      throw new WelcomeRefused('Nothing lets this person in.', 'MISSING_WELCOME', [
        'addMemberIds',
        String(index),
      ]);
  return welcomed;
}

/**
 * Packages that this server has not handed out, as whoever commits says whose they are: only of people of other servers, each
 * of which knows its own when the Welcome comes to it.
 */
async function strangersPackages(
  tx: Transaction,
  { draft, bytes }: Scene,
  known: readonly Pick<NamedPackage, 'ref'>[],
): Promise<NamedPackage[]> {
  if (known.length === bytes.refs.length || draft.strangePackages.length === 0) return [];
  const missing = new Set(bytes.refs.map((ref) => Buffer.from(ref).toString('hex')));
  for (const { ref } of known) missing.delete(ref.toString('hex'));
  const named = draft.strangePackages.filter(({ ref }) => missing.delete(ref.toString('hex')));
  const local = await localAmong(
    tx,
    named.map(({ actorId }) => actorId),
  );
  return named.filter(({ actorId }) => !local.has(actorId));
}

function unknownPackages(
  { bytes }: Scene,
  found: readonly { readonly ref: Buffer }[],
): WelcomeRefused {
  const known = new Set(found.map(({ ref }) => ref.toString('hex')));
  const refs = bytes.refs
    .map((ref) => Buffer.from(ref))
    .filter((ref) => !known.has(ref.toString('hex')));
  const text = 'A key package was never handed out, or was used before.';
  return new WelcomeRefused(text, 'UNKNOWN_KEY_PACKAGE', ['welcome'], refs);
}

function requireWelcomedMembers(scene: Scene, welcomed: readonly OwnedDevice[]): void {
  const { draft, group, memberIds } = scene;
  for (const { actorId } of welcomed) {
    const isMember = memberIds.has(actorId) || draft.addMemberIds.includes(actorId);
    if (!isMember || draft.removeMemberIds.includes(actorId))
      throw new MlsMismatch(
        'The Welcome is for somebody who is not added.',
        ['welcome'],
        group.epoch,
      );
  }
}

/** Each device stands in the tree once, and there are not too many. */
function requireFree(
  { devices, group }: Scene,
  removed: ReadonlySet<ChatDeviceId>,
  joining: readonly OwnedDevice[],
): void {
  const staying = new Set(
    devices.map(({ deviceId }) => deviceId).filter((deviceId) => !removed.has(deviceId)),
  );
  const path = ['welcome'];
  for (const { deviceId } of joining) {
    if (staying.has(deviceId))
      throw new MlsMismatch('A device is in the group already.', path, group.epoch);
    staying.add(deviceId);
  }
  if (staying.size > MOST_DEVICES)
    throw new TooMany(`At most ${MOST_DEVICES} devices.`, MOST_DEVICES, path);
}
