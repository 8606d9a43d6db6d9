// How long clients wait for a page while two videos are encoded on the machine of the server, and without.
import type { TestVideoProcessor } from '../test/support/video-processor.js';
import { send, startOurs, type Contestant, type Operation } from './contestant.js';
import { compared, quantile, type Figure } from './figure.js';
import { HOME_QUERY, PAGE_SIZE } from './home-query.js';
import { startTimelineWorld } from './timeline-world.js';

const WARM_UP_REQUESTS = 300;
const REQUESTS = 150;
const ROUNDS = 3;

/** p95 of a page of the home timeline, one request after the other, as somebody scrolls. */
export async function measureLatency(
  processor: TestVideoProcessor,
  file: string,
  transcodes: number,
): Promise<Figure> {
  await using world = await startTimelineWorld({ posts: 2_000, follows: 100, authors: 500 });
  await using ours = await startOurs(world, { ROLE: 'web' });
  const { token } = world;
  const home = { query: HOME_QUERY, variables: { first: PAGE_SIZE }, token };
  await waitsOf(ours, home, WARM_UP_REQUESTS);
  const [busy, quiet]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    quiet.push(quantile(await waitsOf(ours, home, REQUESTS), 0.95));
    busy.push(
      quantile(await waitsBeside(ours, home, () => encode(processor, file, transcodes)), 0.95),
    );
  }
  return compared(
    `home page, p95 with ${transcodes} videos at a time / without`,
    [busy, quiet],
    'ms',
    null,
  );
}

function encode(processor: TestVideoProcessor, file: string, times: number): Promise<unknown> {
  return Promise.all(Array.from({ length: times }, () => processor.process(file)));
}

/** For as long as the work takes. */
async function waitsBeside(
  server: Contestant,
  operation: Operation,
  work: () => Promise<unknown>,
): Promise<number[]> {
  const state = { isDone: false };
  const done = work().finally(() => (state.isDone = true));
  const waits: number[] = [];
  while (!state.isDone) waits.push(...(await waitsOf(server, operation, 1)));
  await done;
  return waits;
}

/** Milliseconds of each request. */
async function waitsOf(server: Contestant, operation: Operation, times: number): Promise<number[]> {
  const waits: number[] = [];
  while (waits.length < times) {
    const begin = performance.now();
    await send(server, operation);
    waits.push(performance.now() - begin);
  }
  return waits;
}
