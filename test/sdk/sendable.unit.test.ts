// What would only seem to be sent is refused before anything is encrypted.
import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodePayload, encodePayload, newId } from '../../sdk/src/chat/activity.js';
import { applyPayload } from '../../sdk/src/chat/conversation-state.js';
import type { NewPayload } from '../../sdk/src/chat/payload.js';
import { TABLES } from '../../sdk/src/chat/records.js';
import { requireEffect, requireReadable } from '../../sdk/src/chat/sendable.js';
import { freshConversation } from '../../sdk/src/chat/session.js';
import { MemoryStorage } from '../../sdk/src/store/storage.js';
import { Store } from '../../sdk/src/store/store.js';

const text = (html: string): NewPayload => ({
  kind: 'text',
  html,
  inReplyTo: null,
  attachments: [],
});
const poll = (options: string[], endsAt: string | null = null): NewPayload => ({
  kind: 'poll',
  question: 'Where?',
  options,
  isMultiple: false,
  endsAt,
});

describe('what others read', () => {
  const target = newId();
  const file = {
    url: 'https://a.example/blobs/1',
    key: new Uint8Array(32),
    sha256: new Uint8Array(32),
    sizeBytes: 1,
    mediaType: 'audio/ogg',
    name: 'note.ogg',
    width: null,
    height: null,
    durationMs: 1,
    waveform: [0, 50],
  };
  const read = (payload: NewPayload) => () =>
    requireReadable(payload, decodePayload(encodePayload(newId(), payload)));

  it.each<[string, NewPayload]>([
    ['a text', text('x'.repeat(20_000))],
    ['a text with marks that are left out', text('<u onclick="x()">kite</u>')],
    ['a voice note', { kind: 'text', html: '', inReplyTo: target, attachments: [file] }],
    ['an address that is written shorter', { kind: 'contact', uri: 'https://b.example', name: '' }],
    ['a place without a name', { kind: 'location', latitude: 1, longitude: 2, name: '' }],
    ['a poll', poll(Array.from({ length: 20 }, (_, index) => `No. ${index}`))],
    ['a picture that goes', { kind: 'picture', file: null }],
  ])('is %s', (_what, payload) => {
    expect(read(payload)).not.toThrow();
  });

  it.each<[string, NewPayload, RegExp]>([
    ['a text that would be cut off', text('x'.repeat(20_001)), /20000 characters/],
    ['a change that would be', { kind: 'edit', target, html: 'x'.repeat(20_001) }, /20000/],
    ['what is done to no message', { kind: 'delete', target: 'the last one' }, /understand/],
    ['a sign that is none', { kind: 'reaction', target, emoji: '' }, /understand/],
    ['a sign that is a text', { kind: 'reaction', target, emoji: 'x'.repeat(33) }, /part/],
    ['an answer to nothing', { ...text('x'), inReplyTo: 'it' } as NewPayload, /part/],
    ['a long title', { kind: 'title', title: 'x'.repeat(301) }, /part/],
    ['one option too many', poll(Array.from({ length: 21 }, () => 'x')), /part/],
    [
      'a file that nobody could open',
      { ...text(''), attachments: [{ ...file, key: new Uint8Array(8) }] } as NewPayload,
      /part/,
    ],
    [
      'a long waveform',
      { ...text(''), attachments: [{ ...file, waveform: Array(129).fill(1) }] } as NewPayload,
      /part/,
    ],
  ])('is not %s', (_what, payload, fault) => {
    expect(read(payload)).toThrow(fault);
  });
});

describe('what changes something', () => {
  const ID = 'conversation_1';
  const [ADA, BEN] = ['https://a.example/users/ada', 'https://b.example/users/ben'];
  let store: Store;
  beforeEach(async () => {
    store = await Store.open(new MemoryStorage(), Buffer.alloc(32, 3));
    const conversation = freshConversation({ id: ID, isGroup: true });
    await store.transaction((tx) => tx.put(TABLES.conversations, ID, conversation));
  });

  async function said(sender: string, payload: NewPayload): Promise<string> {
    const id = newId();
    const origin = { conversationId: ID, sender, sequence: '1', sentAt: '2026-01-01T00:00:00Z' };
    await store.transaction((tx) => applyPayload(tx, origin, { ...payload, id }));
    return id;
  }
  const doing = (payload: NewPayload) => () => requireEffect(store, ADA, ID, payload);

  it('is done to own messages, polls that are open, and what is not here', async () => {
    const own = await said(ADA, text('one'));
    const other = await said(BEN, text('two'));
    const asked = await said(BEN, poll(['now', 'later']));
    for (const target of [own, newId()]) {
      expect(doing({ kind: 'edit', target, html: 'x' })).not.toThrow();
      expect(doing({ kind: 'delete', target })).not.toThrow();
    }
    expect(doing({ kind: 'reaction', target: other, emoji: '🪁' })).not.toThrow();
    expect(doing({ kind: 'vote', target: asked, options: ['now'] })).not.toThrow();
    expect(doing({ kind: 'vote', target: asked, options: [] })).not.toThrow();
    expect(doing(text('three'))).not.toThrow();
  });

  it('is not done to messages of others, deleted ones, and polls that do not take it', async () => {
    const other = await said(BEN, text('two'));
    expect(doing({ kind: 'edit', target: other, html: 'x' })).toThrow(/Only who wrote/);
    expect(doing({ kind: 'delete', target: other })).toThrow(/Only who wrote/);
    expect(doing({ kind: 'vote', target: other, options: ['now'] })).toThrow(/no poll/);
    const asked = await said(ADA, poll(['now', 'later']));
    expect(doing({ kind: 'edit', target: asked, html: 'x' })).toThrow(/Only texts/);
    expect(doing({ kind: 'vote', target: asked, options: ['never'] })).toThrow(/no such/);
    expect(doing({ kind: 'vote', target: asked, options: ['now', 'later'] })).toThrow(/one option/);
    const over = await said(ADA, poll(['now'], '2026-01-02T00:00:00Z'));
    expect(doing({ kind: 'vote', target: over, options: ['now'] })).toThrow(/over/);
    await said(BEN, { kind: 'delete', target: other });
    expect(doing({ kind: 'reaction', target: other, emoji: '🪁' })).toThrow(/deleted/);
  });
});
