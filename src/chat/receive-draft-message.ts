/**
 * Encrypted messages of servers that know no hub. Best effort: each server has the order in which messages come to it, and
 * of two commits of one epoch the one with the smaller digest counts, if it comes within a minute. What a message is its
 * bytes say, whatever it is called.
 */
import type { ActorId } from '../actors/actor.entity.js';
import { consumeKeyPackageRefs } from '../devices/consume-key-packages.js';
import type { MlsMessageHeader } from '../mls/message-header.js';
import { readMlsKind } from '../mls/read-mls-kind.js';
import { addSeconds } from '../platform/clock.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { digestOf } from '../platform/ed25519.js';
import { Forbidden, NotFound } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireActing } from '../platform/require-viewer.js';
import { chatEnvelopeAccepted } from './chat.events.js';
import {
  CIPHERTEXT_BYTES,
  HANDSHAKE_BYTES,
  LATE_EPOCHS,
  type ChatMessageId,
} from './conversation.js';
import {
  beginDraftGroup,
  letIn,
  lockDraftContext,
  lockDraftGroup,
  placeWelcome,
  type DraftGroup,
} from './internal/draft/draft-group.js';
import { letWelcomeWait, takeWelcomes } from './internal/draft/draft-welcomes.js';
import { post } from './internal/mailbox.js';
import { storeEnvelope } from './internal/store-envelope.js';
import { moveUp } from './internal/store-message.js';
import { EpochTooOld } from './mls.errors.js';
import { hearingOf, requireHearing } from './receive-chat-message.js';

/** A message as it came; its sender is whoever acts. */
export interface DraftMessage {
  readonly uri: string;
  /** What its server calls the conversation; null = nothing. */
  readonly contextUri: string | null;
  readonly data: Buffer;
  /** People of here to whom it is addressed. */
  readonly localIds: readonly ActorId[];
  /** Others to whom it is, as far as they are known. */
  readonly otherIds: readonly ActorId[];
  /** Host of the sender's server. */
  readonly host: string;
}

/** For so long another commit of the same epoch may take the place of the first. */
const TIE_SECONDS = 60;
/** So much is kept of a conversation that nobody here has accepted. */
const MOST_UNACCEPTED = 50;
/** No group lives so long. */
const MOST_EPOCHS = 1_000_000_000n;
const LIMIT = { name: 'draft_message', points: 600, windowSeconds: 600, failsClosed: false };

const KNOWN = statement('chat_messages.draft_known', 'select from chat_messages where uri = $1');
const ADVANCE = statement(
  'draft_conversations.advance',
  `update conversations set last_sequence = last_sequence + 1, epoch = $3, updated_at = $2 where id = $1
   returning last_sequence as sequence`,
);
const COMMIT = statement(
  'draft_conversations.commit',
  `select ciphertext, sent_at as "sentAt" from chat_messages
   where conversation_id = $1 and kind = 'COMMIT' and epoch = $2 order by sequence desc limit 1`,
);
const AUDIENCE = statement(
  'draft_conversations.audience',
  `select distinct stay.actor_id as id from conversation_devices stay join actors a on a.id = stay.actor_id
   where stay.conversation_id = $1 and stay.left_sequence is null and a.domain is null order by stay.actor_id`,
);
const OWNERS = statement(
  'draft_conversations.owners',
  'select distinct actor_id as id from chat_devices where id = any($1::uuid[]) order by actor_id',
);
const MEMBER = statement(
  'draft_conversations.member',
  'select from conversation_members where conversation_id = $1 and actor_id = $2',
);
const ACCEPTED = statement(
  'draft_conversations.accepted',
  `select from conversation_members member join actors a on a.id = member.actor_id
   where member.conversation_id = $1 and a.domain is null and not member.is_request limit 1`,
);
const GROUP_INFO = statement(
  'draft_conversations.group_info',
  'update conversations set group_info = $2 where id = $1 and epoch = $3',
);

/**
 * Keeps what a person of another server sent to people of here. A repeat changes nothing. Opens its own transaction.
 *
 * @throws {NotFound} NOT_FOUND for bytes that are no message, for nobody here, or of a group that is not known
 * @throws {Forbidden} FORBIDDEN for the 51st message that nobody here has accepted
 * @throws {EpochTooOld} EPOCH_TOO_OLD for a commit, or a message, of an epoch that is over or far ahead
 * @throws {RateLimited} RATE_LIMITED for more than 600 in ten minutes, or as for messages of strangers
 */
export async function receiveDraftMessage(
  context: CommandContext,
  message: DraftMessage,
): Promise<void> {
  const { actorId: senderId } = requireActing(context);
  const read = readMlsKind(message.data);
  const isLetter = read?.kind === 'MESSAGE' && read.header.content === 'APPLICATION';
  const most = isLetter ? CIPHERTEXT_BYTES : HANDSHAKE_BYTES;
  if (!read || message.localIds.length === 0 || message.data.length > most) throw new NotFound();
  await requireRate(context, LIMIT, senderId);
  // Who takes part in a group is not asked whether anybody hears them: whoever lacks a message cannot read on.
  if (read.kind === 'WELCOME') await requireHearing(context, message);
  const now = context.clock.now();
  const arrival: Arrival = { message, senderId, now };
  await context.database.transaction(async (tx) => {
    if (await tx.row(KNOWN, [message.uri])) return;
    if (read.kind === 'WELCOME') await takeWelcome(tx, arrival, read.refs);
    else if (read.header.epoch > MOST_EPOCHS) throw new NotFound();
    else if (read.kind === 'MESSAGE') await takeMessage(tx, arrival, read.header);
    else {
      const group = await lockDraftGroup(tx, read.header.groupId);
      if (!group || !(await tx.row(MEMBER, [group.id, senderId]))) throw new NotFound();
      await tx.rows(GROUP_INFO, [group.id, message.data, Number(read.header.epoch)]);
    }
  });
}

