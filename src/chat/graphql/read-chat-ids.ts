/** Ids in inputs about conversations. */
import type { ChatDeviceId } from '../../devices/device.js';
import { readId } from '../../platform/ids.js';
import type { ConversationId } from '../conversation.js';

/** The conversation that an input names. @throws {NotFound} NOT_FOUND when it is malformed */
export function readConversation({
  conversationId,
}: {
  readonly conversationId: string;
}): ConversationId {
  return readId('conversation', conversationId, ['conversationId']);
}

/** The device that an input names. @throws {NotFound} NOT_FOUND when it is malformed */
export function readDevice({ deviceId }: { readonly deviceId: string }): ChatDeviceId {
  return readId('chatdevice', deviceId, ['deviceId']);
}
