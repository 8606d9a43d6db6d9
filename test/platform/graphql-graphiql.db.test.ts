import { expect, test } from '@jest/globals';

import { publish } from '../support/posts.js';
import { startTestServer } from '../support/server.js';
import { startWorld, WORLD_PASSWORD } from '../support/world.js';
import {
  cutTexts,
  foreign,
  hasChromium,
  openExplorer,
  openTab,
  run,
  runTab,
} from './graphiql-browser.js';

const inBrowser = hasChromium ? test : test.skip;
if (!hasChromium) {
  console.warn('No /usr/bin/chromium here: GraphiQL is not tried against the server.');
}

inBrowser('GraphiQL of the real server runs a query and asks no other origin', async () => {
  await using server = await startTestServer();
  await using explorer = await openExplorer(server.origin);
  expect(await run(explorer, 'query Welcome { rateLimit { cost } }', 'rateLimit')).toContain(
    '"cost": 1',
  );
  expect(foreign(explorer.requested, server.origin)).toEqual([]);
  expect(explorer.complaints).toEqual([]);
});

const TABS = [
  'Welcome',
  'SignIn',
  'Upload',
  'Publish',
  'Home',
  'Video',
  'Feed',
  'Live',
  'Story',
  'Elsewhere',
  'Message',
  'Search',
];

inBrowser(
  'the tabs are a tour whose texts are not cut, and who signs in acts in all of them',
  async () => {
    await using world = await startWorld();
    const ada = await world.local('ada');
    await publish(world, ada, { caption: 'A kite over water' });
    await world.settle();
    await using explorer = await openExplorer(world.origin);
    expect(await explorer.page.locator('.graphiql-tab').allInnerTexts()).toEqual(TABS);
    for (const tab of TABS) {
      await openTab(explorer, tab);
      expect([tab, ...(await cutTexts(explorer))]).toEqual([tab]);
    }
    await openTab(explorer, 'Home');
    expect(await runTab(explorer, { after: null }, '"viewer"')).toContain('"viewer": null');
    await openTab(explorer, 'SignIn');
    const you = { login: 'ada', password: WORLD_PASSWORD, deviceName: 'GraphiQL' };
    await runTab(explorer, { you }, '"token": "trs_');
    await openTab(explorer, 'Home');
    expect(await runTab(explorer, { after: null }, 'kite')).toContain('"handle": "ada@a.example"');
    await openTab(explorer, 'Search');
    await runTab(explorer, { text: 'water' }, 'A kite over water');
    expect(explorer.complaints).toEqual([]);
  },
);

test('GRAPHIQL=false serves no explorer', async () => {
  await using server = await startTestServer({ GRAPHIQL: 'false' });
  expect((await fetch(`${server.origin}/graphiql`)).status).toBe(404);
});
