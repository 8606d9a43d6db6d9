// Encrypted conversations through the public API, as devices hold them: groups, messages, mailboxes.
import { randomUUID } from 'node:crypto';
import {
  addDevice,
  chatter,
  claim,
  publish,
  type Chatter,
  type TestDevice,
} from './chat-devices.js';
import { makeGroupId, makeOwnPackage, MlsGroup, type MadeCommit, type OwnPackage } from './mls.js';
import { follow, type Answered } from './posts.js';
import type { Person, World } from './world.js';

/** A message as devices ask for it. */
export interface Envelope {
  readonly id: string;
  readonly conversationId: string;
  readonly sequence: string;
  readonly kind: string;
  readonly epoch: number | null;
  readonly senderDeviceId: string | null;
  readonly ciphertext: string | null;
  readonly deletedAt: string | null;
  readonly expiresAt: string | null;
}

/** A conversation as devices ask for it. */
export interface SeenGroup {
  readonly id: string;
  readonly encryption: string;
  readonly isGroup: boolean;
  readonly isRequest: boolean;
  readonly epoch: number | null;
  readonly groupInfo: string | null;
  readonly disappearingSeconds: number | null;
  readonly memberCount: number;
  readonly unreadCount: number;
  readonly members: readonly {
    readonly role: string;
    readonly actor: { readonly username: string };
  }[];
  readonly devices: readonly { readonly id: string }[];
  readonly devicesToRemove: readonly { readonly id: string }[];
}

/** A place of a mailbox. */
export interface Entry {
  readonly position: string;
  readonly message: Envelope | null;
}

/** A part of a mailbox. */
export interface SeenMailbox {
  readonly entries: readonly Entry[];
  readonly headPosition: string;
  readonly hasMore: boolean;
}

/** Fields of a message. */
export const ENVELOPE =
  'id conversationId sequence kind epoch senderDeviceId ciphertext plaintext deletedAt expiresAt';
const GROUP = `id encryption isGroup isRequest epoch groupInfo disappearingSeconds memberCount unreadCount
  members(first: 20) { role actor { username } } devices { id } devicesToRemove { id }`;
const ERRORS = `userErrors { code path ... on ValidationError { constraint limit }
  ... on StaleEpochError { currentEpoch missedCommits { ${ENVELOPE} } } ... on EpochError { currentEpoch }
  ... on WelcomeError { refs } ... on ConversationExistsError { conversationId } }`;

/** A refusal with what comes along. */
export interface Refusal {
  readonly code: string;
  readonly path: readonly string[] | null;
  readonly currentEpoch?: number;
  readonly missedCommits?: readonly Envelope[];
  readonly refs?: readonly string[];
  readonly conversationId?: string | null;
}

type Told<Fields> = Omit<Answered<Fields>, 'userErrors'> & {
  readonly userErrors: readonly Refusal[];
};

/** A device with its key packages. */
export interface ChatDevice extends TestDevice {
  readonly packages: OwnPackage[];
}

/** Registers a device of somebody and publishes key packages for it, the last resort among them. */
export async function equip(
  world: { readonly clock: { now(): Date } },
  owner: Chatter,
  count = 3,
): Promise<ChatDevice> {
  const device = await addDevice(owner, world.clock.now());
  const packages: OwnPackage[] = [];
  for (let index = 0; index < count; index++)
    packages.push(await makeOwnPackage(device.uri, device.key, world.clock.now()));
  const offered = packages.map(({ bytes }, index) => ({
    data: bytes.toString('base64'),
    isLastResort: index === 0,
  }));
  const { userErrors } = await publish(owner.who, device.id, offered);
  if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
  return { ...device, packages };
}

/** Somebody with one device. */
export async function equipped(world: World, who: Person): Promise<ChatDevice> {
  return equip(world, await chatter(who));
}

/** People of nobody else's, each with a device; everybody follows everybody unless they are to be strangers. */
export async function equippedPeople(
  world: World,
  count: number,
  areFriends = true,
): Promise<ChatDevice[]> {
  const group = randomUUID().slice(0, 8);
  const all: ChatDevice[] = [];
  for (let index = 0; index < count; index++)
    all.push(await equipped(world, await world.local(`d${group}x${index}`)));
  if (areFriends)
    for (const { who } of all)
      for (const other of all) if (who !== other.who) await follow(world, who, other.who);
  return all;
}

