// Whether a page that is made for its reader costs the same when the world grows, and how much more than one by time.
import { costOf, send, startOurs, type Contestant } from './contestant.js';
import { startFeedWorld } from './feed-world.js';
import { compared, quantile, type Figure } from './figure.js';

const WARM_UP_REQUESTS = 150;
const ROUNDS = 9;
const REQUESTS = 30;
const TIMED_REQUESTS = 200;
const PAGE_SIZE = 20;
const SMALL = 1_000;
/** Videos of the large worlds; a run that is in a hurry names one of them. */
const LARGE = (process.env['BENCH_FEED_VIDEOS'] ?? '100000,1000000').split(',').map(Number);
const GROWTH = { atMost: 1.3 };
const P95 = { atMost: 3 };

const FEED_QUERY = `query Feed($algorithm: String!, $first: Int!) {
  feed(algorithm: $algorithm, first: $first) {
    edges { cursor
      node { __typename id url caption publishedAt author { id handle displayName avatar { url } }
        media { __typename id url blurhash altText } counts { likes comments } viewerState { isLiked reaction } }
      explanation { summary source score contributions { signal normalized weight contribution } adjustments { key delta } } }
    pageInfo { hasNextPage endCursor } snapshot { id } } }`;

interface Reader {
  readonly server: Contestant;
  readonly token: string;
}

/** Growth of the page for the reader, and its slowest twentieth against that of the page by time. */
export async function run(): Promise<Figure[]> {
  await using small = await open(SMALL);
  const figures: Figure[] = [];
  for (const videos of LARGE) {
    await using large = await open(videos);
    figures.push(await growth(videos, large.reader, small.reader));
    figures.push(await slowest(videos, large.reader));
  }
  return figures;
}

async function open(posts: number): Promise<{ reader: Reader } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await startFeedWorld({ posts, follows: 200, authors: 400 }));
  const server = stack.use(await startOurs(world, { ROLE: 'web' }));
  // Every page that is measured is computed anew, and there are only so many of these in an hour.
  const timer = setInterval(() => void world.pool.query('delete from rate_limits'), 500);
  stack.defer(() => clearInterval(timer));
  const owned = stack.move();
  return {
    reader: { server, token: world.token },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function growth(videos: number, large: Reader, small: Reader): Promise<Figure> {
  const costs: { large: number[]; small: number[] } = { large: [], small: [] };
  for (const reader of [large, small]) {
    await checkPage(reader, 'for-you');
    await cost(reader, WARM_UP_REQUESTS);
  }
  for (let round = 0; round < ROUNDS; round++) {
    costs.large.push(await cost(large, REQUESTS));
    costs.small.push(await cost(small, REQUESTS));
  }
  const name = `for-you page: ${videos.toLocaleString('en')} videos / ${SMALL.toLocaleString('en')}`;
  return compared(name, [costs.large, costs.small], 'CPU µs', GROWTH);
}

async function slowest(videos: number, reader: Reader): Promise<Figure> {
  await checkPage(reader, 'chronological');
  const ratios: { ranked: number[]; timed: number[] } = { ranked: [], timed: [] };
  for (let round = 0; round < 3; round++) {
    ratios.ranked.push(quantile(await latencies(reader, 'for-you'), 0.95));
    ratios.timed.push(quantile(await latencies(reader, 'chronological'), 0.95));
  }
  const name = `p95 of ${videos.toLocaleString('en')} videos: for-you / chronological`;
  return compared(name, [ratios.ranked, ratios.timed], 'ms', P95);
}

async function latencies(reader: Reader, algorithm: string): Promise<number[]> {
  const taken: number[] = [];
  for (let request = 0; request < TIMED_REQUESTS; request++) {
    const start = performance.now();
    await send(reader.server, operation(reader, algorithm));
    taken.push(performance.now() - start);
  }
  return taken;
}

function cost(reader: Reader, requests: number): Promise<number> {
  return costOf(reader.server, operation(reader, 'for-you'), requests);
}

function operation({ token }: Reader, algorithm: string) {
  return { query: FEED_QUERY, variables: { algorithm, first: PAGE_SIZE }, token };
}

/** A server that answers errors quickly must not win. */
async function checkPage(reader: Reader, algorithm: string): Promise<void> {
  const text = await send(reader.server, operation(reader, algorithm));
  const { data, errors } = JSON.parse(text) as {
    data?: { feed: { edges: readonly { node: object | null }[] } | null };
    errors?: unknown;
  };
  const edges = data?.feed?.edges ?? [];
  if (errors || edges.length !== PAGE_SIZE || edges.some(({ node }) => node === null))
    throw new Error(`not a full page: ${text.slice(0, 500)}`);
}
