/** People with devices that chat by the client package. */
import { TriptychClient } from '../../sdk/src/client/client.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import type { DeviceAbout } from '../../sdk/src/chat/device.js';
import { MemoryStorage, type Storage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { plainOf } from '../../sdk/src/chat/sanitise.js';
import { fromFreshAddress, WORLD_PASSWORD, type World } from '../support/world.js';

/** Key of every store here. */
export const STORE_KEY = Buffer.alloc(32, 9);

/** A client that is signed in as a local person. */
export async function signedIn(world: World, username: string): Promise<TriptychClient> {
  await world.local(username);
  const client = new TriptychClient({
    origin: world.origin,
    headers: fromFreshAddress(),
    reach: (url) => world.reach(url),
  });
  await client.signIn(username, WORLD_PASSWORD);
  return client;
}

/** A device of somebody; with the storage of an earlier one it is that one. */
export async function deviceOf(
  world: World,
  username: string,
  storage: Storage = new MemoryStorage(),
  about: Partial<DeviceAbout> = {},
): Promise<Chat> {
  const client = await signedIn(world, username);
  const store = await Store.open(storage, STORE_KEY);
  const chat = await Chat.open(client, store, { name: 'Test', platform: 'Node', ...about });
  names.set(chat.self.actorUri, username);
  return chat;
}

const names = new Map<string, string>();

/** Texts of a conversation in its order, each with the name of who wrote it. */
export const textsOf = (chat: Chat, conversationId: string): string[] =>
  chat.messages(conversationId).map(({ content, sender }) => {
    const said =
      content?.kind === 'text' ? plainOf(content.html) : `(${content?.kind ?? 'deleted'})`;
    return `${names.get(sender) ?? 'somebody'}: ${said}`;
  });
