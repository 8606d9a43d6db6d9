// Which activities may share a transaction with others, and what they touch.
import { expect, test } from '@jest/globals';
import { touchedBy } from '../../src/federation/internal/shareable.js';

const POST = 'https://a.example/posts/1';
const NOTE = { id: 'https://b.example/notes/1', type: 'Note', inReplyTo: POST };

test.each([
  [{ type: 'Like', object: POST }, [POST]],
  [{ type: 'EmojiReact', object: POST, content: ':x:' }, [POST]],
  [{ type: 'Announce', object: POST }, [POST]],
  [{ type: 'Undo', object: { type: 'Like', object: POST } }, [POST]],
  [{ type: 'Create', object: NOTE }, [NOTE.id, POST]],
])('%j touches what it is about', (body, touched) => {
  expect(touchedBy(body)).toEqual(touched);
});

test.each([
  { type: 'Follow', object: POST },
  { type: 'Delete', object: POST },
  { type: 'Like', object: { id: POST } },
  { type: 'Announce', object: { type: 'Create', object: NOTE } },
  { type: 'Undo', object: POST },
  { type: 'Undo', object: { type: 'Follow', object: POST } },
  { type: 'Create', object: NOTE.id },
  { type: 'Create', object: { ...NOTE, inReplyTo: null } },
  { type: 'Create', object: { ...NOTE, type: 'Question' } },
  { type: 'Create', object: NOTE, proof: {} },
  { type: ['Like'], object: POST },
])('%j is carried out apart', (body) => {
  expect(touchedBy(body)).toBeNull();
});
