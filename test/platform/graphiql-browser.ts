// A Chromium that records everything GraphiQL asks for, and complains about.

import { existsSync } from 'node:fs';

import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

const EXECUTABLE = '/usr/bin/chromium';

/** Whether this machine has the browser; tests that need it say so when they are skipped. */
export const hasChromium = existsSync(EXECUTABLE);

/** A page at /graphiql and what it did. */
export interface Explorer extends AsyncDisposable {
  readonly page: Page;
  /** Every address that was asked for, web sockets included. */
  readonly requested: string[];
  /** Errors of scripts, and violations of the content security policy. */
  readonly complaints: string[];
}

/** Opens /graphiql of an origin and waits for the editor. */
export async function openExplorer(origin: string): Promise<Explorer> {
  const browser = await launchBrowser();
  // Narrower than most: what is shown here is shown elsewhere.
  const page = await browser.newPage({ viewport: { width: 1300, height: 800 } });
  page.setDefaultTimeout(60_000);
  const requested: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => requested.push(request.url()));
  page.on('websocket', (socket) => requested.push(socket.url()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  await page.goto(`${origin}/graphiql`);
  await page.locator('.graphiql-query-editor .view-line').first().waitFor();
  return { page, requested, complaints, [Symbol.asyncDispose]: () => browser.close() };
}

/** Replaces the text of the editor and runs it; resolves with the text of the answer once it contains `expected`. */
export async function run({ page }: Explorer, document: string, expected: string): Promise<string> {
  await page.locator('.graphiql-query-editor .view-lines').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(document);
  await page.locator('.graphiql-execute-button').click();
  const answer = page.locator('.graphiql-response .view-lines');
  await answer.filter({ hasText: expected }).waitFor();
  return (await answer.innerText()).replaceAll('\u00a0', ' ');
}

/** Opens the tab of a title. */
export async function openTab({ page }: Explorer, title: string): Promise<void> {
  await page
    .locator('.graphiql-tab')
    .filter({ hasText: title })
    .getByRole('button')
    .first()
    .click();
  const editor = page.locator('.graphiql-query-editor .view-lines').first();
  await editor.filter({ hasText: new RegExp(`(query|mutation|subscription).${title}`) }).waitFor();
}

/** Runs what stands in the open tab with these variables; resolves once the answer contains `expected`. */
export async function runTab(
  { page }: Explorer,
  variables: object,
  expected: string,
): Promise<string> {
  await page.locator('.graphiql-editor-tool .view-lines').first().click();
  await page.keyboard.press('Control+A');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(JSON.stringify(variables));
  await page.locator('.graphiql-execute-button').click();
  const answer = page.locator('.graphiql-response .view-lines');
  await answer.filter({ hasText: expected }).waitFor();
  return (await answer.innerText()).replaceAll('\u00a0', ' ');
}

/** Texts in the editor of the open tab that do not fit into it. */
export function cutTexts({ page }: Explorer): Promise<string[]> {
  return page.locator('.graphiql-query-editor').evaluate((editor) => {
    const { right } = editor.querySelector('.monaco-scrollable-element')!.getBoundingClientRect();
    return [...editor.querySelectorAll('.view-line > span')]
      .filter((line) => line.getBoundingClientRect().right > right)
      .map((line) => line.textContent ?? '');
  });
}

/** Addresses of another origin than the given one. */
export function foreign(requested: readonly string[], origin: string): string[] {
  const { host } = new URL(origin);
  return requested.filter(
    (address) =>
      !address.startsWith('data:') &&
      !address.startsWith('blob:') &&
      new URL(address).host !== host,
  );
}

/** A Chromium that asks for nothing by itself; `more` are further words of its command line. */
export function launchBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: EXECUTABLE,
    args: [
      ...more,
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
