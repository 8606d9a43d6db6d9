// Link previews against a real site: fetched once for everybody, kept for a day, and never from where it must not be.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { statement } from '../../src/platform/db/database.js';
import { comment, publish } from '../support/posts.js';
import { startWebSite, type SiteAnswer, type WebSite } from '../support/web-site.js';
import { startWorld, type Person, type World } from '../support/world.js';

const HTML = { 'content-type': 'text/html; charset=utf-8' };
const MAKE_DUE = statement(
  'test.make_due',
  'update graphile_worker._private_jobs set run_at = now() where locked_at is null',
);

const WAITS = statement(
  'test.waits',
  `select extract(epoch from run_at - created_at)::float8 as seconds from graphile_worker._private_jobs
   where key like 'fetchLinkPreview:%'`,
);

let site: WebSite;
let world: World;
let ada: Person;
let ben: Person;
let answer: (path: string) => SiteAnswer;

beforeAll(async () => {
  site = await startWebSite(({ path }) => answer(path));
  world = await startWorld({}, {}, { http: site.client });
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
});

beforeEach(() => {
  site.requests.length = 0;
  answer = (path) => ({
    headers: HTML,
    body: `<meta property="og:title" content="Page ${path}"><meta name="description" content="About it"><meta property="og:site_name" content="Site">`,
  });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await site[Symbol.asyncDispose]();
});

/** Runs the jobs that wait for their moment within the next minute, and those that try again. */
async function fetchAll(): Promise<void> {
  await world.settle();
  for (let round = 0; round < 3; round++) {
    await world.services.database.rows(MAKE_DUE);
    await world.settle();
  }
}

async function preview(id: string, who: Person | null = null): Promise<unknown> {
  const found = await (who ?? world).graphql<{ node: { linkPreview: unknown } | null }>(
    `query ($id: ID!) { node(id: $id) {
      ... on PhotoPost { linkPreview { url title description siteName } }
      ... on Comment { linkPreview { url title description siteName } } } }`,
    { id },
  );
  expect(found.errors).toBeUndefined();
  return found.data.node?.linkPreview ?? null;
}

test('the first link to another site gets a preview in captions and comments', async () => {
  const caption =
    'See https://a.example/posts/1, http://plain.example/x and [this](https://news.example/story?a=1#part), then https://other.example/';
  const id = await publish(world, ada, { caption });
  expect(await preview(id)).toBeNull();
  await fetchAll();
  expect(await preview(id)).toEqual({
    url: 'https://news.example/story?a=1',
    title: 'Page /story?a=1',
    description: 'About it',
    siteName: 'Site',
  });
  expect(site.requests.map(({ host, path }) => host + path)).toEqual(['news.example/story?a=1']);
  const remark = await comment(ben, id, 'https://news.example/more');
  await fetchAll();
  expect(await preview(remark)).toMatchObject({ title: 'Page /more' });
});

test('R14 many posts with one link ask once, within a minute; a day later once more', async () => {
  const caption = 'https://busy.example/hot';
  const ids = [await publish(world, ada, { caption })];
  const [first] = await world.services.database.rows<{ seconds: number }>(WAITS);
  expect(first!.seconds).toBeGreaterThanOrEqual(0);
  expect(first!.seconds).toBeLessThan(61);
  for (let index = 0; index < 7; index++)
    ids.push(await publish(world, index % 2 ? ada : ben, { caption }));
  expect(await world.services.database.rows(WAITS)).toHaveLength(1);
  await fetchAll();
  for (const id of ids) expect(await preview(id)).toMatchObject({ title: 'Page /hot' });
  expect(site.requests).toHaveLength(1);
  world.clock.advance(23 * 3600);
  await publish(world, ada, { caption });
  await fetchAll();
  expect(site.requests).toHaveLength(1);
  world.clock.advance(2 * 3600);
  answer = () => ({ headers: HTML, body: '<title>New</title>' });
  await publish(world, ada, { caption });
  await fetchAll();
  expect(site.requests).toHaveLength(2);
  expect(await preview(ids[0]!)).toMatchObject({ title: 'New', description: null });
});

