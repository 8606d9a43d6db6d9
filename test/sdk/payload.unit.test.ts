import { describe, expect, it } from '@jest/globals';
import { decodePayload, encodePayload, newId } from '../../sdk/src/chat/activity.js';
import type { NewPayload } from '../../sdk/src/chat/payload.js';
import { plainOf, sanitise } from '../../sdk/src/chat/sanitise.js';

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value));
const file = {
  url: 'https://a.example/chat-attachments/1',
  key: new Uint8Array(32).fill(1),
  sha256: new Uint8Array(32).fill(2),
  sizeBytes: 1234,
  mediaType: 'audio/ogg',
  name: 'note.ogg',
  width: null,
  height: null,
  durationMs: 3200,
  waveform: [0, 50, 100],
};

describe('payloads', () => {
  const target = newId();
  const all: NewPayload[] = [
    { kind: 'text', html: 'Hello <b>you</b>', inReplyTo: target, attachments: [file] },
    { kind: 'edit', target, html: 'Hello' },
    { kind: 'delete', target },
    { kind: 'reaction', target, emoji: '❤' },
    { kind: 'reaction', target, emoji: '🪁' },
    { kind: 'undo', target },
    { kind: 'receipt', state: 'delivered', targets: [target] },
    { kind: 'receipt', state: 'read', targets: [target, newId()] },
    { kind: 'poll', question: 'When?', options: ['now', 'later'], isMultiple: true, endsAt: null },
    { kind: 'vote', target, options: ['now'] },
    { kind: 'location', latitude: 51.5, longitude: -0.12, name: 'London' },
    { kind: 'contact', uri: 'https://b.example/users/ben', name: 'Ben' },
    { kind: 'call', callId: 'c1', signal: 'offer', body: 'v=0' },
    { kind: 'timer', seconds: 3600 },
    { kind: 'timer', seconds: null },
    { kind: 'title', title: 'Kites' },
    { kind: 'leave' },
    { kind: 'picture', file: { ...file, mediaType: 'image/jpeg', width: 64, height: 64 } },
    { kind: 'picture', file: null },
    {
      kind: 'keyLogHead',
      treeSize: '12',
      rootHash: new Uint8Array(32).fill(3),
      server: 'a.example',
    },
  ];
  it.each(all.map((payload) => [payload.kind, payload] as const))(
    '%s comes back',
    (_kind, payload) => {
      const id = newId();
      expect(decodePayload(encodePayload(id, payload))).toEqual({ ...payload, id });
    },
  );

  it('are understood as the draft writes them', () => {
    const draft = {
      '@context': 'https://www.w3.org/ns/activitystreams',
      type: 'Create',
      id: 'uri:uuid:11111111-1111-4111-8111-111111111111',
      object: {
        type: 'Note',
        id: 'urn:uuid:22222222-2222-4222-8222-222222222222',
        content: '<br>Hello, World!',
      },
    };
    expect(decodePayload(bytes(draft))).toMatchObject({
      kind: 'text',
      id: 'uri:uuid:22222222-2222-4222-8222-222222222222',
      html: '<br />Hello, World!',
    });
    expect(decodePayload(bytes({ type: 'IntransitiveActivity' })).kind).toBe('unknown');
  });

  it('that are none, or lie about what they are, are unknown and never an error', () => {
    const id = newId();
    const bad = [
      null,
      [],
      'text',
      { type: 'Create' },
      { type: 'Create', object: { type: 'Note' } },
      { type: 'Create', object: { type: 'Note', id: 'https://evil.example/1', content: 'x' } },
      { type: 'Delete', object: 'https://evil.example/1' },
      { type: 'Create', object: { type: 'Place', id, latitude: 'north', longitude: 1 } },
      {
        type: 'Create',
        object: { type: 'Profile', id, describes: 'javascript:alert(1)', name: 'x' },
      },
    ];
    for (const value of bad) expect(decodePayload(bytes(value)).kind).toBe('unknown');
    expect(decodePayload(Buffer.from([0xff, 0xfe])).kind).toBe('unknown');
    const attachment = { ...file, url: 'javascript:alert(1)' };
    const text = { type: 'Create', object: { type: 'Note', id, content: 'x', attachment } };
    expect(decodePayload(bytes(text))).toMatchObject({ kind: 'text', attachments: [] });
  });

  it('hold no HTML that runs, loads or hides', () => {
    const html =
      '<p onclick="x()">a<script>b</script><img src=x onerror=y><a href="javascript:z">c</a><style>d</style></p>';
    const clean = sanitise(html);
    expect(clean).not.toMatch(/script|img|onclick|onerror|javascript|style/);
    expect(plainOf('a &lt;b&gt;<br>c')).toBe('a <b>\nc');
  });
});
