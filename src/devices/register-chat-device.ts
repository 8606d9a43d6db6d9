/** Taking a device into use for encrypted chat. */
import { requireRecentPassword } from '../accounts/prove-password.js';
import type { ActorId } from '../actors/actor.entity.js';
import type { CommandContext } from '../platform/context.js';
import { statement, type Transaction } from '../platform/db/database.js';
import { Conflict, TooMany } from '../platform/errors.js';
import { newId } from '../platform/ids.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { MOST_DEVICES, type ChatDeviceId } from './device.js';
import { chatDeviceRegistered } from './devices.events.js';
import { appendToKeyLog, type KeyFact } from './internal/append-key-log.js';
import { requireSound, type NewDevice } from './internal/device-input.js';
import {
  deviceAdded,
  deviceRevoked,
  identitySet,
  type Identity,
  type KeyOwner,
} from './internal/key-facts.js';
import { beginOrLockIdentity, replaceIdentity } from './internal/lock-identity.js';
import { ownerOf } from './internal/owner-of.js';
import { revokeDevices } from './internal/revoke-devices.js';

const LIMIT = { name: 'chat-device', points: 30, windowSeconds: 86_400, failsClosed: false };

/** The account has another identity key than the one that attests the device. */
export class IdentityMismatch extends Conflict {
  override readonly typeName = 'IdentityMismatchError';

  constructor(
    readonly knownKey: Buffer,
    readonly knownVersion: number,
  ) {
    super('Your account has another identity key.', 'IDENTITY_MISMATCH', ['identityKey']);
  }
}

const SAME = statement(
  'chat_devices.same',
  `select id from chat_devices where signature_key = $1 and actor_id = $2 and attestation = $3 and revoked_at is null`,
);
const COUNT = statement(
  'chat_devices.count',
  'select count(*)::int as count from chat_devices where actor_id = $1 and revoked_at is null',
);
const INSERT = statement(
  'chat_devices.insert',
  `insert into chat_devices (id, actor_id, name, platform, signature_key, identity_version, attestation, attested_at,
     created_at, last_seen_at) values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
   on conflict do nothing returning id`,
);

/**
 * Registers a device of the viewer, which its identity key attests. The first one brings the identity key along. A repeat
 * of the same registration answers with the same device. Opens its own transaction.
 *
 * @param replacesIdentity another identity key than the known one takes its place, and all former devices are revoked
 * @throws {Invalid} INVALID_INPUT
 * @throws {Forbidden} REAUTHENTICATION_REQUIRED where another identity key would take the place of the known one
 * @throws {IdentityMismatch} IDENTITY_MISMATCH
 * @throws {Conflict} ALREADY_EXISTS for a signature key that was ever that of a device
 * @throws {TooMany} LIMIT_EXCEEDED for more than 6 devices
 * @throws {RateLimited} RATE_LIMITED for more than 30 in a day
 */
export async function registerChatDevice(
  context: CommandContext,
  device: NewDevice,
  replacesIdentity: boolean,
): Promise<ChatDeviceId> {
  const viewer = requireViewer(context);
  const { actorId, accountId } = viewer;
  const now = context.clock.now();
  const owner = await ownerOf(context.database, actorId);
  await requireSound(device, owner.actorUri, now);
  await requireRate(context, LIMIT, accountId);
  return context.database.transaction(async (tx) => {
    const facts: KeyFact[] = [];
    const mayReplace = replacesIdentity ? () => requireRecentPassword(context, viewer) : null;
    const identity = await settleIdentity(tx, { owner, device, mayReplace, facts, now });
    const same = await tx.row<{ id: ChatDeviceId }>(SAME, [
      device.signatureKey,
      actorId,
      device.attestation,
    ]);
    if (same) return same.id;
    await requireRoom(tx, actorId);
    const id = await insert(tx, actorId, identity.version, device, now);
    facts.push(deviceAdded(owner, identity, device));
    await tx.append(chatDeviceRegistered, { deviceId: id, actorId });
    await appendToKeyLog(tx, facts, now);
    return id;
  });
}

interface Settling {
  readonly owner: KeyOwner;
  readonly device: NewDevice;
  /** Whether another identity may take the place of the known one; null = it is not to. */
  readonly mayReplace: (() => Promise<void>) | null;
  /** What the log is to say of it. */
  readonly facts: KeyFact[];
  readonly now: Date;
}

/** The identity that the device belongs to from now on. */
async function settleIdentity(
  tx: Transaction,
  { owner, device, mayReplace, facts, now }: Settling,
): Promise<Identity> {
  const { actorId } = owner;
  const { identityKey } = device;
  const known = await beginOrLockIdentity(tx, actorId, identityKey, now);
  if (known.isNew) facts.push(identitySet(owner, known));
  if (Buffer.compare(known.identityKey, identityKey) === 0) return known;
  if (!mayReplace) throw new IdentityMismatch(Buffer.from(known.identityKey), known.version);
  await mayReplace();
  const next = { identityKey, version: known.version + 1 };
  await replaceIdentity(tx, actorId, next, now);
  const revoked = await revokeDevices(tx, actorId, null, now);
  facts.push(...revoked.map((one) => deviceRevoked(owner, one)), identitySet(owner, next));
  return next;
}

async function requireRoom(tx: Transaction, actorId: ActorId): Promise<void> {
  const { count } = (await tx.row<{ count: number }>(COUNT, [actorId]))!;
  if (count >= MOST_DEVICES)
    throw new TooMany(`At most ${MOST_DEVICES} devices: revoke one first.`, MOST_DEVICES);
}

async function insert(
  tx: Transaction,
  actorId: ActorId,
  identityVersion: number,
  { name, platform, signatureKey, attestation, attestedAt }: NewDevice,
  now: Date,
): Promise<ChatDeviceId> {
  const id = newId<'chatdevice'>(now);
  const said = [name, platform, signatureKey, identityVersion, attestation, attestedAt, now];
  if (!(await tx.row(INSERT, [id, actorId, ...said])))
    throw new Conflict('This key was that of a device before.', 'ALREADY_EXISTS', ['signatureKey']);
  return id;
}