test('a page that a dead worker had claimed is asked when the claim is over', async () => {
  const id = await publish(world, ada, { caption: 'https://claimed.example/page' });
  // What a worker leaves that is killed while it asks; its job comes back within seconds.
  await world.services.database.pool.query(
    'update link_previews set claimed_until = $2 where url = $1',
    ['https://claimed.example/page', new Date(world.clock.now().getTime() + 60_000)],
  );
  await fetchAll();
  expect(site.requests).toHaveLength(0);
  world.clock.advance(61);
  await fetchAll();
  expect(site.requests).toHaveLength(1);
  expect(await preview(id)).toMatchObject({ title: 'Page /page' });
});

test('an edit changes the preview, and takes it away with the link', async () => {
  const id = await publish(world, ada, { caption: 'https://one.example/a' });
  const edit = (caption: string) =>
    ada.graphql(
      'mutation ($input: UpdatePostInput!) { updatePost(input: $input) { userErrors { code } } }',
      { input: { postId: id, caption } },
    );
  await fetchAll();
  await edit('https://two.example/b');
  await fetchAll();
  expect(await preview(id)).toMatchObject({ title: 'Page /b' });
  await edit('nothing');
  expect(await preview(id)).toBeNull();
});

test('a page that is not one gives no preview, and is left alone for a day', async () => {
  const bad: Record<string, SiteAnswer> = {
    '/missing': { status: 404, headers: HTML, body: '<title>Not here</title>' },
    '/picture': { headers: { 'content-type': 'image/png' }, body: 'x' },
    '/blank': { headers: HTML, body: '<p>no title' },
    '/large': { headers: HTML, body: `<title>Big</title>${' '.repeat(1024 * 1024)}` },
    '/away': { status: 302, headers: { location: 'http://127.0.0.2/' } },
    '/round': { status: 302, headers: { location: '/round' } },
  };
  answer = (path) => bad[path]!;
  for (const path of Object.keys(bad)) {
    const id = await publish(world, ada, { caption: `https://bad.example${path}` });
    await fetchAll();
    const asked = site.requests.length;
    await publish(world, ben, { caption: `https://bad.example${path}` });
    await fetchAll();
    expect([path, await preview(id), site.requests.length - asked]).toEqual([path, null, 0]);
  }
});

test('H06 nothing of a page but its words is taken: no player, no frame, no oEmbed', async () => {
  const head = `<title>Words</title><meta property="og:video" content="https://bad.example/player">
    <link rel="alternate" type="application/json+oembed" href="https://bad.example/oembed">`;
  answer = () => ({
    headers: HTML,
    body: `${head}<body><form action="/steal"><script>alert(1)</script></form></body>`,
  });
  const url = 'https://bad.example/scripted';
  const id = await publish(world, ada, { caption: url });
  await fetchAll();
  expect(site.requests.map(({ path }) => path)).toEqual(['/scripted']);
  expect(await preview(id)).toMatchObject({ url, title: 'Words' });
  expect(JSON.stringify(await preview(id))).not.toMatch(/player|script>|form|alert/);
});

test('S10 a literal private address is never asked', async () => {
  const id = await publish(world, ada, { caption: 'https://10.0.0.1/admin' });
  await fetchAll();
  expect(await preview(id)).toBeNull();
  expect(site.requests).toEqual([]);
});

test('whoever does not see the post does not see its preview', async () => {
  const id = await publish(world, ada, {
    visibility: 'FOLLOWERS',
    caption: 'https://secret.example/plan',
  });
  await fetchAll();
  expect(await preview(id, ada)).toMatchObject({ title: 'Page /plan' });
  expect([await preview(id, ben), await preview(id)]).toEqual([null, null]);
  await ada.graphql(
    'mutation ($id: ID!) { deletePost(input: { postId: $id }) { userErrors { code } } }',
    { id },
  );
  const { rows } = await world.services.database.pool.query(
    `select count(*)::int as count from post_links link join link_previews page on page.id = link.link_id where page.url like '%secret.example%'`,
  );
  expect(rows).toEqual([{ count: 0 }]);
});
