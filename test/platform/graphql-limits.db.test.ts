import { afterAll, beforeAll, expect, test } from '@jest/globals';

import { startTestServer } from '../support/server.js';
import type { TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(async () => {
  await server[Symbol.asyncDispose]();
});

const ofType = (levels: number): string =>
  levels === 0 ? 'name' : `ofType { ${ofType(levels - 1)} }`;

async function refused(document: string) {
  const { status, errors = [] } = await server.graphql(document);
  return [status, ...errors.map(({ extensions }) => [extensions['code'], extensions['actual']])];
}

test('G01 G09 the server refuses deep documents with the code, the limit and the actual depth', async () => {
  const { status, errors } = await server.graphql(`{ __schema { types { ${ofType(50)} } } }`);
  expect(status).toBe(400);
  expect(errors?.map(({ extensions }) => extensions)).toEqual([
    {
      code: 'DEPTH_LIMIT_EXCEEDED',
      rule: 'maxDepth',
      limit: 15,
      actual: 53,
      requestId: expect.any(String),
      docsUrl: expect.any(String),
    },
  ]);
});

test('G01 the server refuses literals that no parser can follow, in words of its own', async () => {
  const { status, errors } = await server.graphql(`{ nodes(ids: ${'['.repeat(3000)}) { id } }`);
  expect(status).toBe(400);
  expect(errors).toEqual([
    {
      message: 'The document is nested too deeply.',
      extensions: expect.objectContaining({ code: 'GRAPHQL_PARSE_FAILED' }),
    },
  ]);
});

test('G03 G05 aliases and repeats are refused as invalid documents', async () => {
  const many = (count: number, part: (index: number) => string) =>
    Array.from({ length: count }, (_, index) => part(index)).join(' ');
  expect(await refused(`{ rateLimit { ${many(51, (i) => `a${i}: cost`)} } }`)).toEqual([
    400,
    ['GRAPHQL_VALIDATION_FAILED', 51],
  ]);
  expect(await refused(`{ rateLimit { ${many(500, () => 'cost')} } }`)).toEqual([
    400,
    ['GRAPHQL_VALIDATION_FAILED', 500],
  ]);
});

test('G06 the server refuses fragments that double thirty times', async () => {
  const chain = Array.from(
    { length: 30 },
    (_, i) => `fragment F${i} on RateLimit { ...F${i + 1} ...F${i + 1} }`,
  );
  const document = `{ rateLimit { ...F0 } } ${chain.join(' ')} fragment F30 on RateLimit { cost }`;
  expect(await refused(document)).toEqual([400, ['COST_LIMIT_EXCEEDED', 2 ** 30 + 1]]);
});
