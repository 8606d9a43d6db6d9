// More encrypted conversations for the tables: of others, and what is sent to begin them or to let somebody in.
import { addDevice, type TestDevice } from '../support/chat-devices.js';
import { equip, packagesOf } from '../support/encrypted-chat.js';
import { makeGroupId } from '../support/mls.js';
import type { Person } from '../support/world.js';
import { chatterOf, newcomer, type Scene } from './authorization-table.js';
import { groupBetween, renewalOf, type OwnGroup } from './own-group.js';

/** One that a device begins with somebody new. */
export async function groupOf(scene: Scene, device: TestDevice): Promise<OwnGroup> {
  return groupBetween(device, await newcomer(scene), scene.world.clock.now());
}

/** One of anybody who has no device yet. */
export async function groupOfPerson(scene: Scene, who: Person): Promise<OwnGroup> {
  return groupOf(scene, await addDevice(await chatterOf(who), scene.world.clock.now()));
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
  const other = await newcomer(scene);
  await equip(scene.world, await chatterOf(other), 1);
  return {
    memberIds: [other.actorGlobalId],
    encryption: 'MLS',
    mlsGroupId: makeGroupId().toString('base64'),
    deviceId,
    ...more,
  };
}
