// The address of the server in a browser.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hasChromium, launchBrowser } from '../platform/graphiql-browser.js';
import { startWorld, type World } from '../support/world.js';

let world: World;

beforeAll(async () => {
  world = await startWorld();
  const admin = await world.admin('keeper');
  await admin.graphql(
    `mutation ($input: UpdateInstanceInput!) { updateInstance(input: $input) { userErrors { code } } }`,
    {
      input: {
        name: 'Harbour <Light>',
        description: 'Boats & "lighthouses".',
        rules: [{ text: 'Be kind.', hint: '<script>document.title = "owned"</script>' }],
      },
    },
  );
});

afterAll(() => world[Symbol.asyncDispose]());

test('says whose server it is, its rules and where the API is, with every text escaped', async () => {
  const response = await fetch(world.origin);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
  const html = await response.text();
  for (const part of [
    '<h1 dir="auto">Harbour &lt;Light&gt;</h1>',
    'Boats &amp; &quot;lighthouses&quot;.',
    'Be kind.',
    '&lt;script&gt;',
    'href="/graphql/schema.graphql"',
  ])
    expect(html).toContain(part);
});

test('speaks the reader’s language', async () => {
  const response = await fetch(world.origin, { headers: { 'accept-language': 'fr-CA, en;q=0.5' } });
  expect(response.headers.get('content-language')).toBe('fr');
  expect(await response.text()).toContain('<h2>Règles</h2>');
});

(hasChromium ? test : test.skip)(
  'a browser shows it without a script or a foreign host',
  async () => {
    const browser = await launchBrowser();
    try {
      const page = await browser.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(world.origin);
      expect(await page.title()).toBe('Harbour <Light>');
      expect(await page.locator('h2').allInnerTexts()).toEqual(['Rules', 'For developers of apps']);
      expect(asked.filter((url) => !url.startsWith(world.origin))).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
