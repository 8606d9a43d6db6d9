/** Putting what a hub says into its place: in the hub's order only, each place once, and nothing that cannot be. */
import type { ActorId } from '../../../actors/actor.entity.js';
import { readMessageHeader } from '../../../mls/message-header.js';
import type { Transaction } from '../../../platform/db/database.js';
import { newId } from '../../../platform/ids.js';
import { chatEnvelopeAccepted } from '../../chat.events.js';
import type { ChatMessageId } from '../../conversation.js';
import { post } from '../mailbox.js';
import { storeEnvelope } from '../store-envelope.js';
import { moveUp } from '../store-message.js';
import { freeClientId } from './client-ids.js';
import { changeMirroredGroup, firstWelcomeDue, takeNewGroup } from './change-group.js';
import {
  blameHub,
  digestAt,
  digestOfEntry,
  moveMirror,
  readersHere,
  rememberPlace,
  type HubFault,
  type Mirror,
} from './mirror.js';
import { letIn } from './let-in.js';
import { takeSubmitted } from './submitted.js';
import { sentAtOf, type Knowledge, type Placed } from './placing.js';
import type { MirrorEntry, MirrorPlace } from './read-entry.js';

/** Puts one place of a mirror that the caller has locked. */
export async function placeEntry(
  tx: Transaction,
  mirror: Mirror,
  place: MirrorPlace,
  knowledge: Knowledge,
): Promise<Placed> {
  if (place.kind === 'WELCOME') return letIn(tx, mirror, place, knowledge);
  if (place.sequence <= mirror.lastSequence) return compare(tx, mirror, place, knowledge);
  // Whoever is let in here gets what comes afterwards: nothing overtakes a Welcome.
  const isNext = place.sequence === mirror.lastSequence + 1;
  if (!isNext || (await firstWelcomeDue(tx, mirror)) !== null) return { mirror, placing: 'BEHIND' };
  if (place.kind === 'EMPTY') return skip(tx, mirror, place.sequence, knowledge.now);
  return putNext(tx, mirror, place, knowledge);
}

/** Two orders of the same are no order: the first one stays. */
async function compare(
  tx: Transaction,
  mirror: Mirror,
  place: MirrorPlace,
  { now }: Knowledge,
): Promise<Placed> {
  if (place.kind === 'EMPTY' || !place.content) return { mirror, placing: 'KNOWN' };
  const digest = digestOfEntry(place, place.content);
  const stood = await digestAt(tx, mirror, place.sequence);
  if (!stood || stood.equals(digest)) return { mirror, placing: 'KNOWN' };
  const { sequence } = place;
  await blameHub(tx, mirror, { sequence, kind: 'EQUIVOCATION', digest, now });
  return { mirror, placing: 'REFUSED' };
}

async function skip(tx: Transaction, mirror: Mirror, sequence: number, now: Date): Promise<Placed> {
  await rememberPlace(tx, mirror, sequence, { digest: null, now });
  const { epoch } = mirror;
  return { mirror: await moveMirror(tx, mirror, { sequence, epoch, now }), placing: 'PLACED' };
}

async function putNext(
  tx: Transaction,
  mirror: Mirror,
  entry: MirrorEntry,
  knowledge: Knowledge,
): Promise<Placed> {
  const { content } = entry;
  const sender = knowledge.people.get(entry.sender.actorUri);
  const device = knowledge.devices.get(entry.sender);
  if (!content) return { mirror, placing: 'BEHIND' };
  if (!sender) {
    // Nobody here can say whose it is; whoever misses a commit by that comes in anew.
    if (knowledge.lost.has(entry.sender.actorUri))
      return skip(tx, mirror, entry.sequence, knowledge.now);
    return { mirror, placing: 'BEHIND' };
  }
  if (sender.isDeleted && entry.kind !== 'COMMIT')
    return skip(tx, mirror, entry.sequence, knowledge.now);
  const header = readMessageHeader(content);
  const isAsSaid = header?.content === entry.kind && header.epoch === BigInt(entry.epoch);
  const isForward = entry.kind !== 'COMMIT' || entry.epoch >= mirror.epoch;
  const isReset = entry.kind === 'COMMIT' && entry.epoch === 0;
  if (!isAsSaid || (!isForward && !isReset))
    return refuse(tx, mirror, entry, content, { kind: 'MISMATCH', now: knowledge.now });
  const group = mirror.groupId.equals(header.groupId)
    ? isForward
      ? mirror
      : null
    : isReset
      ? await takeNewGroup(tx, mirror, Buffer.from(header.groupId))
      : null;
  if (!group) return refuse(tx, mirror, entry, content, { kind: 'MISMATCH', now: knowledge.now });
  const isNamed = device !== null || sender.isDeleted;
  if (sender.isLocal && !(isNamed && (await takeSubmitted(tx, mirror, content, device))))
    return refuse(tx, mirror, entry, content, { kind: 'FORGED_DEVICE', now: knowledge.now });
  const senderDeviceId = device?.deviceId ?? null;
  return put(tx, group, { entry, content, senderId: sender.id, senderDeviceId }, knowledge);
}

