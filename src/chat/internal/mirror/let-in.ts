/** A Welcome for devices of people here, which brings them into a conversation, or the conversation here. */
import type { ActorId } from '../../../actors/actor.entity.js';
import { blocksDomainOf } from '../../../actors/domain-blocks.queries.js';
import { consumeKeyPackageRefs } from '../../../devices/consume-key-packages.js';
import { readWelcomeRefs } from '../../../mls/welcome-refs.js';
import type { ChatDeviceId } from '../../../devices/device.js';
import { statement, type Transaction } from '../../../platform/db/database.js';
import { newId } from '../../../platform/ids.js';
import { blockedBetween } from '../../../posts/visibility.js';
import { chatEnvelopeAccepted } from '../../chat.events.js';
import { joinGroup } from '../encrypted-group.js';
import { openMailboxes, post } from '../mailbox.js';
import { storeEnvelope } from '../store-envelope.js';
import { joinMirror, setMembers } from './mirrored-members.js';
import {
  blameHub,
  digestOfEntry,
  moveMirror,
  readersHere,
  rememberPlace,
  type HubFault,
  type Mirror,
} from './mirror.js';
import { takeSubmitted } from './submitted.js';
import { sentAtOf, type Knowledge, type Placed } from './placing.js';
import type { MirrorEntry } from './read-entry.js';
import { isSameOrigin } from './read-json.js';

const TAKE_DUE = statement(
  'mirror_welcomes_due.take',
  'delete from mirror_welcomes_due where conversation_id = $1 and sequence = $2 returning sequence',
);
// Of people here, who do not stand in the tree, and whom nobody lets in against their will.
const WANTED = statement(
  'mirrors.welcomed',
  `select device.id as "deviceId", device.actor_id as "actorId" from chat_devices device join actors a on a.id = device.actor_id
   where device.id = any($2::uuid[]) and a.domain is null
     and not exists (select from conversation_devices stay where stay.conversation_id = $1
       and stay.device_id = device.id and stay.removed_epoch is null)
     and (a.id = $3 or exists (select from conversation_members where conversation_id = $1 and actor_id = a.id)
       or not ${blockedBetween('a.id', '$3::uuid')} and not ${blocksDomainOf('a.id', '$3::uuid')})
   order by device.id`,
);

interface WelcomedDevice {
  readonly deviceId: ChatDeviceId;
  readonly actorId: ActorId;
}

/**
 * Lets in devices of people here whose key packages a Welcome names. It counts once: when its commit has announced it, or
 * while nobody here gets anything of the conversation, which then goes on from here.
 */
export async function letIn(
  tx: Transaction,
  mirror: Mirror,
  entry: MirrorEntry,
  knowledge: Knowledge,
): Promise<Placed> {
  const { people, now } = knowledge;
  const { sequence, content } = entry;
  const adder = people.get(entry.sender.actorUri);
  if (!content || !adder || adder.isDeleted) return { mirror, placing: 'BEHIND' };
  const isAsleep = (await readersHere(tx, mirror.id)).length === 0;
  const isDue = (await tx.row(TAKE_DUE, [mirror.id, sequence])) !== null;
  if (!isDue && (!isAsleep || sequence < mirror.lastSequence))
    return { mirror, placing: sequence > mirror.lastSequence ? 'BEHIND' : 'KNOWN' };
  const refs = readWelcomeRefs(content);
  if (!refs) return refuse(tx, mirror, entry, content, { kind: 'MISMATCH', now });
  const device = knowledge.devices.get(entry.sender);
  if (adder.isLocal && !(device && (await takeSubmitted(tx, mirror, content, device))))
    return refuse(tx, mirror, entry, content, { kind: 'FORGED_DEVICE', now });
  const consumed = await consumeKeyPackageRefs(tx, refs, now);
  const ids = consumed.map(({ deviceId }) => deviceId);
  const welcomed = await tx.rows<WelcomedDevice>(WANTED, [mirror.id, ids, adder.id]);
  if (welcomed.length === 0) return { mirror, placing: 'KNOWN' };
  const epoch = Math.max(mirror.epoch, entry.epoch);
  const moved = isAsleep
    ? await moveMirror(tx, mirror, {
        sequence: Math.max(sequence, mirror.lastSequence),
        epoch,
        now,
      })
    : mirror;
  // Of people of third servers a hub may say what it likes: that somebody here follows them lets nobody in.
  const isVouched = adder.isLocal || isSameOrigin(entry.sender.actorUri, mirror.hubUri);
  await bringIn(tx, moved, { entry, content, adderId: adder.id, isVouched, welcomed }, knowledge);
  return { mirror: moved, placing: 'PLACED' };
}

async function refuse(
  tx: Transaction,
  mirror: Mirror,
  entry: MirrorEntry,
  content: Buffer,
  { kind, now }: { readonly kind: HubFault; readonly now: Date },
): Promise<Placed> {
  const digest = digestOfEntry(entry, content);
  await blameHub(tx, mirror, { sequence: entry.sequence, kind, digest, now });
  return { mirror, placing: 'REFUSED' };
}

interface Arrival {
  readonly entry: MirrorEntry;
  readonly content: Buffer;
  readonly adderId: ActorId;
  /** It is certain that they have let them in. */
  readonly isVouched: boolean;
  readonly welcomed: readonly WelcomedDevice[];
}

async function bringIn(
  tx: Transaction,
  mirror: Mirror,
  { entry, content, adderId, isVouched, welcomed }: Arrival,
  knowledge: Knowledge,
): Promise<void> {
  const { now, devices } = knowledge;
  const { id: conversationId } = mirror;
  const { sequence, epoch } = entry;
  const actorIds = [...new Set(welcomed.map(({ actorId }) => actorId))].toSorted();
  const from = { ...mirror, lastSequence: sequence };
  await joinMirror(tx, from, { actorIds, adderId, isVouched, now });
  if (entry.members) await setMembers(tx, mirror, entry.members, knowledge);
  await openMailboxes(tx, welcomed);
  await joinGroup(tx, conversationId, welcomed, { sequence, epoch });
  const id = newId<'chatmessage'>(now);
  await storeEnvelope(tx, {
    id,
    conversationId,
    sequence,
    senderId: adderId,
    senderDeviceId: devices.get(entry.sender)?.deviceId ?? null,
    kind: 'WELCOME',
    epoch,
    ciphertext: content,
    clientMessageId: null,
    uri: `${mirror.hubUri}/messages/${sequence}/welcome`,
    sentAt: sentAtOf(entry, now),
    expiresAt: null,
    frank: null,
  });
  await rememberPlace(tx, mirror, sequence, { digest: null, now });
  await post(
    tx,
    welcomed.map((device) => ({ ...device, messageId: id })),
  );
  const fact = { conversationId, messageId: id, senderId: adderId, memberIds: actorIds };
  await tx.append(chatEnvelopeAccepted, { ...fact, isToldToEach: false });
}
