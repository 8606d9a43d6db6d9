/** Changing the group of an encrypted conversation: one commit for each epoch, and whoever comes first has made it. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { Acting, CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Invalid } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { chatEnvelopeAccepted, serversBehind } from './chat.events.js';
import { HANDSHAKE_BYTES, type ChatMessageId, type ConversationId } from './conversation.js';
import { requireChatter } from './internal/chatting.js';
import { findEarlier, requireClientId } from './internal/client-message-id.js';
import { endLease } from './internal/commit-lease.js';
import { planCommit, type CommitPlan, type NamedPackage } from './internal/commit-plan.js';
import { bytesOf, readCommit, requireCommitOf, type CommitBytes } from './internal/commit-bytes.js';
import {
  joinGroup,
  lockGroup,
  removeFromGroup,
  type EncryptedGroup,
} from './internal/encrypted-group.js';
import { openMailboxes, post } from './internal/mailbox.js';
import { joinMembers, leaveMembers } from './internal/members.js';
import { requireByteRate } from './internal/message-rate.js';
import { requireFewStrangers } from './internal/require-few-strangers.js';
import { localAmong } from './internal/news-of-group.js';
import { storeEnvelope, storeWelcomed, type NewEnvelope } from './internal/store-envelope.js';
import { MISSED_COMMITS, StaleEpoch } from './mls.errors.js';
import { findCommitsFrom } from './mailbox.queries.js';

/** A commit with all that belongs to it; what is declared of people and devices is what its encrypted part does. */
export interface CommitDraft {
  readonly conversationId: ConversationId;
  readonly deviceId: ChatDeviceId;
  readonly clientMessageId: string;
  /** The epoch that it ends. */
  readonly epoch: number;
  readonly commit: Buffer;
  /** For the devices that it adds; null = it adds none. */
  readonly welcome: Buffer | null;
  /** Of the epoch that it begins, for devices that come in by themselves; null = none can. */
  readonly groupInfo: Buffer | null;
  readonly addMemberIds: readonly ActorId[];
  readonly removeMemberIds: readonly ActorId[];
  readonly removeDeviceIds: readonly ChatDeviceId[];
  /** Key packages of the Welcome that this server has not handed out, of people of other servers. */
  readonly strangePackages: readonly NamedPackage[];
}

const LIMIT = { name: 'chat_commit', points: 600, windowSeconds: 3600, failsClosed: false };

// The comparison is the truth: of all commits of one epoch one finds it as it was.
const ADVANCE = statement(
  'conversations.advance',
  `update conversations set epoch = epoch + 1, last_sequence = last_sequence + 1, group_info = $3, updated_at = $4
   where id = $1 and epoch = $2 returning epoch, last_sequence as sequence`,
);

/**
 * Accepts a commit of a device of whoever acts if its epoch is the present one, once for each `clientMessageId`; its Welcome
 * goes out with it. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for a conversation or people that the viewer does not see, or a device that is not theirs
 * @throws {Invalid} INVALID_INPUT for bytes that are no such messages, too many people or devices
 * @throws {StaleEpoch} STALE_EPOCH when another one came first
 * @throws {MlsMismatch} MLS_MISMATCH when bytes and input do not fit together
 * @throws {WelcomeRefused} MISSING_WELCOME, UNKNOWN_KEY_PACKAGE
 * @throws {Forbidden} FORBIDDEN for what only an admin may do, or a device that is not in the group; BLOCKED
 * @throws {Conflict} IDEMPOTENCY_KEY_REUSED when the client id was used in another conversation
 * @throws {RateLimited} RATE_LIMITED for more than 600 in an hour, more than 60 strangers in a day, or BYTES_PER_DAY
 */
export async function commitConversation(
  context: CommandContext,
  draft: CommitDraft,
): Promise<ChatMessageId> {
  const viewer = requireChatter(context);
  requireClientId(draft.clientMessageId);
  requireEpochNumber(draft.epoch);
  const bytes = readCommit(draft, HANDSHAKE_BYTES);
  await requireRate(context, LIMIT, viewer.countedBy);
  await requireByteRate(context, viewer.actorId, bytesOf(draft));
  await requireFewStrangers(context, viewer, draft.addMemberIds);
  const { conversationId, clientMessageId } = draft;
  return context.database.transaction(async (tx) => {
    await requireDevice(tx, viewer, draft.deviceId);
    const group = await lockGroup(tx, conversationId, viewer.actorId);
    const sent = { senderId: viewer.actorId, conversationId, clientMessageId };
    const earlier = await findEarlier(tx, sent);
    if (earlier) return earlier;
    requireCommitOf(bytes, draft, group);
    if (draft.epoch !== group.epoch) throw await staleness(tx, draft, group);
    const now = context.clock.now();
    const plan = await planCommit(tx, { viewer, draft, bytes, group, now });
    return accept(context, tx, { viewer, draft, bytes, group, plan, now });
  });
}

interface Acceptance {
  readonly viewer: Pick<Acting, 'actorId'>;
  readonly draft: CommitDraft;
  readonly bytes: CommitBytes;
  readonly group: EncryptedGroup;
  readonly plan: CommitPlan;
  readonly now: Date;
}

