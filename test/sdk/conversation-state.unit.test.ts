import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodePayload, encodePayload, newId } from '../../sdk/src/chat/activity.js';
import { applyPayload } from '../../sdk/src/chat/conversation-state.js';
import { forgetEarly } from '../../sdk/src/chat/early.js';
import type { NewPayload } from '../../sdk/src/chat/payload.js';
import { TABLES, type StoredConversation, type StoredMessage } from '../../sdk/src/chat/records.js';
import { hear, readGossip } from '../../sdk/src/chat/gossip.js';
import { toBase64 } from '../../sdk/src/crypto/bytes.js';
import { matches, wordsOf } from '../../sdk/src/chat/search.js';
import { freshConversation } from '../../sdk/src/chat/session.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';

const ID = 'conversation_1';
const [ADA, BEN] = ['https://a.example/users/ada', 'https://b.example/users/ben'];

describe('what people say in a conversation', () => {
  let store: Store;
  let sequence = 0;
  beforeEach(async () => {
    store = await Store.open(new MemoryStorage(), Buffer.alloc(32, 3));
    const conversation = freshConversation({ id: ID, isGroup: true });
    await store.transaction((tx) => tx.put(TABLES.conversations, ID, conversation));
  });

  /** Somebody says something, at a time; answers its id. */
  async function say(sender: string, payload: NewPayload, sentAt?: string): Promise<string> {
    const id = newId();
    await sayAs(id, sender, payload, sentAt);
    return id;
  }

  async function sayAs(
    id: string,
    sender: string,
    payload: NewPayload,
    sentAt = '2026-01-01T00:00:00.000Z',
  ): Promise<void> {
    sequence += 1;
    const origin = { conversationId: ID, sender, sequence: String(sequence), sentAt };
    const heard = decodePayload(encodePayload(id, payload));
    await store.transaction((tx) => applyPayload(tx, origin, heard));
  }
  const messages = (): StoredMessage[] => store.all<StoredMessage>(TABLES.messages);
  const conversation = (): StoredConversation => store.get(TABLES.conversations, ID)!;
  const text = (html: string): NewPayload => ({
    kind: 'text',
    html,
    inReplyTo: null,
    attachments: [],
  });

  it('keeps no head of a log that can be none, as asking about it would fail for all', async () => {
    const head = { kind: 'keyLogHead', rootHash: new Uint8Array(32), server: 'https://a.example' };
    for (const treeSize of ['much', '1.5', '-1', '2147483648', '1e300'])
      await say(BEN, { ...head, treeSize } as NewPayload);
    expect(store.all(TABLES.heads)).toEqual([]);
    const told = { 'tri:keyLog': ['https://a.example', 2 ** 40, toBase64(new Uint8Array(32))] };
    const gossip = readGossip(Buffer.from(JSON.stringify(told)));
    const from = { conversationId: ID, sender: BEN, sentAt: '2026-01-01T00:00:00.000Z' };
    await store.transaction((tx) => hear(tx, from, gossip));
    expect(store.all(TABLES.heads)).toEqual([]);
    await say(BEN, { ...head, treeSize: '2147483647' } as NewPayload);
    expect(store.all(TABLES.heads)).toHaveLength(1);
  });

  it('is changed and taken back by who wrote it, and by nobody else', async () => {
    const id = await say(ADA, text('one'));
    await say(BEN, { kind: 'edit', target: id, html: 'forged' });
    await say(BEN, { kind: 'delete', target: id });
    expect(messages()[0]).toMatchObject({ content: { html: 'one' }, editedAt: null });
    await say(ADA, { kind: 'edit', target: id, html: 'two' });
    expect(messages()[0]).toMatchObject({ content: { html: 'two' } });
    await say(ADA, { kind: 'delete', target: id });
    await say(ADA, { kind: 'edit', target: id, html: 'three' });
    expect(messages()).toMatchObject([{ content: null }]);
  });

  it('is no place for the id of another message', async () => {
    const id = await say(ADA, text('mine'));
    const origin = {
      conversationId: ID,
      sender: BEN,
      sequence: '99',
      sentAt: '2026-01-01T00:00:00.000Z',
    };
    const forged = decodePayload(encodePayload(id, text('theirs')));
    await store.transaction((tx) => applyPayload(tx, origin, forged));
    expect(messages()).toMatchObject([{ sender: ADA, content: { html: 'mine' } }]);
  });

  it('gets reactions, each once, which only who gave them takes back', async () => {
    const target = await say(ADA, text('one'));
    for (const emoji of ['❤', '❤', '🪁']) await say(BEN, { kind: 'reaction', target, emoji });
    const [heart] = messages()[0]!.reactions;
    expect(messages()[0]!.reactions.map(({ emoji }) => emoji)).toEqual(['❤', '🪁']);
    await say(ADA, { kind: 'undo', target: heart!.id });
    expect(messages()[0]!.reactions).toHaveLength(2);
    await say(BEN, { kind: 'undo', target: heart!.id });
    expect(messages()[0]!.reactions.map(({ emoji }) => emoji)).toEqual(['🪁']);
  });

  it('gets receipts of others, and none of who wrote it', async () => {
    const id = await say(ADA, text('one'));
    for (const sender of [ADA, BEN, BEN])
      for (const state of ['delivered', 'read'] as const)
        await say(sender, { kind: 'receipt', state, targets: [id, newId()] });
    expect(messages()[0]).toMatchObject({ deliveredTo: [BEN], readBy: [BEN] });
  });

  it('is voted on with what there is to vote for, while the poll lasts', async () => {
    const endsAt = '2026-01-02T00:00:00.000Z';
    const options = ['now', 'later'];
    const target = await say(ADA, {
      kind: 'poll',
      question: 'When?',
      options,
      isMultiple: false,
      endsAt,
    });
    await say(BEN, { kind: 'vote', target, options: ['never', 'now', 'later'] });
    expect(messages()[0]!.votes).toEqual({ [BEN]: ['now'] });
    await say(BEN, { kind: 'vote', target, options: ['later'] });
    await say(ADA, { kind: 'vote', target, options: ['later'] }, '2026-01-02T00:00:00.000Z');
    expect(messages()[0]!.votes).toEqual({ [BEN]: ['later'] });
  });

  it('gets what overtook it once it comes, of who may and of nobody else', async () => {
    const [target, text_] = [newId(), newId()];
    const options = ['now', 'later'];
    await say(BEN, { kind: 'vote', target, options: ['now'] });
    await say(BEN, { kind: 'vote', target, options: ['later'] });
    await say(BEN, { kind: 'edit', target: text_, html: 'forged' });
    await say(BEN, { kind: 'delete', target: text_ });
    await say(ADA, { kind: 'edit', target: text_, html: 'edited' });
    await say(BEN, { kind: 'reaction', target: text_, emoji: '🪁' });
    expect(messages()).toEqual([]);
    const poll = { kind: 'poll', question: 'When?', options, isMultiple: false } as const;
    await sayAs(target, ADA, { ...poll, endsAt: null });
    await sayAs(text_, ADA, text('said'));
    const [asked, said] = messages();
    expect(asked!.votes).toEqual({ [BEN]: ['later'] });
    expect(said).toMatchObject({ content: { html: 'edited' }, reactions: [{ emoji: '🪁' }] });
    expect(store.all(TABLES.early)).toEqual([]);
  });

  it('is waited for by so much and so long, whoever makes more of it', async () => {
    const vote = { kind: 'vote', options: ['now'] } as const;
    for (let count = 0; count < 120; count += 1) await say(BEN, { ...vote, target: newId() });
    expect(store.all(TABLES.early)).toHaveLength(100);
    await store.transaction((tx) => forgetEarly(tx, new Date('2026-01-07T23:59:59.000Z')));
    expect(store.all(TABLES.early)).toHaveLength(100);
    await store.transaction((tx) => forgetEarly(tx, new Date('2026-01-08T00:00:00.000Z')));
    expect(store.all(TABLES.early)).toEqual([]);
  });

  it('goes after the time that is agreed at that moment', async () => {
    await say(ADA, text('stays'));
    await say(BEN, { kind: 'timer', seconds: 60 });
    await say(ADA, text('goes'));
    await say(BEN, { kind: 'timer', seconds: null });
    await say(ADA, text('stays too'));
    expect(messages().map(({ expiresAt }) => expiresAt)).toEqual([
      null,
      '2026-01-01T00:01:00.000Z',
      null,
    ]);
  });

  it('names the conversation and gives it a picture', async () => {
    const file = {
      url: 'https://a.example/chat-attachments/1',
      key: new Uint8Array(32).fill(1),
      sha256: new Uint8Array(32).fill(2),
      sizeBytes: 12,
      mediaType: 'image/png',
      name: 'kite.png',
      width: 64,
      height: 64,
      durationMs: null,
      waveform: null,
    };
    await say(ADA, { kind: 'title', title: 'Kites' });
    await say(BEN, { kind: 'picture', file });
    await say(BEN, { kind: 'picture', file: { ...file, mediaType: 'text/html' } });
    expect(conversation()).toMatchObject({ title: 'Kites', picture: { name: 'kite.png' } });
    await say(ADA, { kind: 'picture', file: null });
    expect(conversation().picture).toBeNull();
  });

  it('is found by its words, whatever their case and accents', async () => {
    await say(ADA, text('Un <b>café</b> à Paris'));
    await say(ADA, { kind: 'location', latitude: 48.8, longitude: 2.3, name: 'Café de Flore' });
    await say(BEN, text('tea'));
    const found = (query: string): number =>
      messages().filter((message) => matches(message, wordsOf(query))).length;
    expect([found('CAFE'), found('paris cafe'), found('flore'), found('coffee')]).toEqual([
      2, 1, 1, 0,
    ]);
  });
});
