/** The example for browsers, in real ones. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build, stop } from 'esbuild';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../platform/graphiql-browser.js';
import { WORLD_PASSWORD } from '../support/world.js';

const EXAMPLE = path.resolve('sdk/examples/browser');

/** The example on a site of its own. */
export interface ExamplePage extends AsyncDisposable {
  /** A browser that nobody else uses. */
  browser(): Promise<BrowserContext>;
  /** Opens the page as somebody of a server. @param other with whom to talk */
  enter(context: BrowserContext, origin: string, username: string, other?: string): Promise<Page>;
}

/** Bundles the example and starts a browser. */
export async function openExample(): Promise<ExamplePage> {
  const { outputFiles } = await build({
    entryPoints: [path.join(EXAMPLE, 'main.js')],
    alias: { '@triptych/sdk': path.resolve('sdk/src/index.ts') },
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
  });
  const html = await readFile(path.join(EXAMPLE, 'index.html'));
  const site = createServer((request, response) => {
    const isScript = request.url === '/main.js';
    response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
    response.end(isScript ? outputFiles[0]!.contents : html);
  }).listen(0, '127.0.0.1');
  await once(site, 'listening');
  const browser = await launchBrowser([]);
  return {
    browser: () => browser.newContext(),
    enter: async (context, server, username, other = '') => {
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      await page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
      const fields = { server, username, password: WORLD_PASSWORD, other };
      for (const [name, value] of Object.entries(fields))
        await page.fill(`input[name=${name}]`, value);
      await page.click('#enter button');
      await page.getByText(`Signed in as ${username}`).waitFor();
      return page;
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
      await browser.close();
      site.close();
      site.closeAllConnections();
    },
  };
}

/** Writes something and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  await page.fill('#say input', text);
  await page.click('#say button');
}
