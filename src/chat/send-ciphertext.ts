/** Writing in an encrypted conversation. */
import { LRUCache } from 'lru-cache';
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import type { MlsMessageHeader } from '../mls/message-header.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { Forbidden, Invalid, NotFound, RateLimited } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import {
  CIPHERTEXT_BYTES,
  conversationUriOf,
  type ChatMessageId,
  type ChatMessageRow,
  type ConversationId,
} from './conversation.js';
import { frank, requireTag } from './franking.js';
import { requireChatter } from './internal/chatting.js';
import { idUsedElsewhere, requireClientId } from './internal/client-message-id.js';
import { isSmall, requireMessageRate } from './internal/message-rate.js';
import { requireMlsMessage } from './internal/mls-input.js';
import { placeMessage } from './internal/place-together.js';
import type { Placed, Placing } from './internal/placing.js';
import { nobodyElse, notAccepted, otherProtection } from './internal/writable.js';
import { EpochTooOld, MlsMismatch } from './mls.errors.js';

/** What a device encrypted, and where. */
export interface CiphertextDraft {
  readonly conversationId: ConversationId;
  readonly clientMessageId: string;
  readonly deviceId: ChatDeviceId;
  /** An MLSMessage: something to read, or a proposal. */
  readonly data: Buffer;
}

/** What was accepted. */
export interface SentCiphertext {
  readonly id: ChatMessageId;
  /** As its sender sees it; null when it was here before. */
  readonly row: ChatMessageRow | null;
}

const DATA = ['content', 'mls', 'data'];
const DEVICE = ['content', 'mls', 'deviceId'];
const GREATEST_EPOCH = 2 ** 31 - 1;
const ADDRESSES_REMEMBERED = 20_000;

const URI = statement('actors.uri', 'select uri from actors where id = $1');

/** Addresses of people, which do not change, by their ids. */
const addresses = new LRUCache<ActorId, string>({ max: ADDRESSES_REMEMBERED });

/**
 * Accepts a message or a proposal of a device of whoever acts, once for each `clientMessageId`. Opens its own transaction.
 *
 * @returns null when another server orders the conversation: nothing was done but counted
 * @throws {NotFound} NOT_FOUND for a conversation that the viewer does not see, or a device that is not theirs
 * @throws {Invalid} INVALID_INPUT for bytes that are no such message, or a wrong client id
 * @throws {Conflict} IDEMPOTENCY_KEY_REUSED when the client id was used in another conversation
 * @throws {Forbidden} FORBIDDEN when the device is not in the group, or nobody else is there any more
 * @throws {EpochTooOld} EPOCH_TOO_OLD, {@link MlsMismatch} MLS_MISMATCH for a group or an epoch that it cannot be of
 * @throws {TooMany} LIMIT_EXCEEDED for a sixth message before anybody accepts or answers
 * @throws {RateLimited} RATE_LIMITED for more than the configuration allows
 */
export async function sendCiphertext(
  context: CommandContext,
  draft: CiphertextDraft,
): Promise<SentCiphertext | null> {
  const { actorId } = requireChatter(context);
  requireClientId(draft.clientMessageId);
  const header = requireMlsMessage(draft.data, CIPHERTEXT_BYTES, DATA);
  if (header.content === 'COMMIT')
    throw new Invalid('A commit goes to commitConversation.', DATA, 'MLS_CONTENT');
  const tag = header.content === 'APPLICATION' ? requireTag(header, DATA) : null;
  const isCounted = !isSmall(draft.data.length);
  if (isCounted) await requireMessageRate(context, actorId, draft.data.length);
  const sentAt = context.clock.now();
  const franked = tag && (await frankFor(context, { tag, draft, actorId, sentAt }));
  const placing = placingOf(context, { draft, actorId, header, sentAt, franked, isCounted });
  const placed = await placeMessage(context, placing);
  if (placed.verdict === 'MIRRORED') return null;
  if (placed.verdict === 'EARLIER') return { id: placed.earlierId!, row: null };
  if (placed.verdict !== 'PLACED') throw refusalOf(placed);
  return { id: placing.id, row: rowOf(placing, placed, { data: draft.data, franked }) };
}

