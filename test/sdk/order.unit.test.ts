import { describe, expect, it } from '@jest/globals';
import { encodePayload, decodePayload, newId } from '../../sdk/src/chat/activity.js';
import { readGossip, withGossip } from '../../sdk/src/chat/gossip.js';
import { begun, follow, isShared, type SeenOrder } from '../../sdk/src/chat/order.js';

const AUTHENTICATOR = Buffer.alloc(32, 1);
const bytes = (text: string): Uint8Array => Buffer.from(text);
const entry = (sequence: number, text: string) => ({
  sequence,
  bytes: bytes(text),
  begins: undefined,
});

/** The order after entries, each at the next place. */
const after = (order: SeenOrder, ...texts: readonly string[]): SeenOrder =>
  texts.reduce((now, text) => follow(now, entry(now.last + 1, text)).order, order);

describe('T26: the order of a conversation', () => {
  const first = begun(4, AUTHENTICATOR);

  it('is the same for whoever was there and for whoever came in with the epoch', () => {
    const before = { last: 3, hash: null, recent: [] };
    const commit = { sequence: 4, bytes: bytes('commit'), begins: AUTHENTICATOR };
    const there = after(follow(before, commit).order, 'one', 'two');
    expect(there.hash).toBe(after(first, 'one', 'two').hash);
    expect(isShared(there, [6, after(first, 'one', 'two').hash!])).toBe(true);
  });

  it('is another one when a server swaps, changes or withholds an entry', () => {
    const own = after(first, 'one', 'two', 'three');
    for (const theirs of [
      after(first, 'two', 'one', 'three'),
      after(first, 'one', 'two', 'other'),
      after(begun(4, Buffer.alloc(32, 2)), 'one', 'two', 'three'),
    ])
      expect(isShared(own, [theirs.last, theirs.hash!])).toBe(false);
    expect(isShared(own, [99, own.hash!])).toBeNull();
  });

  it('shows what is missing, and what stands at a place that was taken', () => {
    const own = after(first, 'one');
    const gap = follow(own, entry(8, 'late'));
    expect(gap.noticed).toMatchObject({ kind: 'missing', from: 6, to: 7 });
    expect(gap.order).toMatchObject({ last: 8, hash: null });
    expect(follow(own, entry(5, 'again'))).toEqual({
      order: own,
      noticed: { kind: 'rewritten', sequence: 5 },
    });
    const next = { sequence: 9, bytes: bytes('commit'), begins: AUTHENTICATOR };
    expect(follow(gap.order, next).order.hash).not.toBeNull();
  });

  it('is told beside what people say, and what is no such thing is not heard', () => {
    const data = encodePayload(newId(), {
      kind: 'text',
      html: 'Hello',
      inReplyTo: null,
      attachments: [],
    });
    const keyLog = { server: 'https://a.example', size: 7, root: bytes('root') };
    const told = withGossip(data, { order: [5, first.hash!], keyLog });
    expect(decodePayload(told)).toEqual(decodePayload(data));
    const heard = readGossip(told);
    expect(heard.order).toEqual([5, first.hash]);
    expect(heard.keyLog).toMatchObject({ server: 'https://a.example', size: 7 });
    for (const nonsense of [
      '',
      '[]',
      '{"tri:order":7}',
      '{"tri:order":["5",7],"tri:keyLog":["x",-1,""]}',
    ])
      expect(readGossip(bytes(nonsense))).toEqual({ order: null, keyLog: null });
  });
});
