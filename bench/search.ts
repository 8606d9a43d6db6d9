// Whether search and the page of a hashtag stay as cheap when the world grows: a large and a small one in turn, in CPU of
// the server and its PostgreSQL backends together.
import type pg from 'pg';
import { costOf, send, startOurs, type Contestant, type Operation } from './contestant.js';
import { compared, type Figure } from './figure.js';
import { startTimelineWorld } from './timeline-world.js';

const LARGE = 1_000_000;
const SMALL = 10_000;
const AUTHORS = 400;
const WARM_UP_REQUESTS = 100;
const ROUNDS = 9;
const REQUESTS = 40;
const PAGE_SIZE = 20;

const POST =
  'id url caption publishedAt author { id handle displayName } counts { likes comments }';

/** What is asked for, what it may cost more in the larger world, and how much it has to find. */
interface Question {
  readonly name: string;
  readonly query: string;
  readonly atMost: number;
  readonly finds: number;
}

const posts = (text: string): string =>
  `{ search(query: ${JSON.stringify(text)}) { found: posts(first: ${PAGE_SIZE}) { nodes { ${POST} } } } }`;

const QUESTIONS: readonly Question[] = [
  { name: 'a word of every post', query: posts('caption'), atMost: 1.5, finds: PAGE_SIZE },
  { name: 'a word of every hundredth', query: posts('shade7'), atMost: 3, finds: PAGE_SIZE },
  { name: 'a word of one post', query: posts('picture5000'), atMost: 1.5, finds: 1 },
  { name: 'a phrase of every post', query: posts('"some length"'), atMost: 1.5, finds: PAGE_SIZE },
  {
    name: 'two frequent words, the one without the other',
    query: posts('length -shade7'),
    atMost: 1.5,
    finds: PAGE_SIZE,
  },
  {
    name: 'people by a beginning',
    query: `{ search(query: "author39") { found: actors(first: 5) { nodes { id handle } } } }`,
    atMost: 1.3,
    finds: 5,
  },
  {
    name: 'page of a hashtag',
    query: `{ found: hashtag(name: "light") { posts(first: ${PAGE_SIZE}) { nodes { ${POST} } } } }`,
    atMost: 1.3,
    finds: PAGE_SIZE,
  },
];

/** What keyword filters add to the first page of a word of every post. */
interface FilteredQuestion {
  readonly name: string;
  readonly keywords: readonly string[];
  readonly atMost: number;
  readonly finds: number;
}

const never = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `never said ${index}`);

const FILTERED: readonly FilteredQuestion[] = [
  { name: 'ten keywords that hide nothing', keywords: never(10), atMost: 1.8, finds: PAGE_SIZE },
  { name: '500 keywords that hide nothing', keywords: never(500), atMost: 2.5, finds: PAGE_SIZE },
  { name: 'a keyword that hides all', keywords: ['caption'], atMost: 15, finds: 0 },
];

/** Each question in both worlds, and what filters cost in the large one. */
export async function run(): Promise<Figure[]> {
  await using large = await open(LARGE);
  await using small = await open(SMALL);
  const figures: Figure[] = [];
  for (const question of QUESTIONS) figures.push(await compare(question, large, small));
  for (const question of FILTERED) figures.push(await compareFiltered(question, large));
  return figures;
}

interface Reader extends AsyncDisposable {
  readonly server: Contestant;
  readonly token: string;
  readonly pool: pg.Pool;
}

async function open(size: number): Promise<Reader> {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await startTimelineWorld({ posts: size, follows: 10, authors: AUTHORS }));
  await seedWords(world.pool);
  const server = stack.use(await startOurs(world, { ROLE: 'web' }));
  const owned = stack.move();
  const { token, pool } = world;
  return { server, token, pool, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Everybody wants to be found; every post has a document and a hashtag. */
async function seedWords(pool: pg.Pool): Promise<void> {
  await pool.query('update actors set is_discoverable = true, is_indexable = true');
  await pool.query('drop index post_documents_words');
  await pool.query(
    `insert into post_documents (post_id, is_open, document)
     select p.id, true, to_tsvector('simple', 'a caption of some length about picture' || n || ' in shade' || n % 100)
     from (select id, split_part(url, '/', 5)::int as n from posts) p`,
  );
  await pool.query(
    'create index post_documents_words on post_documents using gin (document) with (fastupdate = off)',
  );
  await pool.query(
    `with hashtag as (insert into hashtags (id, name, display_name, created_at) values (uuidv7(), 'light', 'light', now()) returning id)
     insert into post_hashtags (hashtag_id, post_id) select hashtag.id, p.id from hashtag, posts p`,
  );
  await pool.query('vacuum analyze');
  await pool.query('checkpoint');
}

async function compare(
  { name, query, atMost, finds }: Question,
  large: Reader,
  small: Reader,
): Promise<Figure> {
  const costs: { large: number[]; small: number[] } = { large: [], small: [] };
  for (const reader of [large, small]) {
    await requireFound(reader, query, finds);
    await cost(reader, query, WARM_UP_REQUESTS);
  }
  for (let round = 0; round < ROUNDS; round++) {
    costs.large.push(await cost(large, query, REQUESTS));
    costs.small.push(await cost(small, query, REQUESTS));
  }
  const title = `${name}: ${LARGE.toLocaleString('en')} / ${SMALL.toLocaleString('en')} posts`;
  return compared(title, [costs.large, costs.small], 'CPU µs', { atMost });
}

async function compareFiltered(
  { name, keywords, atMost, finds }: FilteredQuestion,
  reader: Reader,
): Promise<Figure> {
  const query = posts('caption');
  const costs: { filtered: number[]; plain: number[] } = { filtered: [], plain: [] };
  await setFilter(reader.pool, keywords);
  await requireFound(reader, query, finds);
  for (let round = 0; round < ROUNDS; round++) {
    await setFilter(reader.pool, []);
    costs.plain.push(await cost(reader, query, REQUESTS));
    await setFilter(reader.pool, keywords);
    costs.filtered.push(await cost(reader, query, REQUESTS));
  }
  await setFilter(reader.pool, []);
  return compared(`${name} / no filter`, [costs.filtered, costs.plain], 'CPU µs', { atMost });
}

/** The reader has these keywords in a filter, or no filter. */
async function setFilter(pool: pg.Pool, keywords: readonly string[]): Promise<void> {
  await pool.query('delete from content_filters');
  if (keywords.length === 0) return;
  await pool.query(
    `with filter as (insert into content_filters (id, owner_id, title, action, contexts, created_at, updated_at)
       select uuidv7(), id, 'Filter', 'HIDE', array['SEARCH'], now(), now() from actors where username = 'author0' returning id)
     insert into content_filter_keywords (filter_id, place, keyword, is_whole_word, needle)
     select filter.id, word.place, word.text, true, filter_words(word.text) from filter,
       unnest($1::text[]) with ordinality as word(text, place)`,
    [keywords],
  );
}

/** A server that answers errors quickly, or finds nothing, must not win. */
async function requireFound(reader: Reader, query: string, finds: number): Promise<void> {
  const text = await send(reader.server, operation(reader, query));
  const found = text.match(/"id":/g)?.length ?? 0;
  if (text.includes('"errors"') || found < finds)
    throw new Error(`${finds} should be found: ${text.slice(0, 500)}`);
}

function operation({ token }: Reader, query: string): Operation {
  return { query, token };
}

function cost(reader: Reader, query: string, requests: number): Promise<number> {
  return costOf(reader.server, operation(reader, query), requests);
}
