// Which activities may share a transaction with others, and what they touch.
import { expect, test } from '@jest/globals';
import { touchedBy, Turns } from '../../src/federation/internal/shareable.js';

const POST = 'https://a.example/posts/1';
const NOTE = { id: 'https://b.example/notes/1', type: 'Note', inReplyTo: POST };

test.each([
  [{ type: 'Like', object: POST }, [], [POST]],
  [{ type: 'EmojiReact', object: POST, content: ':x:' }, [], [POST]],
  [{ type: 'Announce', object: POST }, [], [POST]],
  [{ type: 'Follow', object: POST }, [], [POST]],
  [{ type: 'Undo', object: { type: 'Like', object: POST } }, [], [POST]],
  [{ type: 'Undo', object: { type: 'Follow', object: POST } }, [], [POST]],
  [{ type: 'Create', object: NOTE }, [NOTE.id], [POST]],
])('%j touches what it is about', (body, own, joined) => {
  expect(touchedBy(body)).toEqual({ own, joined });
});

test('what joins the same goes at once, and what is about something new comes after it', async () => {
  const turns = new Turns();
  const done: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string, own: string[], joined: string[]) =>
    turns.take({ own, joined }, () => {
      done.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    });
  const all = [
    work('like', ['ada'], ['post']),
    work('comment', ['ben', 'note'], ['post']),
    work('like of comment', ['cleo'], ['note']),
    work('undo', ['ada'], ['post']),
    work('change', ['dan', 'post'], []),
    work('late', ['eve'], ['post']),
  ];
  const end = async (name: string) => {
    ends.get(name)!();
    await new Promise(setImmediate);
  };
  await new Promise(setImmediate);
  expect(done).toEqual(['like', 'comment']);
  await end('comment');
  expect(done).toEqual(['like', 'comment', 'like of comment']);
  await end('like');
  expect(done.slice(3)).toEqual(['undo']);
  await end('undo');
  expect(done.slice(4)).toEqual(['change']);
  await end('change');
  expect(done.slice(5)).toEqual(['late']);
  await end('late');
  await end('like of comment');
  await Promise.all(all);
});

test.each([
  { type: 'Delete', object: POST },
  { type: 'Like', object: { id: POST } },
  { type: 'Announce', object: { type: 'Create', object: NOTE } },
  { type: 'Undo', object: POST },
  { type: 'Create', object: NOTE.id },
  { type: 'Create', object: { ...NOTE, inReplyTo: null } },
  { type: 'Create', object: { ...NOTE, type: 'Question' } },
  { type: 'Create', object: NOTE, proof: {} },
  { type: ['Like'], object: POST },
])('%j is carried out apart', (body) => {
  expect(touchedBy(body)).toBeNull();
});
