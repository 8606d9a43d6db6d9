/**
 * What the server of somebody asks of this one as the hub of an encrypted conversation: the same commands as in the GraphQL
 * API carry it out, with the same refusals. Whoever does not take part learns nothing, not even that there is a conversation.
 */
import type { ActorId } from '../../actors/actor.entity.js';
import { commitConversation } from '../../chat/commit-conversation.js';
import type { ChatMessageId, ConversationId } from '../../chat/conversation.js';
import { findGroupInfos } from '../../chat/conversations.queries.js';
import { leaveConversation } from '../../chat/leave-conversation.js';
import { leaveConversationWithDevice } from '../../chat/leave-with-device.js';
import { requestCommitLease } from '../../chat/request-commit-lease.js';
import { resetConversation } from '../../chat/reset-conversation.js';
import { sendChatSignal } from '../../chat/send-chat-signal.js';
import { sendCiphertext } from '../../chat/send-ciphertext.js';
import { setDisappearingMessages } from '../../chat/set-disappearing-messages.js';
import { updateConversation } from '../../chat/update-conversation.js';
import type { ChatDeviceId } from '../../devices/device.js';
import { findNamedDevice } from '../../devices/named-devices.js';
import type { CommandContext } from '../../platform/context.js';
import { NotFound } from '../../platform/errors.js';
import { isUuid } from '../../platform/ids.js';
import { siteOf } from '../../platform/site-of.js';
import { isOurs, originOf } from '../addresses.js';
import { conversationOf, envelopeActivity } from '../documents/conversation-document.js';
import type {
  KeyedDevice,
  KeyedPackage,
  Submission,
  SubmittedCommit,
} from '../internal/read-submission.js';
import { requireRemoteDevice } from '../remote-devices.js';
import { findRemoteActor, isAbsence, resolveActor, type RemoteActor } from '../resolve-actor.js';
import {
  findSharedConversationFor,
  findSharedEnvelopes,
  findSharedHead,
  findSubmittedEnvelope,
  findToldMembers,
  isMemberHere,
} from '../shared-conversation.queries.js';
import { mayAskThird } from './ask-third.js';
import { findOurActor } from './receiving.js';

/** Who asks what, of which conversation. */
export interface Submitting {
  /** Commands act for the sender. */
  readonly command: CommandContext & { readonly jobId: string; readonly attempt: number };
  readonly sender: RemoteActor;
  readonly conversationId: ConversationId;
  /** Key of the device for which it is asked; null = none is named. */
  readonly deviceKey: Buffer | null;
}

/** Devices of people of third servers that servers of one domain make us ask for in an hour. */
const ASK_DEVICES = {
  name: 'submitted_devices',
  points: 1200,
  windowSeconds: 3600,
  failsClosed: false,
};

/** @throws {NotFound} NOT_FOUND for whoever does not take part, as for a conversation that does not exist */
export async function requireMember(
  { database }: Pick<CommandContext, 'database'>,
  { actorId }: Pick<RemoteActor, 'actorId'>,
  id: string,
): Promise<ConversationId> {
  if (!isUuid(id) || !(await isMemberHere(database, id, actorId))) throw new NotFound();
  return id as ConversationId;
}

/** Does what is asked. @returns what is answered @throws {DomainError} as the commands do */
export async function carryOutSubmission(
  submitting: Submitting,
  submission: Submission,
): Promise<object> {
  const { command, sender, conversationId } = submitting;
  switch (submission.kind) {
    case 'message':
      return answerEnvelopes(submitting, await message(submitting, submission));
    case 'commit':
      return answerEnvelopes(submitting, await commit(submitting, submission));
    case 'lease': {
      const deviceId = await ownDevice(submitting);
      const { isHeld, until } = await requestCommitLease(command, conversationId, deviceId);
      return { isHeld, until: until.toISOString() };
    }
    case 'signal': {
      const { payload } = submission;
      const deviceId = await ownDevice(submitting);
      await sendChatSignal(command, { conversationId, deviceId, payload });
      return {};
    }
    case 'accept':
      await updateConversation(command, conversationId, { isAccepted: true });
      return {};
    case 'groupInfo': {
      const [found] = await findGroupInfos(command.database, [conversationId], sender.actorId);
      return { groupInfo: found?.groupInfo.toString('base64') ?? null };
    }
    default:
      await changeState(submitting, submission);
      return answerState(submitting);
  }
}

type StateSubmission = Extract<
  Submission,
  | { readonly kind: 'reset' }
  | { readonly kind: 'disappearing' }
  | { readonly kind: 'leave' | 'leaveDevice' }
>;

async function changeState(submitting: Submitting, change: StateSubmission): Promise<void> {
  const { command, conversationId } = submitting;
  if (change.kind === 'reset')
    await resetConversation(command, {
      conversationId,
      deviceId: await ownDevice(submitting),
      mlsGroupId: change.mlsGroupId,
    });
  else if (change.kind === 'disappearing')
    await setDisappearingMessages(command, conversationId, change.seconds);
  else if (change.kind === 'leaveDevice')
    await leaveConversationWithDevice(command, conversationId, await ownDevice(submitting));
  else await leaveConversation(command, conversationId);
}

async function message(
  submitting: Submitting,
  { clientMessageId, data }: Extract<Submission, { readonly kind: 'message' }>,
): Promise<ChatMessageId> {
  const { command, conversationId } = submitting;
  const deviceId = await ownDevice(submitting);
  const sent = await sendCiphertext(command, { conversationId, clientMessageId, deviceId, data });
  if (!sent) throw new NotFound();
  return sent.id;
}

