// Documents by their hash (automatic persisted queries): G25.
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestServer, type TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer({ GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: '1000000' });
});

afterAll(() => server[Symbol.asyncDispose]());

const hashOf = (document: string): string => createHash('sha256').update(document).digest('hex');

interface Answer {
  readonly status: number;
  readonly data?: unknown;
  readonly errors?: { message: string; extensions: { code: string } }[];
}

async function send(sha256Hash: unknown, query?: string, version = 1): Promise<Answer> {
  const response = await fetch(`${server.origin}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, extensions: { persistedQuery: { version, sha256Hash } } }),
  });
  return { status: response.status, ...((await response.json()) as object) };
}

const codeOf = ({ status, errors }: Answer): unknown[] => [status, errors?.[0]?.extensions.code];

test('G25 an unknown hash is said to be unknown, and a registered one runs', async () => {
  const document = '{ __typename instance { software } }';
  const hash = hashOf(document);
  expect(codeOf(await send(hash))).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
  const data = { __typename: 'Query', instance: { software: 'triptych' } };
  expect(await send(hash, document)).toEqual({ status: 200, data });
  expect(await send(hash)).toEqual({ status: 200, data });
});

test('G25 a document under another hash is refused, and not remembered', async () => {
  const hash = hashOf('{ other: __typename }');
  expect(codeOf(await send(hash, '{ __typename }'))).toEqual([400, 'BAD_REQUEST']);
  expect(codeOf(await send(hash))).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
});

test('G25 what is no hash is refused', async () => {
  for (const hash of [7, null, { $ne: '' }, ['a']]) {
    const { status, errors } = await send(hash);
    expect([status, errors?.length]).toEqual([expect.any(Number), 1]);
    expect(errors?.[0]?.extensions.code).toMatch(/^(BAD_REQUEST|PERSISTED_QUERY_NOT_FOUND)$/);
  }
  expect(codeOf(await send(hashOf('{ __typename }'), '{ __typename }', 2))).toEqual([
    400,
    'BAD_REQUEST',
  ]);
});

test('G25 a document that is refused is not remembered', async () => {
  for (const document of ['{ nope }', '{', `{ ${'__typename '.repeat(500)}}`]) {
    expect((await send(hashOf(document), document)).status).toBe(400);
    expect(codeOf(await send(hashOf(document)))).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
  }
});

test('G25 new documents push out old ones: 4 MiB are remembered, and no more', async () => {
  const longDocument = (turn: number): string => `{ __typename } #${turn} ${'x'.repeat(16_000)}`;
  const fits = Math.floor((4 * 2 ** 20) / 16_100);
  for (let turn = 0; turn <= fits + 5; turn++) {
    const document = longDocument(turn);
    expect((await send(hashOf(document), document)).status).toBe(200);
  }
  expect(codeOf(await send(hashOf(longDocument(0))))).toEqual([200, 'PERSISTED_QUERY_NOT_FOUND']);
  expect((await send(hashOf(longDocument(fits + 5)))).data).toEqual({ __typename: 'Query' });
});
