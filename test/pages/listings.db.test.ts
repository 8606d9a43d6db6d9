// Pages of hashtags and collections, and the page to which other servers send people who want to follow or answer.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hasChromium, launchBrowser } from '../platform/graphiql-browser.js';
import { noteBy, activityBy } from '../support/activities.js';
import { startFakePeer, type FakePeer, type PeerActor } from '../support/fake-peer.js';
import { meet, openNetwork } from '../support/federation.js';
import { innerId, publish } from '../support/posts.js';
import type { Person, World } from '../support/world.js';

const EVIL = `<script>document.title="owned"</script>"'><img src=x onerror=alert(1)>`;

let stack: AsyncDisposableStack;
let world: World;
let peer: FakePeer;
let bob: PeerActor;
let ada: Person;
let first: string;
let collection: string;
let note: { id: string };

beforeAll(async () => {
  stack = new AsyncDisposableStack();
  const network = stack.use(openNetwork());
  world = await network.join('a.example');
  peer = stack.use(await startFakePeer(network, 'peer.test'));
  bob = peer.actor('bob', { name: `Bob ${EVIL}` });
  ada = await world.local('ada');
  await meet(ada, 'bob@peer.test');
  const postIds: string[] = [];
  for (let index = 0; index < 32; index++)
    postIds.push(await publish(world, ada, { caption: `Wave ${index} #Sea${EVIL}` }));
  first = innerId(postIds[0]!);
  await publish(world, ada, { caption: 'Ours #secret', visibility: 'FOLLOWERS' });
  const answer = await ada.graphql<{
    saveCollection: { collection: { id: string }; userErrors: unknown[] };
  }>(
    'mutation ($input: SaveCollectionInput!) { saveCollection(input: $input) { collection { id } userErrors { code path } } }',
    { input: { title: `Sea ${EVIL}`, description: `*Salt* ${EVIL}`, postIds } },
  );
  collection = innerId(answer.data.saveCollection.collection.id);
  note = noteBy(bob, {
    cc: [`https://a.example/actors/${ada.actorId}`],
    content: `<p>Hi ${EVIL}</p>`,
  });
  expect(await peer.send(world, bob, activityBy(bob, 'Create', note))).toBe(202);
  await world.settle();
});

afterAll(() => stack.disposeAsync().then(() => undefined));

async function page(path: string): Promise<{ status: number; html: string; headers: Headers }> {
  const response = await fetch(world.origin + path, { headers: { accept: 'text/html' } });
  return { status: response.status, html: await response.text(), headers: response.headers };
}

const meaning = (uri: string): string => `/authorize_interaction?${new URLSearchParams({ uri })}`;

test('H01 pages of hashtags, collections and interactions run nothing of what people wrote', async () => {
  const paths = ['/tags/sea', `/collections/${collection}`, meaning(bob.uri), meaning(note.id)];
  for (const path of paths) {
    const { status, html, headers } = await page(path);
    expect([path, status]).toEqual([path, 200]);
    expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; /);
    expect(html).not.toContain('<script');
    expect(html).not.toContain('<img src=x');
  }
});

test('a hashtag and a collection are walked page by page', async () => {
  for (const path of ['/tags/sea', `/collections/${collection}`]) {
    const links: string[] = [];
    let next: string | undefined = path;
    for (let pages = 0; next !== undefined && pages < 5; pages++) {
      const { html }: { html: string } = await page(next);
      links.push(...Array.from(html.matchAll(/href="\/posts\/([^"]+)"/g), (match) => match[1]!));
      next = /rel="next" href="([^"]+)"/.exec(html)?.[1];
    }
    expect([path, new Set(links).size, links.length]).toEqual([path, 32, 32]);
    expect(path.startsWith('/tags') ? links.at(-1) : links[0]).toBe(first);
  }
  expect((await page('/tags/SEA')).html).toContain('<h1 dir="auto">#Sea</h1>');
});

test('F44 what nobody used in public, and what is not for everybody, has no page', async () => {
  for (const path of ['/tags/secret', '/tags/%20', '/tags/never', '/collections/x'])
    expect([path, (await page(path)).status]).toEqual([path, 404]);
});

test('whoever is sent here is told what is meant, and how an app finds it', async () => {
  const handles = ['acct:bob@peer.test', '@bob@peer.test', 'bob@peer.test', bob.uri];
  for (const uri of handles) {
    const { html } = await page(meaning(uri));
    expect(html).toContain('<code dir="ltr">@bob@peer.test</code>');
    expect(html).toContain('Bob &lt;script&gt;');
  }
  const said = (await page(meaning(note.id))).html;
  expect(said).toContain(`<code dir="ltr">${note.id}</code>`);
  expect(said).toContain('<blockquote dir="auto">Hi');
  expect((await page(meaning('acct:ada@a.example'))).html).toContain('@ada@a.example');
  const asked = peer.requests.length;
  const strange = (await page(meaning('https://peer.test/never/seen'))).html;
  expect(strange).toContain('<code dir="ltr">https://peer.test/never/seen</code>');
  expect(strange).not.toContain('href="https://peer.test');
  expect((await page(meaning('acct:zoe@peer.test'))).html).toContain('@zoe@peer.test');
  expect(peer.requests).toHaveLength(asked);
});

test('H07 nobody is sent on from here, and nonsense has no page', async () => {
  for (const uri of [
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.test',
    '',
    'x'.repeat(5_000),
  ])
    expect([uri, (await page(meaning(uri))).status]).toEqual([uri, 404]);
  expect((await page('/authorize_interaction')).status).toBe(404);
  expect((await page('/authorize_interaction?uri=a&uri=b')).status).toBe(404);
  const { headers, html } = await page(meaning('https://evil.test/@x'));
  expect(headers.get('location')).toBeNull();
  expect(html).not.toMatch(/(?:href|src|url)=?["(]?https:\/\/evil/);
});

(hasChromium ? test : test.skip)(
  'a browser shows them without a script or another host',
  async () => {
    const browser = await launchBrowser();
    try {
      const tab = await browser.newPage();
      const asked: string[] = [];
      tab.on('request', (request) => asked.push(request.url()));
      await tab.goto(`${world.origin}/collections/${collection}`);
      expect(await tab.title()).toContain('<script>');
      await tab.getByRole('link', { name: 'More' }).click();
      expect(await tab.locator('.grid li').count()).toBe(2);
      await tab.goto(`${world.origin}/tags/sea`);
      expect(await tab.locator('.grid li').count()).toBe(30);
      await tab.goto(world.origin + meaning(bob.uri));
      expect(await tab.locator('code').innerText()).toBe('@bob@peer.test');
      expect(asked.filter((url) => !url.startsWith(world.origin))).toEqual([]);
    } finally {
      await browser.close();
    }
  },
);
