// Profiles and posts in a browser, and to sites that show a link: what everybody may see, and nothing else.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import sharp from 'sharp';
import { hasChromium, launchBrowser } from '../platform/graphiql-browser.js';
import { toGlobalId } from '../../src/platform/ids.js';
import { comment, innerId, publish, sendPost } from '../support/posts.js';
import { readQrCode } from '../support/qr-code.js';
import { beDiscoverable, makePack } from '../support/starter-packs.js';
import { uploadPicture } from '../support/upload.js';
import { startWorld, type Person, type World } from '../support/world.js';

const EVIL = `<script>document.title="owned"</script>"'><img src=x onerror=alert(1)>`;

let world: World;
let ada: Person;
let open: string;
let closed: string;
let friendly: string;

beforeAll(async () => {
  world = await startWorld();
  ada = await world.local('ada');
  const answer = await ada.graphql<{ updateProfile: { userErrors: unknown[] } }>(
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { userErrors { code message path } } }',
    { input: { displayName: `A ${EVIL}`.slice(0, 30), bio: `Boats. ${EVIL}`, isIndexable: false } },
  );
  expect([answer.errors, answer.data?.updateProfile.userErrors]).toEqual([undefined, []]);
  const bytes = await sharp({
    create: { width: 640, height: 480, channels: 3, background: '#3a7' },
  })
    .jpeg()
    .toBuffer();
  const picture = await uploadPicture(world, ada, bytes, { altText: `A green boat ${EVIL}` });
  const made = await sendPost(ada, {
    mediaIds: [picture],
    common: { caption: `The *green* one on the #sea ${EVIL}` },
  });
  open = innerId(made.post!.id);
  const warned = { caption: 'Storm.', contentWarning: 'A wreck', visibility: 'UNLISTED' };
  closed = innerId(await publish(world, ada, warned));
  friendly = innerId(
    await publish(world, ada, { caption: 'For friends.', visibility: 'FOLLOWERS' }),
  );
  await world.settle();
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
});

async function page(
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; type: string; html: string }> {
  const response = await fetch(world.origin + path, { headers });
  const type = response.headers.get('content-type') ?? '';
  return { status: response.status, type, html: await response.text() };
}

test('H01 a profile and a post show what people wrote, and run nothing of it', async () => {
  for (const path of ['/@ada', `/posts/${open}`]) {
    const response = await fetch(world.origin + path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
    const html = await response.text();
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img src=x');
    expect(html).toContain('&lt;script&gt;');
  }
  const { html } = await page(`/posts/${open}`);
  expect(html).toContain('<em>green</em>');
  expect(html).toMatch(/<img src="\/media\/[^"]+" width="640" height="480" alt="A green boat/);
});

test('other sites are told title, picture and where else it is', async () => {
  const { html } = await page(`/posts/${open}`);
  for (const part of [
    `<meta property="og:url" content="https://a.example/posts/${open}">`,
    '<meta property="og:image" content="https://a.example/media/',
    '<meta property="og:description" content="The green one on the #sea ',
    '<meta name="robots" content="noindex">',
    `<link rel="alternate" type="application/activity+json" href="https://a.example/posts/${open}">`,
    'type="application/json+oembed"',
  ])
    expect(html).toContain(part);
  const address = encodeURIComponent(`https://a.example/posts/${open}`);
  const oembed = JSON.parse((await page(`/oembed?url=${address}`)).html) as object;
  expect(oembed).toMatchObject({ version: '1.0', type: 'photo', width: 640, height: 480 });
});

test('F44 what is not for everybody looks like what is not there', async () => {
  const missing = await page('/posts/01a00000-0000-7000-8000-000000000000');
  expect(missing.status).toBe(404);
  const shape = (text: string): string => text.replace(/"requestId":"[^"]*"/, '');
  const paths = ['/posts/nonsense', '/@nobody', '/@nobody/feed.atom', '/@nobody/qr.svg'];
  for (const path of [`/posts/${friendly}`, '/starter-packs/nonsense', ...paths]) {
    const { status, html } = await page(path);
    expect([path, status, shape(html)]).toEqual([path, 404, shape(missing.html)]);
  }
  // As browsers ask.
  const accept = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', 'accept-language': 'fr' };
  const seen = await page('/nowhere', accept);
  expect(seen).toMatchObject({ status: 404, type: 'text/html; charset=utf-8' });
  expect(seen.html).toContain('<h1>Rien ici</h1>');
  for (const path of [`/posts/${friendly}`, ...paths])
    expect([path, await page(path, accept)]).toEqual([path, seen]);
  expect((await page('/nowhere', { accept: 'image/*' })).type).toContain('application/json');
  for (const path of ['/@ada', '/@ada/feed.atom'])
    expect((await page(path)).html).not.toContain('For friends.');
  const hidden = encodeURIComponent(`https://a.example/posts/${friendly}`);
  expect((await page(`/oembed?url=${hidden}`)).status).toBe(404);
});

