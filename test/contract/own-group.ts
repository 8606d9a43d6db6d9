// Encrypted conversations for the tables of permissions and errors: real groups, of one device unless told otherwise.
import { randomUUID } from 'node:crypto';
import { addDevice, type TestDevice } from '../support/chat-devices.js';
import {
  begin,
  equip,
  packagesOf,
  sendCommit,
  type ChatDevice,
} from '../support/encrypted-chat.js';
import { makeGroupId, makeOwnPackage, MlsGroup } from '../support/mls.js';
import type { Person } from '../support/world.js';
import { chatterOf, newcomer, ownDevice, type Scene } from './authorization-table.js';

/** A conversation, the device that began it, and what that device knows of its group. */
export interface OwnGroup {
  readonly conversationId: string;
  readonly device: ChatDevice;
  readonly group: MlsGroup;
  /** Whoever else takes part, without a device in it. */
  readonly member: Person;
}

/** The owner's encrypted conversation with somebody, after its first commit; that somebody has no device in it. */
export async function ownGroup(scene: Scene, isGroup = false): Promise<OwnGroup> {
  return groupOf(scene, await ownDevice(scene), isGroup);
}

/** The same of anybody who has no device yet. */
export async function groupOfPerson(scene: Scene, who: Person, isGroup = false): Promise<OwnGroup> {
  const device = await addDevice(await chatterOf(who), scene.world.clock.now());
  return groupOf(scene, device, isGroup);
}

/** One that a device begins. */
export async function groupOf(scene: Scene, owned: TestDevice, isGroup = false): Promise<OwnGroup> {
  const now = scene.world.clock.now();
  const own = await makeOwnPackage(owned.uri, owned.key, now);
  const device = { ...owned, packages: [own] };
  const groupId = makeGroupId();
  const member = await newcomer(scene);
  const { conversation, userErrors } = await begin(device, groupId, [member], isGroup);
  if (!conversation) throw new Error(JSON.stringify(userErrors));
  const first = await (await MlsGroup.begin(groupId, own)).commit();
  await sendCommit(device, conversation.id, 0, first);
  return { conversationId: conversation.id, device, group: first.next, member };
}

/** Input of a commit that only renews keys. */
export async function renewalOf(
  { conversationId, device, group }: OwnGroup,
  more: object = {},
): Promise<Record<string, unknown>> {
  const { commit } = await group.commit();
  return {
    conversationId,
    deviceId: device.id,
    clientMessageId: randomUUID(),
    epoch: group.epoch,
    commit: commit.toString('base64'),
    ...more,
  };
}

/** Input of a message. */
export async function lettersFor(
  { conversationId, device, group }: OwnGroup,
  more: object = {},
): Promise<Record<string, unknown>> {
  const { data } = await group.write('Hello');
  const mls = { deviceId: device.id, data: data.toString('base64') };
  return { conversationId, clientMessageId: randomUUID(), content: { mls }, ...more };
}

/** Input of a commit that adds somebody with a device, whose key package was never claimed unless told otherwise. */
export async function additionOf(
  scene: Scene,
  own: OwnGroup,
  isClaimed = false,
): Promise<Record<string, unknown>> {
  const who = await newcomer(scene);
  const other = await equip(scene.world, await chatterOf(who));
  const add = isClaimed ? await packagesOf(own.device, who) : [other.packages[1]!.bytes];
  const { commit, welcome } = await own.group.commit({ add });
  return {
    ...(await renewalOf(own)),
    commit: commit.toString('base64'),
    welcome: welcome!.toString('base64'),
    addMemberIds: [who.actorGlobalId],
  };
}

/** Input of a conversation that begins with a device. */
export async function openingOf(
  scene: Scene,
  deviceId: string,
  more: object = {},
): Promise<Record<string, unknown>> {
  return {
    memberIds: [(await newcomer(scene)).actorGlobalId],
    encryption: 'MLS',
    mlsGroupId: makeGroupId().toString('base64'),
    deviceId,
    ...more,
  };
}
