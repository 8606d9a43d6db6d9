/** What people here ask of the hub of a mirrored conversation besides writing: leaving it, its term, turns, what passes. */
import type { ActorId } from '../actors/actor.entity.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { CommandContext } from '../platform/context.js';
import { DomainError, Invalid, NotFound, RateLimited } from '../platform/errors.js';
import { requireRate } from '../platform/require-rate.js';
import { requireViewer } from '../platform/require-viewer.js';
import { catchUpMirror, keepDocument, tellBehind } from './catch-up-mirror.js';
import { requireGroupId } from './internal/group-id.js';
import type { CommitLease } from './internal/commit-lease.js';
import { submit } from './internal/mirror/ask-hub.js';
import { keepFounder } from './internal/mirror/founders.js';
import { requireSeen } from './internal/mirror/hub-access.js';
import { leaveMirror } from './internal/mirror/leave-mirror.js';
import type { Mirror } from './internal/mirror/mirror.js';
import { readHubDocument } from './internal/mirror/read-hub-document.js';
import { bytesIn, momentIn, type Json } from './internal/mirror/read-json.js';
import { requireBytes } from './internal/mls-input.js';
import { HANDSHAKE_BYTES } from './conversation.js';
import { HubUnreachable } from './mls.errors.js';
import type { Reset } from './reset-conversation.js';
import { SIGNAL_BYTES, type Signal } from './send-chat-signal.js';
import { TERM_SECONDS } from './set-disappearing-messages.js';

const SIGNALS = { name: 'chat_signal', points: 600, windowSeconds: 600, failsClosed: false };
const LEASES = { name: 'chat_lease', points: 1200, windowSeconds: 600, failsClosed: false };
const RESETS = { name: 'chat_reset', points: 10, windowSeconds: 24 * 3600, failsClosed: false };
const INFOS = { name: 'chat_group_info', points: 120, windowSeconds: 600, failsClosed: false };

/** Takes the viewer out here, whatever the hub says, which is told until it has heard it. */
export async function leaveThroughHub(context: CommandContext, mirror: Mirror): Promise<void> {
  const { actorId } = requireViewer(context);
  await requireSeen(context.database, mirror.id, actorId);
  const hasHubHeard = await tellLeaving(context, mirror, actorId);
  await leaveMirror(context, mirror.id, { actorId, hasHubHeard });
}

async function tellLeaving(
  context: CommandContext,
  mirror: Mirror,
  actorId: ActorId,
): Promise<boolean> {
  try {
    await submit(context, mirror, actorId, { kind: 'leave' });
    return true;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return error instanceof NotFound;
  }
}

/** @throws {HubUnreachable} HUB_UNREACHABLE, and as `requestCommitLease` */
export async function leaseThroughHub(
  context: CommandContext,
  mirror: Mirror,
  deviceId: Signal['deviceId'],
): Promise<CommitLease> {
  const { actorId, accountId } = requireViewer(context);
  await requireRate(context, LEASES, accountId);
  const device = await keyOf(context, mirror, deviceId);
  const said = await submit(context, mirror, actorId, { kind: 'lease', device });
  const until = momentIn(said['until']) ?? context.clock.now();
  return { isHeld: said['isHeld'] === true, until };
}

/** @throws {HubUnreachable} HUB_UNREACHABLE, and as `sendChatSignal` */
export async function signalThroughHub(
  context: CommandContext,
  mirror: Mirror,
  { deviceId, payload }: Signal,
): Promise<void> {
  const { actorId, accountId } = requireViewer(context);
  requireBytes(payload, SIGNAL_BYTES, ['payload']);
  await requireRate(context, SIGNALS, accountId);
  const device = await keyOf(context, mirror, deviceId);
  const body = { kind: 'signal', device, payload: payload.toString('base64') };
  await submit(context, mirror, actorId, body);
}

/** @throws {HubUnreachable} HUB_UNREACHABLE, and as `resetConversation` */
export async function resetThroughHub(
  context: CommandContext,
  mirror: Mirror,
  { deviceId, mlsGroupId }: Reset,
): Promise<void> {
  const { actorId, accountId } = requireViewer(context);
  requireGroupId(mlsGroupId);
  await requireRate(context, RESETS, accountId);
  const device = await keyOf(context, mirror, deviceId);
  const body = { kind: 'reset', device, mlsGroupId: mlsGroupId.toString('base64') };
  const founding = { deviceId, groupId: mlsGroupId };
  await keepFounder(context.database, mirror, founding, context.clock.now());
  await takeReply(context, mirror, await submit(context, mirror, actorId, body));
}

/** @throws {HubUnreachable} HUB_UNREACHABLE, and as `setDisappearingMessages` */
export async function setTermThroughHub(
  context: CommandContext,
  mirror: Mirror,
  seconds: number | null,
): Promise<void> {
  const { actorId } = requireViewer(context);
  const { least, most } = TERM_SECONDS;
  if (seconds !== null && (seconds < least || seconds > most))
    throw new Invalid(`From ${least} to ${most}.`, ['seconds'], 'RANGE', `${least}..${most}`);
  await requireSeen(context.database, mirror.id, actorId);
  const body = { kind: 'disappearing', seconds: seconds ?? 0 };
  await takeReply(context, mirror, await submit(context, mirror, actorId, body));
}

/** GroupInfo of the present epoch; null when the last commit brought none. @throws {HubUnreachable} HUB_UNREACHABLE */
export async function groupInfoThroughHub(
  context: CommandContext,
  mirror: Mirror,
): Promise<Buffer | null> {
  const { actorId, accountId } = requireViewer(context);
  await requireSeen(context.database, mirror.id, actorId);
  await requireRate(context, INFOS, accountId);
  const said = await submit(context, mirror, actorId, { kind: 'groupInfo' });
  return bytesIn(said['groupInfo'], HANDSHAKE_BYTES);
}

async function keyOf(
  { database, viewer }: CommandContext,
  { id }: Mirror,
  deviceId: Signal['deviceId'],
): Promise<string> {
  const { actorId } = viewer!;
  const { signatureKey } = await requireDevice(database, { actorId }, deviceId);
  await requireSeen(database, id, actorId);
  return signatureKey.toString('base64');
}

/** Takes the state that the hub answers with, after what was missed until then; what cannot be had now is had later. */
async function takeReply(
  context: CommandContext,
  { id, hubUri }: Mirror,
  said: Json,
): Promise<void> {
  const document = readHubDocument(said['document'], hubUri);
  try {
    if (document && (await keepDocument(context, id, document))) return;
    await catchUpMirror(context, id);
  } catch (error) {
    if (!(error instanceof HubUnreachable) && !(error instanceof RateLimited)) throw error;
    await tellBehind(context, id);
  }
}
