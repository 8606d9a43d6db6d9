import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

import { expect, test } from '@jest/globals';
import express from 'express';
import { buildSchema, GraphQLObjectType } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { createHandler } from 'graphql-http/lib/use/express';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';

import { GRAPHIQL_POLICY, graphiqlRoute } from '../../src/platform/graphql/graphiql/route.js';
import { foreign, hasChromium, openExplorer, run } from './graphiql-browser.js';

const inBrowser = hasChromium ? test : test.skip;
if (!hasChromium)
  console.warn('No /usr/bin/chromium on this machine: GraphiQL is not tried in a browser.');

const schema = greetings();

interface Site extends AsyncDisposable {
  readonly origin: string;
}

test('the explorer is served with a policy that names no other host and evaluates nothing', async () => {
  await using site = await serve();
  const response = await fetch(`${site.origin}/graphiql`);
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'text/html; charset=utf-8',
  ]);
  expect(response.headers.get('content-security-policy')).toBe(GRAPHIQL_POLICY);
  expect(GRAPHIQL_POLICY).toContain("default-src 'self'");
  expect(GRAPHIQL_POLICY).toContain("worker-src 'self'");
  expect(GRAPHIQL_POLICY).not.toMatch(/unsafe-eval|https?:|\*/);
  expect(GRAPHIQL_POLICY.match(/'unsafe-inline'/g)).toHaveLength(1);
  const html = await response.text();
  expect(html).not.toMatch(/\/\/|<script>/);
});

test('assets are immutable, packed where the browser accepts it, and nothing else is served', async () => {
  await using site = await serve();
  const html = await (await fetch(`${site.origin}/graphiql`)).text();
  const script = /src="([^"]+page\.js)"/.exec(html)?.[1] ?? '';
  const packed = await fetch(`${site.origin}${script}`, { headers: { 'accept-encoding': 'br' } });
  const plain = await fetch(`${site.origin}${script}`, {
    headers: { 'accept-encoding': 'identity' },
  });
  expect(packed.headers.get('content-encoding')).toBe('br');
  expect(plain.headers.get('content-encoding')).toBeNull();
  expect(await packed.text()).toBe(await plain.text());
  expect(plain.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  expect(plain.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  const statuses = await Promise.all(
    [
      `${script}.br`,
      '/graphiql/index.html',
      `${script}/../../index.html`,
      '/graphiql/..%2fsrc/main.js',
      '/graphiql/%2e%2e/src%2fmain.js',
    ].map(async (path) => (await fetch(`${site.origin}${path}`)).status),
  );
  expect(statuses).toEqual([404, 404, 404, 404, 404]);
});

inBrowser(
  'a query is completed, run and answered, a subscription streams, and no other origin is asked',
  async () => {
    await using site = await serve();
    await using explorer = await openExplorer(site.origin);
    const { page, requested, complaints } = explorer;
    // The examples are there, and the completion of a typed field shows that the schema and the worker have arrived.
    expect(await page.locator('.graphiql-query-editor .view-lines').first().innerText()).toContain(
      'Welcome',
    );
    await page.locator('.graphiql-query-editor .view-lines').first().click();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('{ gree');
    await page.locator('.suggest-widget').filter({ hasText: 'greeting' }).waitFor();
    await page.keyboard.press('Escape');

    expect(await run(explorer, '{ greeting(name: "Ada") }', 'Hello')).toContain(
      '"greeting": "Hello, Ada, from none"',
    );
    await page.getByRole('button', { name: 'Headers' }).click();
    await page.locator('.graphiql-editor-tool').getByText('"Authorization": ""').waitFor();
    expect(await run(explorer, 'subscription { count(to: 3) }', '"count": 3')).toContain(
      '"count": 3',
    );

    await page.getByRole('button', { name: /^Prettify/ }).click();
    await page.locator('.graphiql-query-editor .view-line').nth(2).waitFor();

    expect(foreign(requested, site.origin)).toEqual([]);
    expect(complaints).toEqual([]);
    const workers = requested
      .filter((address) => address.endsWith('.worker.js'))
      .map((address) => address.split('/').at(-1));
    expect(new Set(workers)).toEqual(
      new Set(['editor.worker.js', 'graphql.worker.js', 'json.worker.js']),
    );
    expect(requested.filter((address) => address.startsWith('ws:'))).toHaveLength(1);
  },
);

/** The explorer beside a GraphQL endpoint over HTTP and web socket. */
async function serve(): Promise<Site> {
  const app = express();
  app.use('/graphiql', graphiqlRoute());
  const context = ({ headers }: { headers: object }) => ({
    token: 'authorization' in headers ? headers.authorization : 'none',
  });
  app.post('/graphql', createHandler({ schema, context }));
  const server = createServer(app);
  const sockets = new WebSocketServer({ server, path: '/graphql' });
  const live = useServer({ schema }, sockets);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      await live.dispose();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function greetings(): GraphQLSchema {
  const built = buildSchema(
    'type Query { greeting(name: String!): String! } type Subscription { count(to: Int!): Int! }',
  );
  const { greeting } = objectType(built, 'Query').getFields();
  const { count } = objectType(built, 'Subscription').getFields();
  if (greeting === undefined || count === undefined)
    throw new Error('the fixture lacks its fields');
  greeting.resolve = (_root, { name }, { token }) => `Hello, ${name}, from ${token}`;
  count.subscribe = async function* (_root, { to }) {
    for (let number = 1; number <= to; number++) yield { count: number };
  };
  return built;
}

function objectType(built: GraphQLSchema, name: string): GraphQLObjectType {
  const type = built.getType(name);
  if (type instanceof GraphQLObjectType) return type;
  throw new Error(`${name} is no object type`);
}
