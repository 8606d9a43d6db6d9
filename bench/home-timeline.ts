// What one page of the home timeline costs, in CPU of the server and its PostgreSQL backends together: beside the
// limit (Apollo from memory plus the bare rows) and beside a stock server with the same data.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { costOf, startOurs, startRival } from './contestant.js';
import { treeSeconds } from './cpu.js';
import { compared, type Figure } from './figure.js';
import { fetchPage, HOME_QUERY, PAGE_SIZE } from './home-query.js';
import { startTimelineWorld, type TimelineWorld } from './timeline-world.js';

const WARM_UP_REQUESTS = 1_500;
const ROUNDS = 15;
const REQUESTS = 150;

/** Our page against the limit and against a stock server. */
export async function run(): Promise<Figure[]> {
  await using world = await startTimelineWorld({ posts: 20_000, follows: 200, authors: 2_000 });
  await using ours = await startOurs(world, { ROLE: 'web' });
  const { token } = world;
  const pageFile = path.join(world.dataDirectory, 'page.json');
  await writeFile(pageFile, (await fetchPage(ours, token)).text);
  const words = [path.resolve('schema.graphql'), pageFile, world.databaseUrl];
  await using memory = await startRival('./rival-server.js', ['static', ...words]);
  await using stock = await startRival(
    './rival-server.js',
    ['stock', ...words],
    world.postgresProcessId,
  );
  for (const rival of [memory, stock]) await fetchPage(rival, token);
  const home = { query: HOME_QUERY, variables: { first: PAGE_SIZE }, token };
  const costs: { ours: number[]; stock: number[]; limit: number[] } = {
    ours: [],
    stock: [],
    limit: [],
  };
  for (const server of [ours, memory, stock]) await costOf(server, home, WARM_UP_REQUESTS);
  await costOfRows(world, WARM_UP_REQUESTS);
  for (let round = 0; round < ROUNDS; round++) {
    costs.ours.push(await costOf(ours, home, REQUESTS));
    costs.limit.push((await costOf(memory, home, REQUESTS)) + (await costOfRows(world, REQUESTS)));
    costs.stock.push(await costOf(stock, home, REQUESTS));
  }
  return [
    compared('home page: limit / ours', [costs.limit, costs.ours], 'CPU µs', { atLeast: 0.5 }),
    compared('home page: stock Apollo + Express / ours', [costs.stock, costs.ours], 'CPU µs', {
      atLeast: 1.5,
    }),
  ];
}

/** CPU µs of reading the bare rows of the page with one prepared statement, client and backend. */
async function costOfRows(world: TimelineWorld, requests: number): Promise<number> {
  const client = await world.pool.connect();
  const { rows } = await client.query<{ id: string }>(
    `select id from actors where username = 'author0'`,
  );
  const statement = {
    name: 'bench.rows',
    text: `select p.id, p.url, p.content_html, p.published_at, a.username, a.display_name
      from home_timeline_entries e join posts p on p.id = e.post_id join actors a on a.id = p.author_id
      where e.owner_id = $1 order by e.post_id desc limit ${PAGE_SIZE}`,
    values: [rows[0]!.id],
  };
  const [own, theirs] = [process.cpuUsage(), treeSeconds([world.postgresProcessId])];
  for (let count = 0; count < requests; count++) await client.query(statement);
  const used = process.cpuUsage(own);
  const backends = treeSeconds([world.postgresProcessId]) - theirs;
  client.release();
  return (used.user + used.system + backends * 1e6) / requests;
}
