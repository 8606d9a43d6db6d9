// GraphQL over HTTP: the protocol's audits, and what hostile or clumsy requests get (security cases G…).
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { auditServer } from 'graphql-http';
import { startTestServer, type TestServer } from '../support/server.js';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});

afterAll(() => server[Symbol.asyncDispose]());

function send(
  body: string,
  headers: Record<string, string> = {},
  method = 'POST',
  path = '/graphql',
): Promise<Response> {
  return fetch(`${server.origin}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(method === 'GET' ? {} : { body }),
  });
}

const query = (text: string, variables?: unknown): string =>
  JSON.stringify({ query: text, variables });

async function codeOf(response: Response): Promise<unknown> {
  const { errors } = (await response.json()) as { errors?: { extensions?: { code?: string } }[] };
  return errors?.[0]?.extensions?.code;
}

test('G28 the audits of graphql-http find no error', async () => {
  const results = await auditServer({ url: `${server.origin}/graphql` });
  const failed = results
    .filter((result) => result.status === 'error')
    .map(({ id, name }) => `${id} ${name}`);
  expect(results.length).toBeGreaterThanOrEqual(40);
  expect(failed).toEqual([]);
});

test.each([
  ['fr-CA, en;q=0.8', 'fr', 'Le nom et le mot de passe ne correspondent pas.'],
  ['de, en-GB;q=0.5', 'en', 'Name and password do not belong together.'],
  ['de', 'en', 'Name and password do not belong together.'],
])('a refusal to a client that would like %j is in %s', async (wanted, language, message) => {
  const signIn =
    'mutation { signIn(input: { login: "nobody", password: "wrong wrong wrong" }) { userErrors { message } } }';
  const response = await send(query(signIn), { 'accept-language': wanted });
  expect(response.headers.get('content-language')).toBe(language);
  expect(response.headers.get('vary')).toContain('Accept-Language');
  expect(await response.json()).toMatchObject({
    data: { signIn: { userErrors: [{ message }] } },
  });
});

describe('G11 GET', () => {
  test('runs queries with a preflight header only', async () => {
    const path = `/graphql?query=${encodeURIComponent('{__typename}')}`;
    expect((await send('', { 'content-type': 'text/plain' }, 'GET', path)).status).toBe(400);
    const allowed = await send('', { 'apollo-require-preflight': '1' }, 'GET', path);
    expect(await allowed.json()).toEqual({ data: { __typename: 'Query' } });
  });

  test('never runs a mutation', async () => {
    const path = `/graphql?query=${encodeURIComponent('mutation{__typename}')}`;
    expect((await send('', { 'apollo-require-preflight': '1' }, 'GET', path)).status).toBe(405);
  });
});

test.each([
  ['application/x-www-form-urlencoded', 'query={__typename}'],
  ['text/plain', query('{__typename}')],
  [
    'multipart/form-data; boundary=x',
    '--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{}\r\n--x--',
  ],
  ['application/json; charset=ibm500', query('{__typename}')],
])('G12 G13 a body sent as %s is refused unread', async (type, body) => {
  const response = await send(body, { 'content-type': type });
  expect([400, 415]).toContain(response.status);
});

test('G12 a compressed body is refused', async () => {
  expect((await send('x', { 'content-encoding': 'br' })).status).toBe(415);
});

test('G07 batches are refused', async () => {
  const one = { query: '{__typename}' };
  for (const size of [2, 11]) {
    expect((await send(JSON.stringify(Array.from({ length: size }, () => one)))).status).toBe(400);
  }
});

test('a body that is no JSON, or too large, gets a typed answer', async () => {
  const broken = await send('{"query":');
  expect([broken.status, await codeOf(broken)]).toEqual([400, 'BAD_REQUEST']);
  const large = await send(query('{__typename}', { pad: 'x'.repeat(300_000) }));
  expect([large.status, await codeOf(large)]).toEqual([413, 'TOO_LARGE']);
});

test('an address that cannot be decoded is a bad request, and not about a body', async () => {
  const response = await send('', {}, 'GET', '/uploads/%E0%A4%A');
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('Bad request.');
});

test('G10 a misspelt name gets no suggestion', async () => {
  const response = await send(query('{ acter { id } nod(id: "x") { id } }'));
  expect(response.status).toBe(400);
  expect(await response.text()).not.toMatch(/did you mean/i);
});

test.each([
  [
    'G01 a document 16 levels deep',
    `{ nodes(ids: []) { ${'... on Actor { viewerRelationship { actor { '.repeat(8)} id ${'} } }'.repeat(8)} } }`,
  ],
  [
    'G02 a page of pages of pages',
    `{ actor(by: {handle: "a"}) { followers(first: 100) { nodes { followers(first: 100) { nodes { followers(first: 100) { nodes { id } } } } } } } }`,
  ],
  [
    'G03 101 aliases',
    `{ ${Array.from({ length: 101 }, (_, index) => `a${index}: __typename`).join(' ')} }`,
  ],
  ['G04 51 directives', `{ __typename ${'@include(if: true) '.repeat(51)} }`],
  ['G05 500 repeats of one field', `{ ${'__typename '.repeat(500)} }`],
  ['G05 6,000 tokens', `{ ${'__typename '.repeat(6_000)} }`],
  ['G06 a fragment cycle', `{ ...A } fragment A on Query { ...B } fragment B on Query { ...A }`],
  [
    'G06 30 fragments that double',
    `{ ...F0 } ${Array.from({ length: 30 }, (_, index) => `fragment F${index} on Query { ${index < 29 ? `...F${index + 1} ...F${index + 1}` : '__typename'} }`).join(' ')}`,
  ],
  [
    'G09 introspection 50 deep',
    `{ __type(name: "Query") { fields { type { ${'ofType { '.repeat(50)} name ${'}'.repeat(50)} } } } }`,
  ],
])('%s is refused with 400 before execution', async (_name, document) => {
  const response = await send(query(document));
  expect(response.status).toBe(400);
  expect(String(await codeOf(response))).toMatch(
    /^(BAD_USER_INPUT|COST_LIMIT_EXCEEDED|DEPTH_LIMIT_EXCEEDED|GRAPHQL_VALIDATION_FAILED|GRAPHQL_PARSE_FAILED)$/,
  );
});

test('G16 page sizes outside 1–100 and forged cursors are refused with their codes', async () => {
  const page = (args: string) =>
    `{ node(id: "x") { id } actor(by: { handle: "nobody" }) { followers(${args}) { nodes { id } } } }`;
  for (const args of ['first: 2147483648', 'first: "1"']) {
    expect((await send(query(page(args)))).status).toBe(400);
  }
});

test('G26 lists of 10,000 variables are refused', async () => {
  const ids = Array.from({ length: 10_000 }, () => 'actor_x');
  const response = await send(query('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }));
  expect([400, 413]).toContain(response.status);
});

test('nodes answers at most 100 ids, in order, null for what is not there', async () => {
  const ids = Array.from({ length: 101 }, (_, index) => `actor_${index}`);
  const tooMany = await server.graphql('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids });
  expect(tooMany.errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', path: ['ids'] });
  const none = await server.graphql('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
    ids: ['', 'actor_x', 'post_1'],
  });
  expect(none.data).toEqual({ nodes: [null, null, null] });
});

test('rateLimit, the headers and the explained cost agree', async () => {
  const answer = await server.graphql<{
    rateLimit: { cost: number; limit: number; remaining: number; used: number };
  }>('{ rateLimit { cost limit remaining used resetAt nodeCount } }', {}, null, {
    'x-explain-cost': '1',
  });
  const { cost, limit, remaining, used } = answer.data.rateLimit;
  expect(limit).toBe(5_000);
  expect(used + remaining).toBe(limit);
  expect(answer.headers.get('ratelimit-limit')).toBe('5000');
  expect(answer.headers.get('ratelimit-remaining')).toBe(String(remaining));
  expect(answer.extensions?.['cost']).toMatchObject({ requested: cost });
});

test('G29 any origin may call, but never with credentials', async () => {
  const response = await fetch(`${server.origin}/graphql`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type',
    },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
});

test('H08 every answer carries hardening headers and no version banner', async () => {
  for (const path of ['/graphql/schema.graphql', '/nowhere']) {
    const { headers } = await fetch(`${server.origin}${path}`);
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  }
});

test('the schema is served for tools, with an ETag', async () => {
  const sdl = await fetch(`${server.origin}/graphql/schema.graphql`);
  expect(sdl.headers.get('content-type')).toContain('text/plain');
  expect(await sdl.text()).toContain('type Query');
  const again = await fetch(`${server.origin}/graphql/schema.graphql`, {
    headers: { 'if-none-match': sdl.headers.get('etag')! },
  });
  expect(again.status).toBe(304);
  const introspection = (await (await fetch(`${server.origin}/graphql/schema.json`)).json()) as {
    data: { __schema: { queryType: unknown } };
  };
  expect(introspection.data.__schema.queryType).toMatchObject({ name: 'Query' });
  const types = (await (
    await fetch(`${server.origin}/graphql/possible-types.json`)
  ).json()) as Record<string, string[]>;
  expect(types['Node']).toContain('Actor');
});

test('a bad token answers 401, a missing one on a protected field UNAUTHENTICATED', async () => {
  const mutation =
    'mutation { setBlock(input: { actorId: "x", blocked: true }) { userErrors { code } } }';
  const missing = await send(query(mutation));
  expect([missing.status, await codeOf(missing)]).toEqual([200, 'UNAUTHENTICATED']);
  const bad = await send(query(mutation), { authorization: 'Bearer nonsense' });
  expect([bad.status, await codeOf(bad)]).toEqual([401, 'UNAUTHENTICATED']);
});

test('G21 a used-up budget answers RATE_LIMITED with 429, also for documents that were refused', async () => {
  await using poor = await startTestServer({ GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: '100' });
  const statuses: number[] = [];
  for (let count = 0; count < 12; count++) statuses.push((await poor.graphql('{ nope }')).status);
  // The eleventh is read and spends what is not there.
  expect(statuses).toEqual([...Array<number>(11).fill(400), 429]);
  const limited = await poor.graphql('{ rateLimit { cost } }');
  expect(limited.status).toBe(429);
  expect(limited.errors?.[0]?.extensions).toMatchObject({
    code: 'RATE_LIMITED',
    retryAfter: expect.any(Number),
  });
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
});
