// What bringing one post into the home timelines of its author's followers costs, per follower, and how much memory it
// takes: the job itself, in CPU of this process and its PostgreSQL backends together.
import { randomBytes } from 'node:crypto';
import { compose } from '../src/app/compose.js';
import { createJobs } from '../src/app/jobs.js';
import { openVideos } from '../src/app/open-videos.js';
import { openImages } from '../src/app/open-images.js';
import { openListening } from '../src/app/open-listening.js';
import { systemClock } from '../src/platform/clock.js';
import { loadConfig } from '../src/platform/config.js';
import { newId } from '../src/platform/ids.js';
import { createLogger } from '../src/platform/logger.js';
import { openSealer } from '../src/platform/sealing.js';
import type { PostId } from '../src/posts/post.entity.js';
import { treeBytes, treeSeconds } from './cpu.js';
import { compared, limited, type Figure } from './figure.js';
import { startFollowersWorld, type FollowersWorld } from './followers-world.js';

const [FEW, MORE, MANY] = [1_000, 10_000, 100_000];
const ROUNDS = 5;
const MEMORY_ROUNDS = 3;
const MAX_MEGABYTES = 64;
const SAMPLE_MS = 10;

/** Cost per follower of ten and of a hundred times as many, and memory of the largest. */
export async function run(): Promise<Figure[]> {
  await using world = await startFollowersWorld([FEW, MORE, MANY], 0);
  const config = loadConfig({ DATA_DIR: world.dataDirectory, LOG_LEVEL: 'silent' });
  await using services = await compose(
    {
      config,
      clock: systemClock,
      log: createLogger(config.log),
      sealer: await openSealer(randomBytes(32)),
      databaseUrl: world.databaseUrl,
    },
    'worker',
  );
  await using images = await openImages(config, services.log);
  await using videos = openVideos(services);
  const job = createJobs({ images, videos, listening: openListening(config) }).find(
    ({ name }) => name === 'fanOutPost',
  )!;
  const roots = [process.pid, world.postgresProcessId];
  const costs: [few: number[], more: number[], many: number[]] = [[], [], []];
  await costOf(10, [0, FEW]); // warm-up
  for (let round = 0; round < ROUNDS; round++) {
    costs[0].push(await costOf(10, [0, FEW]));
    costs[1].push(await costOf(1, [1, MORE]));
    costs[2].push(await costOf(1, [2, MANY]));
  }
  // Apart from the costs: looking costs, too.
  const grown: number[] = [];
  for (let round = 0; round < MEMORY_ROUNDS; round++)
    grown.push(await peakMegabytes(roots, () => costOf(1, [2, MANY])));
  const unit = 'CPU µs per follower';
  return [
    compared('fan-out: each of 10,000 / each of 1,000', [costs[1], costs[0]], unit, {
      atMost: 1.2,
    }),
    compared('fan-out: each of 100,000 / each of 1,000', [costs[2], costs[0]], unit, {
      atMost: 1.3,
    }),
    limited(
      `fan-out: memory added by 100,000 followers / ${MAX_MEGABYTES} MB`,
      grown,
      MAX_MEGABYTES,
      'MB',
    ),
  ];

  /** CPU µs per follower over so many posts of one author. */
  async function costOf(
    posts: number,
    [author, followers]: readonly [author: number, followers: number],
  ): Promise<number> {
    const ids: PostId[] = [];
    for (let count = 0; count < posts; count++) ids.push(await addPost(world, author));
    const before = treeSeconds(roots);
    for (const postId of ids) await job.run({ ...services, jobId: postId, attempt: 1 }, { postId });
    const seconds = treeSeconds(roots) - before;
    for (const postId of ids) await requireReach(world, postId, followers);
    return (seconds / (posts * followers)) * 1e6;
  }
}

async function addPost(world: FollowersWorld, author: number): Promise<PostId> {
  const id = newId<'post'>(new Date());
  await world.pool.query(
    `insert into posts (id, kind, author_id, is_local, uri, url, content_html, visibility, published_at)
     values ($1::uuid, 'photo', $2, true, 'https://bench.example/p/' || $1, 'https://bench.example/p/' || $1, '', 'PUBLIC', now())`,
    [id, world.authors[author]!.actorId],
  );
  return id;
}

/** A fan-out that reaches nobody would be cheap. */
async function requireReach(
  world: FollowersWorld,
  postId: PostId,
  followers: number,
): Promise<void> {
  const { rows } = await world.pool.query<{ count: number }>(
    'select count(*)::int as count from home_timeline_entries where post_id = $1',
    [postId],
  );
  if (rows[0]?.count !== followers) throw new Error(`reached ${rows[0]?.count} of ${followers}`);
}

/** Most memory that these process trees had to themselves while it ran, beyond what they had before. */
async function peakMegabytes(
  roots: readonly number[],
  work: () => Promise<unknown>,
): Promise<number> {
  globalThis.gc?.();
  const before = treeBytes(roots);
  let peak = before;
  const sampler = setInterval(() => (peak = Math.max(peak, treeBytes(roots))), SAMPLE_MS);
  await work();
  clearInterval(sampler);
  return (Math.max(peak, treeBytes(roots)) - before) / 1e6;
}