/** The place is taken all the same, so that what comes after it is not held up. */
async function refuse(
  tx: Transaction,
  mirror: Mirror,
  entry: MirrorEntry,
  content: Buffer,
  { kind, now }: { readonly kind: HubFault; readonly now: Date },
): Promise<Placed> {
  const { sequence } = entry;
  const digest = digestOfEntry(entry, content);
  await blameHub(tx, mirror, { sequence, kind, digest, now });
  const { mirror: moved } = await skip(tx, mirror, sequence, now);
  return { mirror: moved, placing: 'REFUSED' };
}

interface Attributed {
  readonly entry: MirrorEntry;
  readonly content: Buffer;
  readonly senderId: ActorId;
  readonly senderDeviceId: Parameters<typeof storeEnvelope>[1]['senderDeviceId'];
}

async function put(
  tx: Transaction,
  mirror: Mirror,
  { entry, content, senderId, senderDeviceId }: Attributed,
  knowledge: Knowledge,
): Promise<Placed> {
  const { now } = knowledge;
  const { sequence, kind, epoch } = entry;
  const readers = await readersHere(tx, mirror.id);
  const id = newId<'chatmessage'>(now);
  const isCommit = kind === 'COMMIT';
  const next = { sequence, epoch: Math.max(mirror.epoch, isCommit ? epoch + 1 : epoch), now };
  const moved = await moveMirror(tx, mirror, next);
  const digest = digestOfEntry(entry, content);
  await rememberPlace(tx, mirror, sequence, { digest, now });
  await storeEnvelope(tx, {
    id,
    conversationId: mirror.id,
    sequence,
    senderId,
    senderDeviceId,
    kind,
    epoch,
    ciphertext: content,
    clientMessageId: await freeClientId(tx, senderId, entry.clientMessageId),
    uri: `${mirror.hubUri}/messages/${sequence}`,
    sentAt: sentAtOf(entry, now),
    expiresAt: expiryOf(mirror, entry, now),
    frank: entry.frank,
  });
  if (kind === 'APPLICATION')
    await moveUp(tx, { id, conversationId: mirror.id, senderId, sequence });
  if (isCommit) await changeMirroredGroup(tx, moved, entry, knowledge);
  await tell(tx, mirror, { id, senderId, readers });
  return { mirror: moved, placing: 'PLACED' };
}

async function tell(
  tx: Transaction,
  { id: conversationId }: Mirror,
  { id, senderId, readers }: { id: ChatMessageId; senderId: ActorId; readers: readonly ActorId[] },
): Promise<void> {
  await post(
    tx,
    readers.map((actorId) => ({ actorId, messageId: id, deviceId: null })),
  );
  const fact = { conversationId, messageId: id, senderId, memberIds: readers };
  await tx.append(chatEnvelopeAccepted, { ...fact, isToldToEach: false });
}

/** What was agreed on holds here, whatever the hub says. */
function expiryOf(mirror: Mirror, entry: MirrorEntry, now: Date): Date | null {
  if (entry.kind === 'COMMIT') return null;
  const { disappearingSeconds } = mirror;
  const agreed =
    disappearingSeconds === null
      ? null
      : new Date(sentAtOf(entry, now).getTime() + disappearingSeconds * 1000);
  const { expiresAt } = entry;
  return agreed && (!expiresAt || agreed < expiresAt) ? agreed : expiresAt;
}
