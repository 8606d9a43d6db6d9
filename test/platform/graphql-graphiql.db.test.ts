import { expect, test } from '@jest/globals';

import { startTestServer } from '../support/server.js';
import { foreign, hasChromium, openExplorer, run } from './graphiql-browser.js';

const inBrowser = hasChromium ? test : test.skip;
if (!hasChromium) {
  console.warn('No /usr/bin/chromium here: GraphiQL is not tried against the server.');
}

inBrowser('GraphiQL of the real server runs a query and asks no other origin', async () => {
  await using server = await startTestServer();
  await using explorer = await openExplorer(server.origin);
  expect(await run(explorer, 'query LookAround { rateLimit { cost } }', 'rateLimit')).toContain(
    '"cost": 1',
  );
  expect(foreign(explorer.requested, server.origin)).toEqual([]);
  expect(explorer.complaints).toEqual([]);
});

test('GRAPHIQL=false serves no explorer', async () => {
  await using server = await startTestServer({ GRAPHIQL: 'false' });
  expect((await fetch(`${server.origin}/graphiql`)).status).toBe(404);
});
