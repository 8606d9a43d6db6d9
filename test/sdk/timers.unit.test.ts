import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodePayload, encodePayload, newId } from '../../sdk/src/chat/activity.js';
import { applyPayload } from '../../sdk/src/chat/conversation-state.js';
import type { Notice } from '../../sdk/src/chat/notices.js';
import type { NewPayload } from '../../sdk/src/chat/payload.js';
import { TABLES, type StoredConversation, type StoredMessage } from '../../sdk/src/chat/records.js';
import { freshConversation } from '../../sdk/src/chat/session.js';
import { readTimer, timerFor, withTimer, type Timer } from '../../sdk/src/chat/timers.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';

const ID = 'conversation_1';
const BEN = 'https://b.example/users/ben';
const AT = '2026-01-01T00:00:00.000Z';
const text: NewPayload = { kind: 'text', html: 'Hello', inReplyTo: null, attachments: [] };

describe('how long messages last', () => {
  let store: Store;
  beforeEach(async () => {
    store = await Store.open(new MemoryStorage(), Buffer.alloc(32, 3));
    const conversation = freshConversation({ id: ID, isGroup: true });
    await store.transaction((tx) => tx.put(TABLES.conversations, ID, conversation));
  });
  const conversation = (): StoredConversation => store.get(TABLES.conversations, ID)!;

  /** Something comes, as from another device. */
  async function hear(payload: NewPayload, timer: Timer | null, sequence = '1'): Promise<void> {
    const encoded = encodePayload(newId(), payload);
    const data = timer ? withTimer(encoded, timer) : encoded;
    const origin = { conversationId: ID, sender: BEN, sequence, sentAt: AT };
    await store.transaction((tx) =>
      applyPayload(tx, { ...origin, timer: readTimer(data) }, decodePayload(data)),
    );
  }
  const hearTimer = (seconds: number | null, version: number): Promise<void> =>
    hear({ kind: 'timer', seconds }, { seconds, version });
  const ends = (): (string | null)[] =>
    store.all<StoredMessage>(TABLES.messages).map(({ expiresAt }) => expiresAt);

  it('is said with each message, and holds for it whatever was agreed before or is later', async () => {
    await hear(text, null);
    await hear(text, { seconds: 60, version: 1 });
    await hear(text, { seconds: null, version: 2 });
    await hear(text, { seconds: 60, version: 1 });
    expect(ends()).toEqual([null, '2026-01-01T00:01:00.000Z', null, '2026-01-01T00:01:00.000Z']);
  });

  it('is heard from any message, where the word itself was missed', async () => {
    await hear(text, { seconds: 60, version: 3 });
    expect(conversation()).toMatchObject({ timerSeconds: 60, timerVersion: 3 });
    const [notice] = store.all<Notice>(TABLES.notices);
    expect(notice?.noticed).toEqual({ kind: 'timer', by: BEN, seconds: 60 });
    await hear(text, { seconds: 60, version: 4 });
    expect(store.all<Notice>(TABLES.notices)).toHaveLength(1);
  });

  it('is the shorter one of two changes that are made at once, in whatever order they come', async () => {
    await hearTimer(300, 1);
    await hearTimer(60, 1);
    await hearTimer(null, 1);
    expect(conversation().timerSeconds).toBe(60);
    await hearTimer(null, 2);
    await hearTimer(60, 1);
    expect(conversation()).toMatchObject({ timerSeconds: null, timerVersion: 2 });
    await hearTimer(300, 2);
    expect(conversation().timerSeconds).toBe(300);
  });

  it('is changed by whoever does not know versions as well', async () => {
    await hear({ kind: 'timer', seconds: 60 }, null);
    await hear({ kind: 'timer', seconds: null }, null);
    expect(conversation()).toMatchObject({ timerSeconds: null, timerVersion: 2 });
  });

  it('is not decided for ever by whoever says to have changed it very often', async () => {
    await hearTimer(60, Number.MAX_SAFE_INTEGER);
    expect(conversation().timerSeconds).toBeNull();
  });

  it('is said only where somebody agreed on it, and asked for by a change', () => {
    const told = { ...conversation(), timerSeconds: 60 };
    const data = encodePayload(newId(), text);
    expect(readTimer(withTimer(data, timerFor(told, text)))).toBeNull();
    const agreed = { ...told, timerVersion: 2 };
    expect(readTimer(withTimer(data, timerFor(agreed, text)))).toEqual({ seconds: 60, version: 2 });
    expect(timerFor(agreed, { kind: 'timer', seconds: 60 }).version).toBe(2);
    expect(timerFor(agreed, { kind: 'timer', seconds: null })).toEqual({
      seconds: null,
      version: 3,
    });
  });

  it('is not understood where it is nonsense', () => {
    for (const nonsense of ['7', '[60]', '[-1,1]', '["60",1]', '[60,0]', '[60,1.5]', '[1.5,1]'])
      expect(readTimer(Buffer.from(`{"tri:timer":${nonsense}}`))).toBeNull();
    expect(readTimer(Buffer.from('no JSON'))).toBeNull();
  });
});
