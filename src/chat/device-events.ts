/** What happens for one device, live: its mailbox first, then what comes, each entry once and in order. */
import type { ActorId } from '../actors/actor.entity.js';
import type { ChatDeviceId } from '../devices/device.js';
import { chatDeviceRevoked, deviceTopic } from '../devices/devices.events.js';
import { requireDevice } from '../devices/devices.queries.js';
import type { Viewer } from '../platform/context.js';
import { statement, type Reader } from '../platform/db/database.js';
import { InvalidCursor } from '../platform/db/page.js';
import type { LiveEvent } from '../platform/realtime/live-event.js';
import { PulledSource } from '../platform/realtime/pulled-source.js';
import {
  chatEnvelopeAccepted,
  chatTopic,
  CHAT_SIGNAL,
  type MessageFact,
  type SignalNotice,
} from './chat.events.js';
import type { ChatMessageId, ChatMessageRow, ConversationId } from './conversation.js';
import { findMailboxPage, findMailboxState } from './mailbox.queries.js';

/** Root of one event of a device. */
export interface DeviceEvent {
  /** Position of the last entry that the device got. */
  readonly cursor: string;
  readonly message?: ChatMessageRow;
  /** Of a message that is not of the mailbox. */
  readonly messageId?: ChatMessageId | undefined;
  readonly conversationId?: ConversationId;
  readonly signal?: SignalNotice;
}

/** Who listens. */
export interface Listener {
  readonly database: Reader;
  readonly viewer: Viewer;
  readonly deviceId: ChatDeviceId;
}

const PAGE = 50;
const POSITION = /^\d{1,18}$/;

const IS_IN = statement(
  'conversation_devices.is_in',
  `select device_id from conversation_devices where conversation_id = $1 and device_id = $2 and left_sequence is null`,
);

/**
 * What a device listens to, behind a position, or behind what it has acknowledged.
 *
 * @throws {NotFound} NOT_FOUND for a device that is not the viewer's, or revoked
 * @throws {InvalidCursor} for what is no position
 */
export async function deviceSource(
  listener: Listener,
  after: string | null,
): Promise<PulledSource> {
  const { database, viewer, deviceId } = listener;
  if (after !== null && !POSITION.test(after))
    throw new InvalidCursor('With a device, the cursor is a position of its mailbox.');
  await requireDevice(database, viewer, deviceId);
  const { position } = await findMailboxState(database, owner(listener));
  const events = new DeviceEvents(listener, after === null ? position : BigInt(after));
  const topics = [chatTopic(viewer.actorId), deviceTopic(viewer.actorId)];
  return new PulledSource(topics, (event, isLast) => events.pull(event, isLast));
}

class DeviceEvents {
  private isBehind = true;

  constructor(
    private readonly listener: Listener,
    private position: bigint,
  ) {}

  async *pull(event: LiveEvent | null, isLast: boolean): AsyncGenerator<DeviceEvent> {
    // Whoever lost the device meanwhile gets nothing more.
    const { database, viewer, deviceId } = this.listener;
    await requireDevice(database, viewer, deviceId);
    if (event?.name === CHAT_SIGNAL) yield* this.signal(event.payload as SignalNotice);
    else if (!event || event.name === chatEnvelopeAccepted.name) this.isBehind = true;
    else if (event.name !== chatDeviceRevoked.name) yield this.other(event.payload);
    if (this.isBehind && isLast) yield* this.entries();
  }

  private async *entries(): AsyncGenerator<DeviceEvent> {
    const { database } = this.listener;
    this.isBehind = false;
    for (;;) {
      const request = { after: this.position, size: PAGE };
      const { entries, hasMore } = await findMailboxPage(database, owner(this.listener), request);
      for (const { position, message } of entries) {
        this.position = position;
        if (!message) continue;
        const { conversationId } = message;
        yield { cursor: this.cursor, message, conversationId };
      }
      if (!hasMore) return;
    }
  }

  private async *signal(signal: SignalNotice): AsyncGenerator<DeviceEvent> {
    const { database, deviceId } = this.listener;
    if (signal.senderDeviceId === deviceId) return;
    if (await database.row(IS_IN, [signal.conversationId, deviceId]))
      yield { cursor: this.cursor, signal, conversationId: signal.conversationId };
  }

  private other({ conversationId, messageId }: Partial<MessageFact>): DeviceEvent {
    return { cursor: this.cursor, conversationId: conversationId!, messageId };
  }

  private get cursor(): string {
    return String(this.position);
  }
}

function owner({ viewer, deviceId }: Listener): { actorId: ActorId; deviceId: ChatDeviceId } {
  return { actorId: viewer.actorId, deviceId };
}
