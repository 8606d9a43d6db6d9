// Whether the home timeline stays as cheap when the world grows: pages of a small and a large world in turn, in CPU of
// the server and its PostgreSQL backends together.
import { costOf, startOurs, type Contestant } from './contestant.js';
import { compared, type Figure } from './figure.js';
import { fetchPage, HOME_QUERY, PAGE_SIZE } from './home-query.js';
import { startTimelineWorld, type WorldSize } from './timeline-world.js';

const WARM_UP_REQUESTS = 1_000;
const ROUNDS = 11;
const REQUESTS = 150;
const DEEP_PAGES = 500;
/** What one page may cost more in a world that is a thousand times larger: its indexes are deeper. */
const GOAL = { atMost: 1.3 };

/** One page of one server. */
interface Reader {
  readonly server: Contestant;
  readonly token: string;
  readonly after: string | null;
}

/** Growth in posts, in follows and in depth of the page. */
export async function run(): Promise<Figure[]> {
  return [
    ...(await posts()),
    await inTwoWorlds('home page: 2,000 follows / 10 follows', [
      { posts: 20_000, follows: 2_000, authors: 2_000 },
      { posts: 20_000, follows: 10, authors: 2_000 },
    ]),
  ];
}

async function posts(): Promise<Figure[]> {
  await using large = await open({ posts: 1_000_000, follows: 200, authors: 400 });
  await using small = await open({ posts: 1_000, follows: 200, authors: 400 });
  const deep = await walk(large.reader, DEEP_PAGES);
  return [
    await compare('home page: 1,000,000 posts / 1,000 posts', large.reader, small.reader),
    await compare(`home page: page ${DEEP_PAGES} / page 1`, deep, large.reader),
  ];
}

async function inTwoWorlds(
  name: string,
  [large, small]: readonly [WorldSize, WorldSize],
): Promise<Figure> {
  await using one = await open(large);
  await using other = await open(small);
  return await compare(name, one.reader, other.reader);
}

async function open(size: WorldSize): Promise<{ reader: Reader } & AsyncDisposable> {
  await using stack = new AsyncDisposableStack();
  const world = stack.use(await startTimelineWorld(size));
  const server = stack.use(await startOurs(world, { ROLE: 'web' }));
  const owned = stack.move();
  return {
    reader: { server, token: world.token, after: null },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Turns so many pages, as a client does: there is no other way to a page. */
async function walk(reader: Reader, pages: number): Promise<Reader> {
  let after: string | null = null;
  for (let page = 1; page < pages; page++) {
    after = (await fetchPage(reader.server, reader.token, after)).endCursor;
  }
  return { ...reader, after };
}

async function compare(name: string, large: Reader, small: Reader): Promise<Figure> {
  const costs: { large: number[]; small: number[] } = { large: [], small: [] };
  for (const reader of [large, small]) {
    await fetchPage(reader.server, reader.token, reader.after);
    await cost(reader, WARM_UP_REQUESTS);
  }
  for (let round = 0; round < ROUNDS; round++) {
    costs.large.push(await cost(large, REQUESTS));
    costs.small.push(await cost(small, REQUESTS));
  }
  return compared(name, [costs.large, costs.small], 'CPU µs', GOAL);
}

function cost({ server, token, after }: Reader, requests: number): Promise<number> {
  const operation = { query: HOME_QUERY, variables: { first: PAGE_SIZE, after }, token };
  return costOf(server, operation, requests);
}
