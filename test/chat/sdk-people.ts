/** People with devices that chat by the client package. */
import { TriptychClient } from '../../sdk/src/client/client.js';
import type { ClientOptions } from '../../sdk/src/client/transport.js';
import { Chat } from '../../sdk/src/chat/chat.js';
import type { Noticed } from '../../sdk/src/chat/notices.js';
import type { DeviceAbout } from '../../sdk/src/chat/device.js';
import { MemoryStorage, type Storage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';
import { plainOf } from '../../sdk/src/chat/sanitise.js';
import { fromFreshAddress, WORLD_PASSWORD, type World } from '../support/world.js';

/** Key of every store here. */
export const STORE_KEY = Buffer.alloc(32, 9);

/** A client that is signed in as a local person. */
export async function signedIn(
  world: World,
  username: string,
  options: Partial<ClientOptions> = {},
): Promise<TriptychClient> {
  await world.local(username);
  const client = new TriptychClient({
    origin: world.origin,
    headers: fromFreshAddress(),
    reach: (url) => world.reach(url),
    ...options,
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
  options: Partial<ClientOptions> = {},
): Promise<Chat> {
  const client = await signedIn(world, username, options);
  const store = await Store.open(storage, STORE_KEY);
  const chat = await Chat.open(client, store, { name: 'Test', platform: 'Node', ...about });
  names.set(chat.self.actorUri, username);
  return chat;
}

/** What people notice about a conversation beside its messages. */
export const noticedIn = (chat: Chat, conversationId: string): Noticed[] =>
  chat.notices(conversationId).map(({ noticed }) => noticed);

/** Requests through somebody who may change questions and answers, as the server itself can. */
export function between(
  change: (name: string, answer: string, question: string) => string | Promise<string>,
): typeof fetch {
  return async (url, init) => {
    const question = typeof init?.body === 'string' ? init.body : '';
    const name = /(?:query|mutation) (\w+)/.exec(question)?.[1] ?? '';
    const answer = await (await fetch(url, init)).text();
    return new Response(await change(name, answer, question));
  };
}

/** A way to the server on which messages get lost while `isCutOff`, and how many went. */
export function cuttable(): { readonly fetch: typeof fetch; isCutOff: boolean; sent: number } {
  const way = {
    isCutOff: false,
    sent: 0,
    fetch: (url: Parameters<typeof fetch>[0], init?: RequestInit) => {
      const isMessage =
        typeof init?.body === 'string' && init.body.includes('mutation SendChatMessage');
      if (isMessage && way.isCutOff) return Promise.reject(new TypeError('fetch failed'));
      if (isMessage) way.sent += 1;
      return fetch(url, init);
    },
  };
  return way;
}

const names = new Map<string, string>();

/** Texts of a conversation in its order, each with the name of who wrote it. */
export const textsOf = (chat: Chat, conversationId: string): string[] =>
  chat.messages(conversationId).map(({ content, sender }) => {
    const said =
      content?.kind === 'text' ? plainOf(content.html) : `(${content?.kind ?? 'deleted'})`;
    return `${names.get(sender) ?? 'somebody'}: ${said}`;
  });

/** A storage that fails for good once it has written so many times. */
export function failingAfter(storage: Storage, writes: number): Storage {
  let left = writes;
  return {
    read: (prefix) => storage.read(prefix),
    write: async (changes) => {
      if (left <= 0) throw new Error('the process died');
      left -= 1;
      await storage.write(changes);
    },
    purge: async () => {},
    close: async () => {},
  };
}
