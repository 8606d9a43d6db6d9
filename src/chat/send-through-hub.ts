/** Writing in a conversation that another server orders: it has its place once that server says so. */
import type { ActorId } from '../actors/actor.entity.js';
import { requireDevice } from '../devices/devices.queries.js';
import { describeKeyPackageRefs } from '../devices/key-package-refs.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { Invalid, NotFound, RateLimited } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { catchUpPlaces } from './catch-up-mirror.js';
import type { CommitDraft } from './commit-conversation.js';
import {
  CIPHERTEXT_BYTES,
  HANDSHAKE_BYTES,
  type ChatMessageId,
  type ConversationId,
} from './conversation.js';
import { requireClientId } from './internal/client-message-id.js';
import { bytesOf, readCommit } from './internal/commit-bytes.js';
import { submit } from './internal/mirror/ask-hub.js';
import { findSent, findSentAt, requireSeen } from './internal/mirror/hub-access.js';
import type { Mirror } from './internal/mirror/mirror.js';
import { isComplete, knownOf, placeAll } from './internal/mirror/place-all.js';
import { readPlace, type MirrorPlace } from './internal/mirror/read-entry.js';
import { keepAnswering } from './internal/mirror/silent-hubs.js';
import { keepSubmitted } from './internal/mirror/submitted.js';
import { countIn, listIn, type Json } from './internal/mirror/read-json.js';
import { requireByteRate } from './internal/message-rate.js';
import { requireMlsMessage } from './internal/mls-input.js';
import { findCommitsFrom } from './mailbox.queries.js';
import {
  EpochTooOld,
  HubHeldUp,
  HubUnreachable,
  MISSED_COMMITS,
  MlsMismatch,
  StaleEpoch,
} from './mls.errors.js';
import type { CiphertextDraft } from './send-ciphertext.js';

const COMMITS = { name: 'chat_commit', points: 600, windowSeconds: 3600, failsClosed: false };
const DATA = ['content', 'mls', 'data'];
const DEVICE = ['content', 'mls', 'deviceId'];

const URIS = statement('actors.uris_of', 'select id, uri from actors where id = any($1::uuid[])');
const NAMES = statement(
  'chat_devices.names_of',
  `select device.id, a.uri as actor, device.signature_key as "signatureKey" from chat_devices device
     join actors a on a.id = device.actor_id where device.id = any($1::uuid[])`,
);

/** Bytes of what was sent, by what they are. */
interface SentBytes {
  readonly message: Buffer;
  readonly welcome: Buffer | null;
}

/**
 * Sends a message or a proposal, which `sendCiphertext` has counted and found to be one, to the hub, which accepts or refuses
 * it as that does, and keeps it at once. The same `clientMessageId` is the same message, however often it is sent.
 *
 * @throws {HubUnreachable} HUB_UNREACHABLE when it is not known whether the hub has it
 * @throws {DomainError} as `sendCiphertext`
 */
export async function sendThroughHub(
  context: CommandContext,
  mirror: Mirror,
  { clientMessageId, deviceId, data }: CiphertextDraft,
): Promise<ChatMessageId> {
  const { actorId } = requireViewer(context);
  const header = requireMlsMessage(data, CIPHERTEXT_BYTES, DATA);
  const { signatureKey } = await requireDevice(context.database, { actorId }, deviceId, DEVICE);
  const sent = { senderId: actorId, clientMessageId };
  const body = {
    kind: 'message',
    device: base64(signatureKey),
    clientMessageId,
    epoch: Number(header.epoch),
    data: base64(data),
  };
  return deliver(context, mirror, {
    sent,
    deviceId,
    body,
    bytes: { message: data, welcome: null },
  });
}

/**
 * Sends a commit to the hub, as `sendThroughHub` does a message.
 *
 * @throws {HubUnreachable} HUB_UNREACHABLE when it is not known whether the hub has it
 * @throws {DomainError} as `commitConversation`
 */
export async function commitThroughHub(
  context: CommandContext,
  mirror: Mirror,
  draft: CommitDraft,
): Promise<ChatMessageId> {
  const { actorId, accountId } = requireViewer(context);
  const { clientMessageId, deviceId, epoch, commit, welcome, groupInfo } = draft;
  requireClientId(clientMessageId);
  if (epoch < 0)
    throw new Invalid('An epoch is 0 or greater.', ['epoch'], 'RANGE', '0..2147483647');
  const { refs } = readCommit(draft, HANDSHAKE_BYTES);
  await requireRate(context, COMMITS, accountId);
  await requireByteRate(context, actorId, bytesOf(draft));
  const { database } = context;
  const { signatureKey } = await requireDevice(database, { actorId }, deviceId);
  const packages = await describeKeyPackageRefs(database, refs);
  const body = {
    kind: 'commit',
    device: base64(signatureKey),
    clientMessageId,
    epoch,
    commit: base64(commit),
    ...(welcome && { welcome: base64(welcome) }),
    ...(groupInfo && { groupInfo: base64(groupInfo) }),
    addMembers: await urisOf(database, draft.addMemberIds, 'addMemberIds'),
    removeMembers: await urisOf(database, draft.removeMemberIds, 'removeMemberIds'),
    removeDevices: await namesOf(database, draft.removeDeviceIds),
    keyPackages: packages.map(({ ref, actorUri, signatureKey: key }) => {
      return { ref: base64(ref), actor: actorUri, signatureKey: base64(key) };
    }),
  };
  const sent = { senderId: actorId, clientMessageId };
  return deliver(context, mirror, { sent, deviceId, body, bytes: { message: commit, welcome } });
}