/** Where a commit stands: its sequence, and the epoch that it begins. */
interface CommitPlace {
  readonly epoch: number;
  readonly sequence: number;
}

async function accept(
  { config }: CommandContext,
  tx: Transaction,
  acceptance: Acceptance,
): Promise<ChatMessageId> {
  const { draft, plan, now } = acceptance;
  const { conversationId: id, deviceId, groupInfo } = draft;
  const place = await tx.row<CommitPlace>(ADVANCE, [id, draft.epoch, groupInfo, now]);
  if (!place) throw await staleness(tx, draft, acceptance.group);
  const { origin } = config.publicUrl;
  const messageId = await storeCommit(tx, acceptance, place, origin);
  const welcomeId = await storeWelcome(tx, acceptance, place, origin);
  await changeGroup(tx, acceptance, place);
  const memberIds = await deliver(tx, plan, { messageId, welcomeId });
  await endLease(tx, id, deviceId);
  await tx.append(chatEnvelopeAccepted, {
    conversationId: id,
    messageId,
    senderId: acceptance.viewer.actorId,
    memberIds,
    isToldToEach: acceptance.group.hasNoHub,
  });
  if (plan.isToldOutside) await tx.append(serversBehind, { conversationId: id, isStateNew: false });
  return messageId;
}

async function storeCommit(
  tx: Transaction,
  acceptance: Acceptance,
  place: CommitPlace,
  origin: string,
): Promise<ChatMessageId> {
  const { epoch, commit: ciphertext, clientMessageId } = acceptance.draft;
  const envelope = envelopeAt(acceptance, place, origin);
  await storeEnvelope(tx, { ...envelope, kind: 'COMMIT', epoch, ciphertext, clientMessageId });
  return envelope.id;
}

/** Stores the Welcome for the devices that are let in. @returns null when nobody is */
async function storeWelcome(
  tx: Transaction,
  acceptance: Acceptance,
  place: CommitPlace,
  origin: string,
): Promise<ChatMessageId | null> {
  const { draft, plan } = acceptance;
  const { welcome: ciphertext } = draft;
  if (!ciphertext) return null;
  const { epoch } = place;
  const envelope = envelopeAt(acceptance, place, origin);
  const whose = { kind: 'WELCOME', epoch, ciphertext, clientMessageId: null } as const;
  await storeEnvelope(tx, { ...envelope, ...whose });
  await storeWelcomed(tx, envelope.id, plan.welcomed);
  return envelope.id;
}

/** What a commit and its Welcome have in common; each has an id of its own. */
function envelopeAt(
  { viewer, draft, now }: Acceptance,
  { sequence }: CommitPlace,
  origin: string,
): Omit<NewEnvelope, 'kind' | 'epoch' | 'ciphertext' | 'clientMessageId'> {
  const id: ChatMessageId = newId(now);
  return {
    id,
    conversationId: draft.conversationId,
    senderId: viewer.actorId,
    senderDeviceId: draft.deviceId,
    sequence,
    uri: `${origin}/messages/${id}`,
    sentAt: now,
    expiresAt: null,
    frank: null,
  };
}

/** Puts the commit into the mailboxes of those who were in, and the Welcome into those of who comes. @returns all of these */
async function deliver(
  tx: Transaction,
  plan: CommitPlan,
  { messageId, welcomeId }: { messageId: ChatMessageId; welcomeId: ChatMessageId | null },
): Promise<ActorId[]> {
  const readers = [...new Set(plan.readers)].toSorted();
  const joining = plan.joining.map(({ actorId }) => actorId);
  const joined = await localAmong(tx, joining);
  const welcomed = plan.welcomed.filter(({ actorId }) => joined.has(actorId));
  await post(tx, [
    ...readers.map((actorId) => ({ actorId, messageId, deviceId: null })),
    ...welcomed.map(({ deviceId, actorId }) => ({ actorId, messageId: welcomeId!, deviceId })),
  ]);
  return [...new Set([...readers, ...joined])];
}

async function changeGroup(
  tx: Transaction,
  { viewer, draft, plan, now }: Acceptance,
  place: CommitPlace,
): Promise<void> {
  const { conversationId: id } = draft;
  await removeFromGroup(tx, id, plan.removedDeviceIds, place);
  await openMailboxes(tx, plan.joining);
  await joinGroup(tx, id, plan.joining, place);
  await joinMembers(tx, {
    id,
    actorIds: draft.addMemberIds,
    adderId: viewer.actorId,
    role: 'MEMBER',
    sequence: place.sequence,
    now,
  });
  await leaveMembers(tx, id, draft.removeMemberIds);
}

async function staleness(
  tx: Transaction,
  { deviceId, epoch }: CommitDraft,
  group: EncryptedGroup,
): Promise<StaleEpoch> {
  const from = { conversationId: group.id, deviceId, epoch, limit: MISSED_COMMITS };
  return new StaleEpoch(group.epoch, await findCommitsFrom(tx, from));
}

function requireEpochNumber(epoch: number): void {
  if (epoch < 0)
    throw new Invalid('An epoch is 0 or greater.', ['epoch'], 'RANGE', '0..2147483647');
}