/** Key packages of people, claimed by a device. */
export async function packagesOf(
  device: ChatDevice,
  ...people: readonly Person[]
): Promise<Buffer[]> {
  const ids = people.map(({ actorGlobalId }) => actorGlobalId);
  const { keyPackages, userErrors } = await claim(device.who, ids, [device.id]);
  if (!keyPackages) throw new Error(JSON.stringify(userErrors));
  return keyPackages.map(({ data }) => Buffer.from(data, 'base64'));
}

async function mutate<Result>(
  who: Person,
  name: string,
  type: string,
  fields: string,
  input: object,
): Promise<Result> {
  const answer = await who.graphql<Record<string, Result>>(
    `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} ${ERRORS} } }`,
    { input },
  );
  if (!answer.data) throw new Error(JSON.stringify(answer));
  return answer.data[name]!;
}

/** Begins an encrypted conversation. */
export function begin(
  device: ChatDevice,
  groupId: Buffer,
  others: readonly Person[],
  isGroup = false,
): Promise<Told<{ readonly conversation: SeenGroup | null }>> {
  return mutate(
    device.who,
    'createConversation',
    'CreateConversationInput',
    `conversation { ${GROUP} }`,
    {
      memberIds: others.map(({ actorGlobalId }) => actorGlobalId),
      encryption: 'MLS',
      isGroup,
      mlsGroupId: groupId.toString('base64'),
      deviceId: device.id,
    },
  );
}

/** What goes with a commit besides its bytes. */
export interface Declared {
  readonly addMemberIds?: readonly string[];
  readonly removeMemberIds?: readonly string[];
  readonly removeDeviceIds?: readonly string[];
  readonly clientMessageId?: string;
}

/** Sends a commit of an epoch. */
export function sendCommit(
  device: ChatDevice,
  conversationId: string,
  epoch: number,
  made: Partial<Pick<MadeCommit, 'welcome' | 'groupInfo'>> & Pick<MadeCommit, 'commit'>,
  declared: Declared = {},
): Promise<Told<{ readonly conversation: SeenGroup | null; readonly message: Envelope | null }>> {
  const fields = `conversation { ${GROUP} } message { ${ENVELOPE} }`;
  return mutate(device.who, 'commitConversation', 'CommitConversationInput', fields, {
    conversationId,
    deviceId: device.id,
    clientMessageId: randomUUID(),
    epoch,
    commit: made.commit.toString('base64'),
    welcome: made.welcome?.toString('base64') ?? null,
    groupInfo: made.groupInfo?.toString('base64') ?? null,
    ...declared,
  });
}

/** Sends a message or a proposal. */
export function sendMls(
  device: ChatDevice,
  conversationId: string,
  data: Buffer,
  clientMessageId: string = randomUUID(),
): Promise<Told<{ readonly message: Envelope | null }>> {
  return mutate(device.who, 'sendChatMessage', 'SendChatMessageInput', `message { ${ENVELOPE} }`, {
    conversationId,
    clientMessageId,
    content: { mls: { deviceId: device.id, data: data.toString('base64') } },
  });
}

/** What is new for a device; null when it may not look. */
export async function mailboxOf(
  device: ChatDevice,
  after: string | null = null,
  first = 50,
): Promise<SeenMailbox | null> {
  const answer = await device.who.graphql<{ viewer: { chat: { mailbox: SeenMailbox } } | null }>(
    `query ($deviceId: ID!, $after: BigInt, $first: Int!) { viewer { chat { mailbox(deviceId: $deviceId, after: $after, first: $first) {
       entries { position message { ${ENVELOPE} } } headPosition hasMore } } } }`,
    { deviceId: device.id, after, first },
  );
  return answer.errors ? null : answer.data.viewer!.chat.mailbox;
}

/** What came for a device, in order. */
export async function lettersOf(
  device: ChatDevice,
  after: string | null = null,
): Promise<Envelope[]> {
  const { entries } = (await mailboxOf(device, after, 200))!;
  return entries.flatMap(({ message }) => (message ? [message] : []));
}

