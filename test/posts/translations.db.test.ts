// Translations by a service that speaks the protocol of LibreTranslate, over real HTTP.
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { block, comment, publish } from '../support/posts.js';
import { startWebSite, type SiteAnswer, type WebSite } from '../support/web-site.js';
import { startWorld, type Person, type World } from '../support/world.js';

const JSON_TYPE = { 'content-type': 'application/json' };

interface Question {
  readonly q: string;
  readonly source: string;
  readonly target: string;
  readonly format: string;
  readonly api_key?: string;
}

let service: WebSite;
let world: World;
let ada: Person;
let ben: Person;
let answer: (question: Question) => SiteAnswer;

beforeAll(async () => {
  service = await startWebSite(({ body }) => answer(JSON.parse(body) as Question));
  world = await startWorld({
    TRANSLATE_URL: `${service.origin}/api/`,
    TRANSLATE_API_KEY: 'key-1',
    GRAPHQL_POINTS_PER_HOUR: '1000000',
  });
  [ada, ben] = [await world.local('ada'), await world.local('ben')];
});

beforeEach(() => {
  service.requests.length = 0;
  answer = ({ q, target }) => ({
    headers: JSON_TYPE,
    body: JSON.stringify({
      translatedText: q.replace('hello', `${target}-hello<script>x</script>`),
      detectedLanguage: { language: 'en', confidence: 90 },
    }),
  });
});

afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

async function translation(who: Person, id: string, to: string): Promise<unknown> {
  const found = await who.graphql<{ node: { translation: unknown } | null }>(
    `query ($id: ID!, $to: LanguageTag!) { node(id: $id) {
      ... on PhotoPost { translation(to: $to) { html detectedLanguage } }
      ... on Comment { translation(to: $to) { html detectedLanguage } } } }`,
    { id, to },
  );
  expect(found.errors).toBeUndefined();
  return found.data.node?.translation ?? null;
}

test('captions and comments are translated, cleaned, and asked for once per text and language', async () => {
  const id = await publish(world, ada, { caption: 'hello one' });
  const expected = { html: '<p>fr-hello one</p>', detectedLanguage: 'en' };
  expect(await translation(ben, id, 'fr')).toEqual(expected);
  expect(await translation(ada, id, 'fr-CA')).toEqual(expected);
  expect(await translation(ben, await comment(ben, id, 'hello one'), 'FR')).toEqual(expected);
  expect(service.requests).toHaveLength(1);
  const [request] = service.requests;
  expect([request!.method, request!.path]).toEqual(['POST', '/api/translate']);
  expect(JSON.parse(request!.body)).toEqual({
    q: '<p>hello one</p>',
    source: 'auto',
    target: 'fr',
    format: 'html',
    api_key: 'key-1',
  });
  expect(await translation(ben, id, 'de')).toMatchObject({ html: '<p>de-hello one</p>' });
  expect(service.requests).toHaveLength(2);
  await ada.graphql(
    'mutation ($id: ID!) { updatePost(input: { postId: $id, caption: "hello two" }) { userErrors { code } } }',
    { id },
  );
  expect(await translation(ben, id, 'fr')).toMatchObject({ html: '<p>fr-hello two</p>' });
});

test('a list asks once for each text, and looks up what is known in one statement', async () => {
  const cleo = await world.local('cleo');
  for (const caption of ['hello a', 'hello b', 'hello a', ''])
    await publish(world, cleo, { caption });
  const query = `{ actor(by: { handle: "cleo" }) { posts(first: 4) { nodes { translation(to: "fr") { html } } } } }`;
  const names: string[] = [];
  const { pool } = world.services.database;
  const ask = pool.query.bind(pool) as (query: { name?: string }) => unknown;
  for (const asked of [2, 0]) {
    service.requests.length = 0;
    names.length = 0;
    pool.query = ((one: { name?: string }) => {
      names.push(one.name ?? '');
      return ask(one);
    }) as typeof pool.query;
    const seen = await ben
      .graphql<{ actor: { posts: { nodes: { translation: { html: string } | null }[] } } }>(query)
      .finally(() => (pool.query = ask as typeof pool.query));
    expect(seen.data.actor.posts.nodes.map((node) => node.translation?.html ?? null)).toEqual([
      null,
      '<p>fr-hello a</p>',
      '<p>fr-hello b</p>',
      '<p>fr-hello a</p>',
    ]);
    expect(service.requests).toHaveLength(asked);
    expect(names.filter((name) => name === 'translations.find')).toHaveLength(1);
  }
});

test('nothing is asked for a text in that language, for one that is not seen, or by nobody', async () => {
  const same = await publish(world, ada, { caption: 'hello same', language: 'fr-FR' });
  expect(await translation(ben, same, 'fr')).toBeNull();
  const closed = await publish(world, ada, { caption: 'hello closed', visibility: 'FOLLOWERS' });
  expect(await translation(ben, closed, 'fr')).toBeNull();
  const dan = await world.local('dan');
  const open = await publish(world, ada, { caption: 'hello open' });
  await block(world, ada, dan);
  expect(await translation(dan, open, 'fr')).toBeNull();
  const anonymous = await world.graphql(
    'query ($id: ID!) { node(id: $id) { ... on PhotoPost { translation(to: "fr") { html } } } }',
    { id: open },
  );
  expect(anonymous.errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  expect(service.requests).toEqual([]);
});

test('a service that fails or answers nonsense gives null and is asked again', async () => {
  const id = await publish(world, ada, { caption: 'hello failing' });
  const bad: SiteAnswer[] = [
    { status: 429, headers: JSON_TYPE, body: '{"error":"slow down"}' },
    { status: 500 },
    { status: 302, headers: { location: '/elsewhere' } },
    { headers: { 'content-type': 'text/html' }, body: '<p>hi' },
    { headers: JSON_TYPE, body: 'not json' },
    { headers: JSON_TYPE, body: '{"translatedText":["x"]}' },
    { headers: JSON_TYPE, body: `{"translatedText":"${'x'.repeat(1024 * 1024)}"}` },
  ];
  for (const one of bad) {
    answer = () => one;
    expect(await translation(ben, id, 'fr')).toBeNull();
  }
  answer = () => ({
    headers: JSON_TYPE,
    body: JSON.stringify({ translatedText: 'bien', detectedLanguage: { language: '<b>' } }),
  });
  expect(await translation(ben, id, 'fr')).toEqual({ html: 'bien', detectedLanguage: null });
  expect(service.requests).toHaveLength(bad.length + 1);
});

test('without a service there is no translation', async () => {
  await using plain = await startWorld();
  const eve = await plain.local('eve');
  const id = await publish(plain, eve, { caption: 'hello' });
  expect(await translation(eve, id, 'fr')).toBeNull();
});
