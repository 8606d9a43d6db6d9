// Whom a limit counts as one caller: games with addresses, tokens and spellings (G21, G22).
import { expect, test } from '@jest/globals';
import { connectSocket, subscribe } from '../support/socket.js';
import { startTestServer, type TestServer } from '../support/server.js';
import { startWorld } from '../support/world.js';

const TRIES = 30;

/** Status of the last of many cheap requests, each with other headers. */
async function lastStatus(
  server: TestServer,
  headers: (turn: number) => Record<string, string>,
): Promise<number> {
  let status = 0;
  for (let turn = 1; turn <= TRIES; turn++)
    ({ status } = await server.graphql(
      '{ __typename instance { name } }',
      {},
      null,
      headers(turn),
    ));
  return status;
}

const budget = { GRAPHQL_ANONYMOUS_POINTS_PER_HOUR: '20' };
const from = (text: string): Record<string, string> => ({ 'x-forwarded-for': text });

test.each<[string, (turn: number) => string]>([
  ['invents the beginning of the chain', (turn) => `198.51.100.${turn}, 203.0.113.7`],
  ['invents a longer chain each time', (turn) => `${'192.0.2.1, '.repeat(turn)}203.0.113.7`],
  ['puts trusted hops behind', (turn) => `198.51.100.${turn}, 203.0.113.7, 127.0.0.1`],
  ['hops through its IPv6 /64', (turn) => `2001:db8:1:2::${turn.toString(16)}`],
  ['spells its IPv6 network anew', (turn) => `2001:0db8:0001:0002:${turn}::${turn}`],
  ['writes its IPv4 address as IPv6', (turn) => (turn % 2 ? '203.0.113.7' : '::ffff:203.0.113.7')],
])('G22 a client that %s is one client', async (_name, chain) => {
  await using server = await startTestServer(budget);
  expect(await lastStatus(server, (turn) => from(chain(turn)))).toBe(429);
  expect((await server.graphql('{ __typename }', {}, null, from('203.0.113.99'))).status).toBe(200);
});

test('G22 clients of different networks do not share a budget', async () => {
  await using server = await startTestServer(budget);
  expect(await lastStatus(server, (turn) => from(`2001:db8:1:${turn}::1`))).toBe(200);
});

test('G22 who trusts no proxy believes no header', async () => {
  await using server = await startTestServer({ ...budget, TRUSTED_PROXIES: 'none' });
  const names = ['x-forwarded-for', 'forwarded', 'x-real-ip', 'client-ip', 'cf-connecting-ip'];
  const headers = (turn: number): Record<string, string> =>
    Object.fromEntries(names.map((name) => [name, `198.51.100.${turn}`]));
  expect(await lastStatus(server, headers)).toBe(429);
});

test('G22 headers that no proxy of ours sends are believed by nobody', async () => {
  await using server = await startTestServer(budget);
  const headers = (turn: number): Record<string, string> => ({
    ...from('203.0.113.7'),
    forwarded: `for=198.51.100.${turn}`,
    'x-real-ip': `198.51.100.${turn}`,
    'true-client-ip': `198.51.100.${turn}`,
  });
  expect(await lastStatus(server, headers)).toBe(429);
});

test('G21 a caller with nothing left gets no document read, neither over HTTP nor over a socket', async () => {
  await using server = await startTestServer(budget);
  for (let turn = 0; turn < 3; turn++) await server.graphql('{ nope }');
  for (const document of ['{ nope }', '{', '{ __typename }']) {
    const { status, errors, headers } = await server.graphql(document);
    expect([status, errors?.[0]?.extensions['code']]).toEqual([429, 'RATE_LIMITED']);
    expect(headers.get('ratelimit-remaining')).toBe('0');
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  }
  await using socket = await connectSocket(server.origin, null);
  for (const document of ['{ nope }', '{', '{ __typename }']) {
    subscribe(socket, '1', document);
    expect(await socket.next()).toMatchObject({
      type: 'error',
      payload: [{ extensions: { code: 'RATE_LIMITED', retryAfter: expect.any(Number) } }],
    });
  }
});

test('G21 documents without an operation that could run are charged on sockets too', async () => {
  await using server = await startTestServer(budget);
  await using socket = await connectSocket(server.origin, null);
  const codes: unknown[] = [];
  for (let turn = 0; turn < 4; turn++) {
    subscribe(socket, '1', 'query A { __typename } query B { __typename }');
    const { payload } = await socket.next();
    codes.push((payload as { extensions: { code: string } }[])[0]!.extensions.code);
  }
  const unresolved = 'OPERATION_RESOLUTION_FAILURE';
  expect(codes).toEqual([unresolved, unresolved, unresolved, 'RATE_LIMITED']);
});

const CREATE = `mutation { createPersonalAccessToken(input: { name: "x", scopes: ["read"] }) { token } }`;

test('G21 G22 the tokens of one account spend one budget, also all at once', async () => {
  await using world = await startWorld({ GRAPHQL_POINTS_PER_HOUR: '300' });
  const ada = await world.local('ada');
  const ben = await world.local('ben');
  const tokens: string[] = [];
  for (let count = 0; count < 5; count++) {
    const answer = await ada.graphql<{ createPersonalAccessToken: { token: string } }>(CREATE);
    tokens.push(answer.data.createPersonalAccessToken.token);
  }
  const spend = (token: string) =>
    world.graphql('{ viewer { entitlements { key } storage { usedBytes } } }', {}, token);
  const answers = await Promise.all(
    Array.from({ length: 20 }, () => tokens)
      .flat()
      .map(spend),
  );
  const passed = answers.filter(({ status }) => status === 200);
  expect(passed.length).toBeGreaterThan(0);
  expect(passed.length).toBeLessThan(answers.length);
  for (const token of tokens) {
    const refused = await spend(token);
    expect([refused.status, refused.errors?.[0]?.extensions]).toMatchObject([
      429,
      { code: 'RATE_LIMITED', retryAfter: expect.any(Number), resetAt: expect.any(String) },
    ]);
  }
  expect((await ben.graphql('{ viewer { id } }')).status).toBe(200);
});

const RESET = `mutation ($email: String!) { requestPasswordReset(input: { email: $email }) { ok userErrors { code } } }`;

test('G22 an address that is spelt differently in the body is still one address', async () => {
  await using server = await startTestServer();
  const codes: unknown[] = [];
  for (const [turn, email] of [
    'ada@people.example',
    'ADA@People.Example',
    ' ada@people.example ',
    'Ada@PEOPLE.example',
  ].entries()) {
    const answer = await server.graphql<{
      requestPasswordReset: { userErrors: { code: string }[] };
    }>(RESET, { email }, null, from(`203.0.113.${turn}`));
    codes.push(answer.data.requestPasswordReset.userErrors[0]?.code ?? null);
  }
  expect(codes).toEqual([null, null, null, 'RATE_LIMITED']);
});

test('G22 another address in the body each time is still one network', async () => {
  await using server = await startTestServer();
  let code: unknown = null;
  for (let turn = 1; turn <= 21; turn++) {
    const answer = await server.graphql<{
      requestPasswordReset: { userErrors: { code: string }[] };
    }>(RESET, { email: `person${turn}@people.example` }, null, from('203.0.113.7'));
    code = answer.data.requestPasswordReset.userErrors[0]?.code ?? null;
    expect([turn, code]).toEqual([turn, turn <= 20 ? null : 'RATE_LIMITED']);
  }
});