interface Delivery {
  readonly sent: { readonly senderId: ActorId; readonly clientMessageId: string };
  readonly deviceId: CiphertextDraft['deviceId'];
  readonly body: Json;
  readonly bytes: SentBytes;
}

async function deliver(
  context: CommandContext,
  mirror: Mirror,
  { sent, deviceId, body, bytes }: Delivery,
): Promise<ChatMessageId> {
  const { database } = context;
  const { id } = mirror;
  await requireSeen(database, id, sent.senderId);
  const earlier = await findSent(database, id, sent);
  if (earlier) return earlier;
  const contents = [bytes.message, bytes.welcome].filter((one) => one !== null);
  await keepSubmitted(database, mirror, { deviceId, contents }, context.clock.now());
  const reply = await submitted(context, mirror, { deviceId, senderId: sent.senderId, body });
  await keepReply(context, mirror, reply, bytes);
  const sequence = countIn(reply['seq']) ?? 0;
  const kept =
    (await findSent(database, id, sent)) ??
    (await findSentAt(database, id, { senderId: sent.senderId, sequence }));
  if (!kept) throw new HubHeldUp(new URL(mirror.hubUri).host);
  return kept;
}

/** What was missed is fetched before the refusal is told, so that the device finds it in its mailbox. */
async function submitted(
  context: CommandContext,
  mirror: Mirror,
  { deviceId, senderId, body }: Pick<Delivery, 'deviceId' | 'body'> & { senderId: ActorId },
): Promise<Json> {
  try {
    const reply = await submit(context, mirror, senderId, body);
    await keepAnswering(context.database, mirror);
    return reply;
  } catch (error) {
    const isBehind =
      error instanceof StaleEpoch || error instanceof EpochTooOld || error instanceof MlsMismatch;
    if (!isBehind) throw error;
    await tryCatchUp(context, mirror.id);
    if (!(error instanceof StaleEpoch)) throw error;
    const from = { conversationId: mirror.id, deviceId, limit: MISSED_COMMITS };
    const epoch = countIn(body['epoch']) ?? 0;
    throw new StaleEpoch(
      error.currentEpoch,
      await findCommitsFrom(context.database, { ...from, epoch }),
    );
  }
}

async function tryCatchUp(context: CommandContext, id: ConversationId): Promise<void> {
  try {
    await catchUpPlaces(context, id);
  } catch (error) {
    if (!(error instanceof HubUnreachable) && !(error instanceof RateLimited)) throw error;
  }
}

/** Keeps what has its place now; what stands before it and is not here yet is fetched first. */
async function keepReply(
  context: CommandContext,
  mirror: Mirror,
  reply: Json,
  bytes: SentBytes,
): Promise<void> {
  const places = placesIn(reply, mirror, bytes);
  const knowledge = await knownOf(context, places);
  if (places.length > 0 && isComplete(knowledge, places)) {
    const { placing, mirror: now } = await placeAll(context, mirror.id, places, knowledge);
    if (placing !== 'BEHIND' && (now?.lastSequence ?? 0) >= (countIn(reply['seq']) ?? 0)) return;
  }
  await catchUpPlaces(context, mirror.id);
}

function placesIn(reply: Json, { hubUri }: Mirror, bytes: SentBytes): MirrorPlace[] {
  return listIn(reply['envelopes'])
    .slice(0, 2)
    .map((envelope) => readPlace(envelope, hubUri))
    .filter((place) => place !== null)
    .map((place) =>
      place.kind === 'EMPTY'
        ? place
        : { ...place, content: place.kind === 'WELCOME' ? bytes.welcome : bytes.message },
    );
}

async function urisOf(reader: Reader, ids: readonly ActorId[], field: string): Promise<string[]> {
  const rows = await reader.rows<{ id: ActorId; uri: string }>(URIS, [ids]);
  const byId = new Map(rows.map(({ id, uri }) => [id, uri]));
  return ids.map((id, index) => {
    const uri = byId.get(id);
    if (uri === undefined) throw new NotFound([field, String(index)]);
    return uri;
  });
}

async function namesOf(
  reader: Reader,
  ids: readonly CiphertextDraft['deviceId'][],
): Promise<{ actor: string; signatureKey: string }[]> {
  const rows = await reader.rows<{ id: string; actor: string; signatureKey: Buffer }>(NAMES, [ids]);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id, index) => {
    const row = byId.get(id);
    if (!row) throw new NotFound(['removeDeviceIds', String(index)]);
    return { actor: row.actor, signatureKey: base64(row.signatureKey) };
  });
}

function base64(bytes: Buffer): string {
  return bytes.toString('base64');
}
