// Encrypted conversations for the tables of permissions and errors: real groups of one device.
import { randomUUID } from 'node:crypto';
import { statement } from '../../src/platform/db/database.js';
import { parseGlobalId } from '../../src/platform/ids.js';
import { chatter, type TestDevice } from '../support/chat-devices.js';
import { begin, equip, sendCommit, type ChatDevice } from '../support/encrypted-chat.js';
import { makeGroupId, makeOwnPackage, MlsGroup } from '../support/mls.js';
import type { Person, World } from '../support/world.js';

/** A conversation, the device that began it, and what that device knows of its group. */
export interface OwnGroup {
  readonly conversationId: string;
  readonly device: ChatDevice;
  readonly group: MlsGroup;
  /** Whoever else takes part, without a device in it. */
  readonly member: Person;
  readonly memberDevice: ChatDevice;
}

/** A conversation that a device begins with somebody new, after its first commit; that somebody has no device in it. */
export async function groupBetween(
  owned: TestDevice,
  member: Person,
  now: Date,
  isGroup = false,
): Promise<OwnGroup> {
  const own = await makeOwnPackage(owned.uri, owned.key, now);
  const device = { ...owned, packages: [own] };
  const groupId = makeGroupId();
  const memberDevice = await equip({ clock: { now: () => now } }, await chatter(member), 1);
  const { conversation, userErrors } = await begin(device, groupId, [member], isGroup);
  if (!conversation) throw new Error(JSON.stringify(userErrors));
  const first = await (await MlsGroup.begin(groupId, own)).commit();
  await sendCommit(device, conversation.id, 0, first);
  return { conversationId: conversation.id, device, group: first.next, member, memberDevice };
}

const TAKE_AWAY = statement(
  'test.order_elsewhere',
  `update conversations set hub_origin = 'https://127.0.0.1', hub_uri = 'https://127.0.0.1/conversations/' || id where id = $1`,
);

/** Has a server order a conversation that cannot be reached. */
export async function orderedElsewhere(
  { services }: Pick<World, 'services'>,
  own: OwnGroup,
): Promise<OwnGroup> {
  await services.database.rows(TAKE_AWAY, [parseGlobalId(own.conversationId)!.id]);
  return own;
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