async function commit(submitting: Submitting, submitted: SubmittedCommit): Promise<ChatMessageId> {
  const { command, conversationId } = submitting;
  const { clientMessageId, epoch, commit: bytes, welcome, groupInfo } = submitted;
  const addMemberIds = await peopleOf(submitting, submitted.addMembers, 'addMembers');
  return commitConversation(command, {
    conversationId,
    clientMessageId,
    epoch,
    commit: bytes,
    welcome,
    groupInfo,
    deviceId: await ownDevice(submitting),
    addMemberIds,
    removeMemberIds: await peopleOf(submitting, submitted.removeMembers, 'removeMembers'),
    removeDeviceIds: await devicesIn(submitting, submitted.removeDevices),
    strangePackages: await packagesIn(submitting, submitted.keyPackages),
  });
}

/** The device for which it is asked, which is one of the sender's; of one that is not known yet its server is asked. */
async function ownDevice({ command, sender, deviceKey }: Submitting): Promise<ChatDeviceId> {
  const known =
    deviceKey &&
    ((await findNamedDevice(command.database, sender.actorId, deviceKey)) ??
      (await requireRemoteDevice(command, sender.uri, deviceKey)));
  if (!known) throw new NotFound(['deviceId']);
  return known.id;
}

/** People by their addresses; whoever is not to be had does not exist. */
async function peopleOf(
  submitting: Submitting,
  uris: readonly string[],
  field: string,
): Promise<ActorId[]> {
  const ids: ActorId[] = [];
  for (const [index, uri] of uris.entries()) {
    const id = await personOf(submitting, uri);
    if (id === null) throw new NotFound([field, String(index)]);
    ids.push(id);
  }
  return ids;
}

async function personOf({ command, sender }: Submitting, uri: string): Promise<ActorId | null> {
  if (isOurs(command.config, uri)) return findOurActor(command, uri);
  const known = await findRemoteActor(command.database, uri);
  if (known) return known.actorId;
  if (!(await mayAskThird({ context: command, sender }, uri))) return null;
  try {
    return (await resolveActor(command, uri)).actorId;
  } catch (error) {
    if (isAbsence(error)) return null;
    throw error;
  }
}

async function devicesIn(
  submitting: Submitting,
  devices: readonly KeyedDevice[],
): Promise<ChatDeviceId[]> {
  const ids: ChatDeviceId[] = [];
  for (const [index, { actorUri, signatureKey }] of devices.entries()) {
    const actorId = await personOf(submitting, actorUri);
    const { database } = submitting.command;
    const device = actorId && (await findNamedDevice(database, actorId, signatureKey));
    if (!device) throw new NotFound(['removeDevices', String(index)]);
    ids.push(device.id);
  }
  return ids;
}

/** Whether the server of somebody may be asked for a device because the sender names it: counted where it is a third one. */
async function mayAskForDevice({ command, sender }: Submitting, uri: string): Promise<boolean> {
  if (originOf(uri) === originOf(sender.uri)) return true;
  return !(await command.rateLimiter.charge(ASK_DEVICES, siteOf(sender.host))).isExceeded;
}

/** Whose key packages are said to be: what nobody can find out about is left out, and refused as unknown. */
async function packagesIn(
  submitting: Submitting,
  packages: readonly KeyedPackage[],
): Promise<{ ref: Buffer; deviceId: ChatDeviceId; actorId: ActorId }[]> {
  const found: { ref: Buffer; deviceId: ChatDeviceId; actorId: ActorId }[] = [];
  const { command } = submitting;
  for (const { ref, actorUri, signatureKey } of packages) {
    const actor = await findRemoteActor(command.database, actorUri);
    const device =
      actor &&
      ((await findNamedDevice(command.database, actor.actorId, signatureKey)) ??
        ((await mayAskForDevice(submitting, actorUri)) &&
          (await requireRemoteDevice(command, actorUri, signatureKey))));
    if (device && device.revokedAt === null)
      found.push({ ref, deviceId: device.id, actorId: device.actorId });
  }
  return found;
}

/** What the sender's server is also told of it, without the bytes, which it has. */
async function answerEnvelopes(
  { command, sender, conversationId }: Submitting,
  messageId: ChatMessageId,
): Promise<object> {
  const { database, config, clock } = command;
  const submitted = await findSubmittedEnvelope(database, messageId);
  if (!submitted) throw new NotFound();
  const { sequence: seq } = submitted;
  // Of what changes nothing the sender's server need not be told who takes part: it costs the same in groups of any size.
  if (submitted.kind !== 'COMMIT') {
    const where = { id: conversationId, members: [] };
    return { seq, envelopes: [envelopeActivity(config, where, submitted, 'WITHOUT_BYTES')] };
  }
  const head = await findSharedHead(database, conversationId);
  if (!head) throw new NotFound();
  const { lastSequence } = head;
  const from = { conversationId, host: sender.host, after: seq - 1, lastSequence, places: 1 };
  const { envelopes } = await findSharedEnvelopes(database, { ...from, now: clock.now() });
  const members = await findToldMembers(database, conversationId, envelopes);
  const where = { id: conversationId, members };
  return {
    seq,
    envelopes: envelopes.map((envelope) =>
      envelopeActivity(config, where, envelope, 'WITHOUT_BYTES'),
    ),
  };
}

async function answerState({ command, sender, conversationId }: Submitting): Promise<object> {
  const { database, config } = command;
  const found = await findSharedConversationFor(database, conversationId, sender.host);
  return { seq: found?.lastSequence ?? null, document: found && conversationOf(config, found) };
}
