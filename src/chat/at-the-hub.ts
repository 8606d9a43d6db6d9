/** What people do in encrypted conversations, wherever these are ordered: by this server, or by the one where they began. */
import type { CommandContext } from '../platform/context.js';
import { NotFound } from '../platform/errors.js';
import { commitConversation, type CommitDraft } from './commit-conversation.js';
import type { ChatMessageId, ConversationId } from './conversation.js';
import {
  groupInfoThroughHub,
  leaseThroughHub,
  leaveThroughHub,
  resetThroughHub,
  setTermThroughHub,
  signalThroughHub,
} from './govern-through-hub.js';
import type { CommitLease } from './internal/commit-lease.js';
import { findMirror, findMirrors, type Mirror } from './internal/mirror/mirror.js';
import { leaveConversation } from './leave-conversation.js';
import { requestCommitLease } from './request-commit-lease.js';
import { resetConversation, type Reset } from './reset-conversation.js';
import { sendChatSignal, type Signal } from './send-chat-signal.js';
import { sendCiphertext, type CiphertextDraft, type SentCiphertext } from './send-ciphertext.js';
import { commitThroughHub, sendThroughHub } from './send-through-hub.js';
import { setDisappearingMessages } from './set-disappearing-messages.js';

/** As `sendCiphertext`. @throws {HubUnreachable} HUB_UNREACHABLE too */
export async function sendEncrypted(
  context: CommandContext,
  draft: CiphertextDraft,
): Promise<SentCiphertext> {
  const sent = await sendCiphertext(context, draft);
  if (sent) return sent;
  const mirror = await mirrorOf(context, draft.conversationId);
  if (!mirror) throw new NotFound(['conversationId']);
  return { id: await sendThroughHub(context, mirror, draft), row: null };
}

/** As `commitConversation`. @throws {HubUnreachable} HUB_UNREACHABLE too */
export async function commitAnywhere(
  context: CommandContext,
  draft: CommitDraft,
): Promise<ChatMessageId> {
  const mirror = await mirrorOf(context, draft.conversationId);
  return mirror ? commitThroughHub(context, mirror, draft) : commitConversation(context, draft);
}

/** As `leaveConversation`, whether the hub hears it now or later. */
export async function leaveAnywhere(context: CommandContext, id: ConversationId): Promise<void> {
  const mirror = await mirrorOf(context, id);
  return mirror ? leaveThroughHub(context, mirror) : leaveConversation(context, id);
}

/** As `requestCommitLease`. @throws {HubUnreachable} HUB_UNREACHABLE too */
export async function requestLeaseAnywhere(
  context: CommandContext,
  id: ConversationId,
  deviceId: Signal['deviceId'],
): Promise<CommitLease> {
  const mirror = await mirrorOf(context, id);
  return mirror
    ? leaseThroughHub(context, mirror, deviceId)
    : requestCommitLease(context, id, deviceId);
}

/** As `sendChatSignal`. @throws {HubUnreachable} HUB_UNREACHABLE too */
export async function signalAnywhere(context: CommandContext, signal: Signal): Promise<void> {
  const mirror = await mirrorOf(context, signal.conversationId);
  return mirror ? signalThroughHub(context, mirror, signal) : sendChatSignal(context, signal);
}

/** As `resetConversation`. @throws {HubUnreachable} HUB_UNREACHABLE too */
export async function resetAnywhere(context: CommandContext, reset: Reset): Promise<void> {
  const mirror = await mirrorOf(context, reset.conversationId);
  return mirror ? resetThroughHub(context, mirror, reset) : resetConversation(context, reset);
}

/** As `setDisappearingMessages`. @throws {HubUnreachable} HUB_UNREACHABLE too */
export async function setTermAnywhere(
  context: CommandContext,
  id: ConversationId,
  seconds: number | null,
): Promise<void> {
  const mirror = await mirrorOf(context, id);
  return mirror
    ? setTermThroughHub(context, mirror, seconds)
    : setDisappearingMessages(context, id, seconds);
}

/** GroupInfo of those of several conversations that other servers order. @throws {HubUnreachable} HUB_UNREACHABLE */
export async function groupInfosOfHubs(
  context: CommandContext,
  ids: readonly string[],
): Promise<[string, Buffer][]> {
  const found: [string, Buffer][] = [];
  for (const mirror of await findMirrors(context.database, ids)) {
    const groupInfo = await groupInfoThroughHub(context, mirror);
    if (groupInfo) found.push([mirror.id, groupInfo]);
  }
  return found;
}

function mirrorOf({ database }: CommandContext, id: ConversationId): Promise<Mirror | null> {
  return findMirror(database, id);
}