interface Arrival {
  readonly message: DraftMessage;
  readonly senderId: ActorId;
  readonly now: Date;
}

async function takeWelcome(
  tx: Transaction,
  { message, senderId, now }: Arrival,
  refs: readonly Uint8Array[],
): Promise<void> {
  const { uri, contextUri, data, localIds } = message;
  const used = await consumeKeyPackageRefs(tx, refs, now);
  const hearing = await hearingOf(tx, localIds, senderId);
  const ours = used.filter(({ actorId }) => hearing.has(actorId));
  if (ours.length === 0) throw new NotFound();
  const deviceIds = ours.map(({ deviceId }) => deviceId);
  const welcome = { uri, senderId, contextUri, data, deviceIds };
  const group = contextUri === null ? null : await lockDraftContext(tx, contextUri, senderId);
  if (!group) return letWelcomeWait(tx, welcome, now);
  const actorIds = ours.map(({ actorId }) => actorId);
  await letIn(tx, group, actorIds, senderId, now);
  await placeWelcome(tx, group, welcome, now);
}

async function takeMessage(
  tx: Transaction,
  arrival: Arrival,
  header: MlsMessageHeader,
): Promise<void> {
  const group = (await lockDraftGroup(tx, header.groupId)) ?? (await begin(tx, arrival, header));
  const { message, senderId, now } = arrival;
  const { id } = group;
  const epoch = Number(header.epoch);
  const next = await nextEpoch(tx, group, { epoch, header, data: message.data, now });
  await requireWelcomed(tx, group);
  // Whoever a member has let in by a commit, which nobody here can read, may write before anybody names them.
  const isMember = (await tx.row(MEMBER, [id, senderId])) !== null;
  const named = isMember ? message.otherIds : [];
  await letIn(tx, group, [senderId, ...named], senderId, now);
  const { sequence } = (await tx.row<{ sequence: number }>(ADVANCE, [id, now, next]))!;
  const messageId: ChatMessageId = newId(now);
  await storeEnvelope(tx, {
    id: messageId,
    conversationId: id,
    sequence,
    senderId,
    kind: header.content,
    epoch,
    senderDeviceId: null,
    ciphertext: message.data,
    clientMessageId: null,
    uri: message.uri,
    expiresAt: null,
    frank: null,
    sentAt: now,
  });
  if (header.content === 'APPLICATION')
    await moveUp(tx, { id: messageId, conversationId: id, senderId, sequence });
  const readers = await tx.rows<{ id: ActorId }>(AUDIENCE, [id]);
  const memberIds = readers.map((reader) => reader.id);
  await post(
    tx,
    memberIds.map((actorId) => ({ actorId, messageId, deviceId: null })),
  );
  const fact = { conversationId: id, messageId, senderId, memberIds, isToldToEach: false };
  await tx.append(chatEnvelopeAccepted, fact);
}

/** @throws {Forbidden} FORBIDDEN once much came and nobody here has accepted it */
async function requireWelcomed(tx: Transaction, { id, lastSequence }: DraftGroup): Promise<void> {
  if (lastSequence < MOST_UNACCEPTED) return;
  if (!(await tx.row(ACCEPTED, [id]))) throw new Forbidden('Nobody here has accepted this.');
}

/** The group of a Welcome that waited: the first message names it. @throws {NotFound} when none did */
async function begin(
  tx: Transaction,
  { message, senderId, now }: Arrival,
  { groupId, epoch }: MlsMessageHeader,
): Promise<DraftGroup> {
  const { contextUri, otherIds } = message;
  const welcomes = await takeWelcomes(tx, senderId, contextUri, now);
  const beginning = { groupId, epoch: Number(epoch), contextUri, senderId };
  const owners = await tx.rows<{ id: ActorId }>(OWNERS, [
    welcomes.flatMap(({ deviceIds }) => deviceIds),
  ]);
  const recipientIds = [...owners.map(({ id }) => id), ...otherIds];
  const group =
    welcomes.length > 0 && (await beginDraftGroup(tx, { ...beginning, recipientIds }, now));
  if (!group) throw new NotFound();
  for (const welcome of welcomes) await placeWelcome(tx, group, welcome, now);
  return group;
}

interface Ordered {
  readonly epoch: number;
  readonly header: MlsMessageHeader;
  readonly data: Buffer;
  readonly now: Date;
}

/** The epoch that the group is in afterwards. @throws {EpochTooOld} EPOCH_TOO_OLD */
async function nextEpoch(
  tx: Transaction,
  group: DraftGroup,
  { epoch, header, data, now }: Ordered,
): Promise<number> {
  const stale = new EpochTooOld(group.epoch);
  if (header.content !== 'COMMIT') {
    // What is one epoch ahead came before its commit.
    if (epoch < group.epoch - LATE_EPOCHS || epoch > group.epoch + 1) throw stale;
    return group.epoch;
  }
  if (epoch === group.epoch) return group.epoch + 1;
  const first = await tx.row<{ ciphertext: Buffer; sentAt: Date }>(COMMIT, [group.id, epoch]);
  const isTie = epoch === group.epoch - 1 && first && first.sentAt >= addSeconds(now, -TIE_SECONDS);
  if (!isTie || Buffer.compare(await digestOf(data), await digestOf(first.ciphertext)) >= 0)
    throw stale;
  return group.epoch;
}
