// What each cost costs that we leave out of Apollo, and what a compiling executor would save beyond that: the same page
// from memory, one cut more with every server.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { costOf, startOurs, startRival, type Contestant } from './contestant.js';
import { compared, type Figure } from './figure.js';
import { fetchPage, HOME_QUERY, PAGE_SIZE } from './home-query.js';
import { startTimelineWorld } from './timeline-world.js';

const WARM_UP_REQUESTS = 1_500;
const ROUNDS = 15;
const REQUESTS = 150;

/** In the order in which they are cut, each on top of those before it. */
const CUTS = [
  ['documents', 'documents parsed and validated once'],
  ['cache-control', 'no cache-control plugin'],
  ['resolvers', 'no work for plain fields and interfaces'],
  ['executor', 'documents compiled by graphql-jit, which we do not'],
] as const;

/** After / before of each cut, and of ours together. */
export async function run(): Promise<Figure[]> {
  await using stack = new AsyncDisposableStack();
  const pageFile = await writePage(stack);
  const servers: Contestant[] = [];
  for (let cuts = 0; cuts <= CUTS.length; cuts++) {
    const words = [pageFile, ...CUTS.slice(0, cuts).map(([word]) => word)];
    servers.push(stack.use(await startRival('./apollo-variant.js', words)));
  }
  const page = { query: HOME_QUERY, variables: { first: PAGE_SIZE } };
  for (const server of servers) {
    await fetchPage(server);
    await costOf(server, page, WARM_UP_REQUESTS);
  }
  const costs: number[][] = servers.map(() => []);
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, server] of servers.entries())
      costs[index]!.push(await costOf(server, page, REQUESTS));
  }
  const unit = 'CPU µs';
  return [
    ...CUTS.map(([, name], index) =>
      compared(`Apollo, ${name}: after / before`, [costs[index + 1]!, costs[index]!], unit, null),
    ),
    compared('Apollo, all that we cut: after / before', [costs.at(-2)!, costs[0]!], unit, {
      atMost: 0.5,
    }),
  ];
}

/** A page as our server answers it, in a file. */
async function writePage(stack: AsyncDisposableStack): Promise<string> {
  const world = stack.use(await startTimelineWorld({ posts: 1_000, follows: 200, authors: 400 }));
  await using ours = await startOurs(world, { ROLE: 'web' });
  const file = path.join(world.dataDirectory, 'page.json');
  await writeFile(file, (await fetchPage(ours, world.token)).text);
  return file;
}
