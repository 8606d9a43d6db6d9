/** The example for browsers, in real ones. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { BrowserContext, Page } from 'playwright-core';
import { launchBrowser } from '../platform/graphiql-browser.js';
import { freePort } from '../support/free-port.js';
import { WORLD_PASSWORD } from '../support/world.js';

/** The example on a site of its own. */
export interface ExamplePage extends AsyncDisposable {
  /** A browser that nobody else uses. */
  browser(): Promise<BrowserContext>;
  /** Opens the page as somebody of a server. @param other with whom to talk */
  enter(context: BrowserContext, origin: string, username: string, other?: string): Promise<Page>;
}

/** Serves the example, as people do, and starts a browser. */
export async function openExample(): Promise<ExamplePage> {
  const env = { ...process.env, PORT: String(await freePort()) };
  const site = spawn(process.execPath, ['tools/browser-example.js'], { env });
  const ended = once(site, 'close');
  const [line] = (await once(createInterface({ input: site.stdout }), 'line')) as string[];
  const url = line!.slice(line!.indexOf('http'));
  const browser = await launchBrowser([]);
  return {
    browser: () => browser.newContext(),
    enter: async (context, server, username, other = '') => {
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      await page.goto(url);
      const fields = { server, username, password: WORLD_PASSWORD, other };
      for (const [name, value] of Object.entries(fields))
        await page.fill(`input[name=${name}]`, value);
      await page.click('#enter button');
      await page.getByText(`Signed in as ${username}`).waitFor();
      return page;
    },
    [Symbol.asyncDispose]: async () => {
      await browser.close();
      site.kill();
      await ended;
    },
  };
}

/** Writes something and sends it. */
export async function say(page: Page, text: string): Promise<void> {
  await page.fill('#say input', text);
  await page.click('#say button');
}