/** Says that a device has everything up to a place. */
export function acknowledgeUpTo(
  device: ChatDevice,
  upToPosition: string,
): Promise<Told<{ readonly position: string | null }>> {
  return mutate(device.who, 'acknowledgeMailbox', 'AcknowledgeMailboxInput', 'position', {
    deviceId: device.id,
    upToPosition,
  });
}

/** A conversation as a device sees it. */
export async function groupOf(device: ChatDevice, id: string): Promise<SeenGroup | null> {
  const answer = await device.who.graphql<{ node: SeenGroup | null }>(
    `query ($id: ID!) { node(id: $id) { ... on Conversation { ${GROUP} } } }`,
    { id },
  );
  return answer.data.node;
}

/** A device's place in a conversation. */
export interface Seat {
  readonly device: ChatDevice;
  readonly conversationId: string;
  group: MlsGroup;
}

/** Begins a conversation and lets the others in with all their devices. */
export async function talk(
  device: ChatDevice,
  others: readonly ChatDevice[],
  isGroup = others.length > 1,
): Promise<readonly [Seat, ...Seat[]]> {
  const groupId = makeGroupId();
  const people = [...new Set(others.map(({ who }) => who))];
  const { conversation, userErrors } = await begin(device, groupId, people, isGroup);
  if (!conversation) throw new Error(JSON.stringify(userErrors));
  const group = await MlsGroup.begin(groupId, device.packages[0]!);
  const seat: Seat = { device, conversationId: conversation.id, group };
  const seats = await invite(seat, others);
  return [seat, ...seats];
}

/** Lets devices in, of people who take part already or are added. */
export async function invite(
  seat: Seat,
  others: readonly ChatDevice[],
  addMemberIds: readonly string[] = [],
): Promise<Seat[]> {
  const { device, conversationId } = seat;
  const people = [...new Set(others.map(({ who }) => who))];
  const made = await seat.group.commit({ add: await packagesOf(device, ...people) });
  const told = await sendCommit(device, conversationId, seat.group.epoch, made, { addMemberIds });
  if (!told.message) throw new Error(JSON.stringify(told.userErrors));
  seat.group = made.next;
  return Promise.all(
    others.map(async (other) => {
      const letters = await lettersOf(other);
      const welcome = letters.findLast(
        (one) => one.kind === 'WELCOME' && one.conversationId === conversationId,
      );
      return { device: other, conversationId, group: await joined(other, welcome!) };
    }),
  );
}

/** What a Welcome lets a device in to. */
export async function joined(device: ChatDevice, { ciphertext }: Envelope): Promise<MlsGroup> {
  const welcome = Buffer.from(ciphertext!, 'base64');
  for (const own of device.packages)
    try {
      return await MlsGroup.join(welcome, own);
    } catch {
      // It is for another key package.
    }
  throw new Error('No key package fits the Welcome');
}

/** Writes and moves on. */
export async function say(seat: Seat, text: string): Promise<Envelope> {
  const { data, next } = await seat.group.write(text);
  const { message, userErrors } = await sendMls(seat.device, seat.conversationId, data);
  if (!message) throw new Error(JSON.stringify(userErrors));
  seat.group = next;
  return message;
}

/** Reads what a device has not sent itself, and moves on. */
export async function hear(seat: Seat, letters: readonly Envelope[]): Promise<(string | null)[]> {
  const texts: (string | null)[] = [];
  for (const { kind, ciphertext, senderDeviceId, epoch } of letters) {
    if (kind === 'WELCOME' || senderDeviceId === seat.device.id) continue;
    if (epoch! < seat.group.epoch && kind === 'COMMIT') continue;
    const { text, next } = await seat.group.read(Buffer.from(ciphertext!, 'base64'));
    seat.group = next;
    texts.push(text);
  }
  return texts;
}

/** Tells the others something that passes. */
export function sendSignal(
  device: ChatDevice,
  conversationId: string,
  payload: string,
): Promise<Told<{ readonly isSent: boolean | null }>> {
  return mutate(device.who, 'sendChatSignal', 'SendChatSignalInput', 'isSent', {
    conversationId,
    deviceId: device.id,
    payload,
  });
}
