import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { build, stop } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../platform/graphiql-browser.js';
import { startReachableWorld } from '../support/flaky-proxy.js';
import { WORLD_PASSWORD, type World } from '../support/world.js';

const EXAMPLE = path.resolve('sdk/examples/browser');

let world: World;
let browser: Browser;
let site: Server;
beforeAll(async () => {
  world = await startReachableWorld();
  for (const name of ['ada', 'ben']) await world.local(name);
  const { outputFiles } = await build({
    entryPoints: [path.join(EXAMPLE, 'main.js')],
    alias: { '@triptych/sdk': path.resolve('sdk/src/index.ts') },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  const page = await readFile(path.join(EXAMPLE, 'index.html'));
  site = createServer((request, response) => {
    const isScript = request.url === '/main.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? outputFiles[0]!.contents : page);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  browser = await launchBrowser([]);
});
afterAll(async () => {
  await stop();
  await browser.close();
  site.close();
  site.closeAllConnections();
  await world[Symbol.asyncDispose]();
});

/** Opens the example as somebody. */
async function enter(context: BrowserContext, username: string, other = ''): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  const fields = { server: world.origin, username, password: WORLD_PASSWORD, other };
  for (const [name, value] of Object.entries(fields)) await page.fill(`input[name=${name}]`, value);
  await page.click('#enter button');
  await page.getByText(`Signed in as ${username}`).waitFor();
  return page;
}

async function say(page: Page, text: string): Promise<void> {
  await page.fill('#say input', text);
  await page.click('#say button');
}

it('two people talk in two browsers, and one of them reads on after coming back', async () => {
  const [adaBrowser, benBrowser] = [await browser.newContext(), await browser.newContext()];
  const ben = await enter(benBrowser, 'ben');
  const ada = await enter(adaBrowser, 'ada', 'ben');
  await say(ada, 'Hello from a browser');
  await ben.getByText('They: Hello from a browser').waitFor();
  await say(ben, 'And from another');
  await ada.getByText('They: And from another').waitFor();
  await ada.setInputFiles('#say input[type=file]', {
    name: 'kite.png',
    mimeType: 'image/png',
    buffer: Buffer.alloc(300_000, 'kite'),
  });
  await say(ada, 'See');
  const [download] = await Promise.all([
    ben.waitForEvent('download'),
    ben.getByRole('button', { name: 'kite.png' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('kite.png');
  const saved = await readFile(await download.path());
  expect(Buffer.compare(saved, Buffer.alloc(300_000, 'kite'))).toBe(0);
  await ben.close();
  await say(ada, 'While you were away');
  await ada.getByText('You: While you were away').waitFor();
  const again = await enter(benBrowser, 'ben');
  await again.getByText('They: While you were away').waitFor();
  expect(await again.locator('#messages li').allTextContents()).toEqual([
    'They: Hello from a browser',
    'You: And from another',
    'They: See kite.png',
    'They: While you were away',
  ]);
});