test('pictures behind a warning stay closed, also elsewhere', async () => {
  const { html } = await page(`/posts/${closed}`);
  expect(html).toContain('<details><summary dir="auto">A wreck</summary>');
  expect(html).not.toContain('og:image');
  const address = encodeURIComponent(`https://a.example/posts/${closed}`);
  expect(JSON.parse((await page(`/oembed?url=${address}`)).html)).toMatchObject({ type: 'link' });
  const feed = await page('/@ada/feed.atom');
  expect(feed.type).toContain('application/atom+xml');
  expect(feed.html).toContain('<title>A wreck</title>');
  expect(feed.html.match(/&lt;img src=&quot;/g)).toHaveLength(1);
});

test('the same addresses answer ActivityStreams to who asks for it', async () => {
  const accept = { accept: 'application/activity+json' };
  for (const path of ['/@ada', `/posts/${open}`])
    expect((await page(path, accept)).type).toBe('application/activity+json; charset=utf-8');
  expect((await page(`/posts/${friendly}`, accept)).status).toBe(404);
});

test('the QR code of a profile leads to it, as clients are told', async () => {
  const answer = await world.graphql<{ actor: { url: string; qrCodeUrl: string } }>(
    '{ actor(by: { handle: "ada" }) { url qrCodeUrl } }',
  );
  const { url, qrCodeUrl } = answer.data.actor;
  expect(qrCodeUrl).toBe(`${url}/qr.svg`);
  const response = await fetch(world.reach(qrCodeUrl));
  expect([response.status, response.headers.get('content-type')]).toEqual([
    200,
    'image/svg+xml; charset=utf-8',
  ]);
  const svg = await response.text();
  expect(svg).toContain('<title>@ada@a.example</title>');
  expect(await readQrCode(svg)).toBe(url);
  expect((await page('/@ADA/qr.svg')).html).toBe(svg);
  // What PostgreSQL takes for no text is nobody's name, wherever it is looked for.
  const finger = '/.well-known/webfinger?resource=acct:a%00@a.example';
  for (const path of ['/@nobody/qr.svg', '/@%00/qr.svg', '/@a%00', '/@a%00/feed.atom', finger])
    expect([path, (await page(path)).status]).toEqual([path, 404]);
});

test('H01 a starter pack shows whom everybody sees in it, and runs nothing', async () => {
  const ben = await world.local('ben');
  await beDiscoverable(ben);
  const shy = await world.local('shy');
  await beDiscoverable(shy);
  const id = innerId(
    await makePack(ada, [ada, ben, shy], {
      title: `Boats ${EVIL}`.slice(0, 90),
      description: `For *all*. ${EVIL}`,
      hashtags: ['Kites'],
    }),
  );
  await shy.graphql(
    'mutation { updateProfile(input: { isDiscoverable: false }) { userErrors { code } } }',
  );
  const { status, html } = await page(`/starter-packs/${id}`);
  expect(status).toBe(200);
  expect(html).not.toContain('<script');
  expect(html).not.toContain('<img src=x');
  for (const part of ['For <em>all</em>.', '#Kites', '@ben@a.example', 'href="/@ada"', 'noindex'])
    expect(html).toContain(part);
  expect(html).not.toContain('@shy@');
  for (const other of [id.replace(/.$/, 'x'), '01a00000-0000-7000-8000-000000000000'])
    expect((await page(`/starter-packs/${other}`)).status).toBe(404);
});

test('speaks the reader’s language', async () => {
  const { html } = await page(`/posts/${open}`, { 'accept-language': 'fr' });
  expect(html).toContain('lang="fr"');
  expect(html).toContain('0 commentaire');
});

test('a browser is led from what other servers call people and comments to their pages', async () => {
  const led = async (path: string): Promise<[number, string | null]> => {
    const headers = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
    const answer = await fetch(world.origin + path, { headers, redirect: 'manual' });
    return [answer.status, answer.headers.get('location')];
  };
  const said = await comment(ada, toGlobalId('post', open), 'Mine.');
  const hushed = await comment(ada, toGlobalId('post', friendly), 'Among us.');
  expect(await led(`/actors/${ada.actorId}`)).toEqual([302, 'https://a.example/@ada']);
  expect(await led(`/comments/${innerId(said)}`)).toEqual([302, `https://a.example/posts/${open}`]);
  for (const path of [`/comments/${innerId(hushed)}`, `/comments/${open}`, '/comments/no'])
    expect([path, (await led(path))[0]]).toEqual([path, 404]);
});

(hasChromium ? test : test.skip)(
  'a browser shows both without a script or another host',
  async () => {
    const browser = await launchBrowser();
    try {
      const tab = await browser.newPage();
      const asked: string[] = [];
      tab.on('request', (request) => asked.push(request.url()));
      await tab.goto(`${world.origin}/@ada`);
      await tab.locator('.grid a img').first().click();
      await tab.waitForLoadState('networkidle');
      expect(
        await tab
          .locator('figure img')
          .evaluate((image) => (image as { naturalWidth?: number }).naturalWidth),
      ).toBe(640);
      expect(await tab.title()).toContain('<script>');
      expect(asked.filter((url) => !url.startsWith(world.origin))).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
