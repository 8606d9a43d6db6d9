/** What a device keeps, as somebody has it who took its storage and its key, and what such a one can do with it. */
import { CommitConversation } from '../../sdk/src/api/operations.js';
import type { Chat } from '../../sdk/src/chat/chat.js';
import { KeptGroups } from '../../sdk/src/chat/kept-groups.js';
import { TABLES, type StoredConversation, type StoredPackage } from '../../sdk/src/chat/records.js';
import type { TriptychClient } from '../../sdk/src/client/client.js';
import { requireDone } from '../../sdk/src/client/errors.js';
import type { Storage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { trustingEngine } from '../sdk/groups.js';
import { STORE_KEY } from './sdk-people.js';

/** The inside of a device. */
export async function inside(storage: Storage) {
  const store = await Store.open(storage, STORE_KEY);
  const groups = new KeptGroups(store, await trustingEngine());
  return {
    group: (id: string) => groups.find(id)!,
    conversation: (id: string) => store.get<StoredConversation>(TABLES.conversations, id)!,
    packages: () => store.all<StoredPackage>(TABLES.packages),
  };
}

/** Everything that a device keeps, opened, as one text: of bytes that are no text every byte is a letter. */
export async function openedText(storage: Storage): Promise<string> {
  const store = await Store.open(storage, STORE_KEY);
  return JSON.stringify(
    Object.values(TABLES).map((table) => store.all(table)),
    (_name, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value,
  );
}

/** Commits something to a conversation that its server accepts and no device can follow or come in by. */
export async function commitDamaged(
  client: TriptychClient,
  chat: Chat,
  storage: Storage,
  conversationId: string,
): Promise<void> {
  const engine = await trustingEngine();
  const made = await engine.commit((await inside(storage)).group(conversationId), {});
  const input = {
    conversationId,
    deviceId: chat.self.deviceId,
    clientMessageId: crypto.randomUUID(),
    epoch: Number(made.epoch),
    commit: damaged(made.commit),
    groupInfo: damaged(made.groupInfo),
  };
  requireDone((await client.request(CommitConversation, { input })).commitConversation);
}

function damaged(bytes: Uint8Array): string {
  const copy = Buffer.from(bytes);
  copy[copy.length - 1]! ^= 1;
  return copy.toString('base64');
}