interface Franked {
  readonly tag: Uint8Array;
  readonly draft: CiphertextDraft;
  readonly actorId: ActorId;
  readonly sentAt: Date;
}

async function frankFor(
  { database, config, sealer }: CommandContext,
  { tag, draft, actorId, sentAt }: Franked,
): Promise<Buffer> {
  const senderUri = await addressOf(database, actorId);
  const conversationUri = conversationUriOf(config, draft.conversationId);
  return frank(sealer, { tag, senderUri, conversationUri, acceptedAt: sentAt });
}

async function addressOf(reader: Reader, id: ActorId): Promise<string> {
  const known = addresses.get(id);
  if (known !== undefined) return known;
  const found = await reader.row<{ uri: string }>(URI, [id]);
  if (!found) throw new NotFound(['conversationId']);
  addresses.set(id, found.uri);
  return found.uri;
}

interface Checked {
  readonly draft: CiphertextDraft;
  readonly actorId: ActorId;
  readonly header: MlsMessageHeader;
  readonly sentAt: Date;
  readonly franked: Buffer | null;
  readonly isCounted: boolean;
}

function placingOf(
  { config }: CommandContext,
  { draft, actorId, header, sentAt, franked, isCounted }: Checked,
): Placing {
  const { conversationId, clientMessageId, deviceId, data } = draft;
  const id = newId<'chatmessage'>(sentAt);
  return {
    id,
    conversationId,
    senderId: actorId,
    deviceId,
    clientMessageId,
    kind: header.content === 'APPLICATION' ? 'APPLICATION' : 'PROPOSAL',
    epoch: Math.min(Number(header.epoch), GREATEST_EPOCH),
    groupId: Buffer.from(header.groupId).toString('base64'),
    uri: `${config.publicUrl.origin}/messages/${id}`,
    sentAt,
    isCounted,
    data: data.toString('base64'),
    frank: franked && franked.toString('base64'),
  };
}

/** As it would be read. */
function rowOf(
  { id, conversationId, senderId, deviceId, kind, epoch, sentAt }: Placing,
  { sequence, expiresAt }: Placed,
  { data, franked }: { readonly data: Buffer; readonly franked: Buffer | null },
): ChatMessageRow {
  return {
    id,
    conversationId,
    sequence: sequence!,
    senderId,
    kind,
    epoch,
    senderDeviceId: deviceId,
    ciphertext: data,
    frank: franked,
    expiresAt,
    contentHtml: '',
    contentSource: null,
    sentAt,
    editedAt: null,
    deletedAt: null,
  };
}

function refusalOf({ verdict, currentEpoch, encryption }: Placed): Error {
  switch (verdict) {
    case 'TOO_FAST':
      return new RateLimited(1);
    case 'NO_DEVICE':
      return new NotFound(DEVICE);
    case 'OTHER_PROTECTION':
      return otherProtection(encryption);
    case 'NOBODY_ELSE':
      return nobodyElse();
    case 'NOT_ACCEPTED':
      return notAccepted();
    case 'ID_USED':
      return idUsedElsewhere();
    case 'OTHER_GROUP':
      return new MlsMismatch('This is of another group.', DATA, currentEpoch);
    case 'EPOCH_AHEAD':
      return new MlsMismatch('This epoch has not begun.', DATA, currentEpoch);
    case 'EPOCH_OVER':
      return new EpochTooOld(currentEpoch);
    case 'NOT_IN_GROUP':
      return new Forbidden('This device is not in the group.', 'FORBIDDEN', DEVICE);
    default:
      return new NotFound(['conversationId']);
  }
}
