// Ten thousand people like one post as fast as they can, while the worker tells its author. Beside it the same likes
// with nobody told: what a like costs in CPU of this process and PostgreSQL, and how often the author hears of it.
import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { ActorId } from '../src/actors/actor.entity.js';
import { compose } from '../src/app/compose.js';
import { ENTITIES } from '../src/app/entities.js';
import { createJobs } from '../src/app/jobs.js';
import { openVideos } from '../src/app/open-videos.js';
import { openImages } from '../src/app/open-images.js';
import { openListening } from '../src/app/open-listening.js';
import { toCommandContext } from '../src/app/request-context.js';
import { TELL_SECONDS } from '../src/notifications/notifications.events.js';
import { systemClock } from '../src/platform/clock.js';
import { loadConfig } from '../src/platform/config.js';
import type { Services } from '../src/platform/context.js';
import { openDatabase } from '../src/platform/db/open-database.js';
import type { Id } from '../src/platform/ids.js';
import { startWorker } from '../src/platform/jobs/worker.js';
import { createLogger } from '../src/platform/logger.js';
import { openSealer } from '../src/platform/sealing.js';
import type { PostId } from '../src/posts/post.entity.js';
import { setReaction } from '../src/posts/set-reaction.js';
import { startBenchDatabase } from './bench-database.js';
import { treeSeconds } from './cpu.js';
import { compared, type Figure } from './figure.js';

const FANS = 10_000;
const ROUNDS = 5;
const AT_ONCE = 8;
const GOAL_OF_QUIET = 1.3;

interface FanInWorld extends AsyncDisposable {
  readonly told: Services;
  /** The same server without any consequence of a like. */
  readonly quiet: Services;
  readonly pool: pg.Pool;
  readonly postgresProcessId: number;
}

/** CPU of a like that is told against one that is not, and events against what the pauses allow. */
export async function run(): Promise<Figure[]> {
  await using world = await startFanInWorld();
  const { fans, toldPost, quietPost } = await seed(world.pool);
  const costs: { told: number[]; quiet: number[] } = { told: [], quiet: [] };
  let toldSeconds = 0;
  const share = FANS / ROUNDS;
  for (let round = 0; round < ROUNDS; round++) {
    const crowd = fans.slice(round * share, (round + 1) * share);
    costs.quiet.push(await milliseconds(world, () => likeAll(world.quiet, quietPost, crowd)));
    const startedAt = performance.now();
    costs.told.push(
      await milliseconds(world, async () => {
        await likeAll(world.told, toldPost, crowd);
        await counted(world.pool, (round + 1) * share);
      }),
    );
    toldSeconds += (performance.now() - startedAt) / 1000;
  }
  const events = await countOf(
    world.pool,
    `select count(*) from events where name = 'notificationsReceived'`,
  );
  const rows = await countOf(world.pool, 'select count(*) from notifications');
  // Each round may begin and end with an event of its own.
  const allowed = toldSeconds / TELL_SECONDS + 2 * ROUNDS;
  return [
    compared('notifications: a like that is told / not told', [costs.told, costs.quiet], 'CPU ms', {
      atMost: GOAL_OF_QUIET,
    }),
    compared(
      `notifications: live events of ${FANS} likes / one every ${TELL_SECONDS} s`,
      [[events], [allowed]],
      'events',
      { atMost: 1 },
    ),
    compared(`notifications: rows for ${FANS} likes of one post / 1`, [[rows], [1]], 'rows', {
      atMost: 1,
    }),
  ];
}

async function startFanInWorld(): Promise<FanInWorld> {
  await using stack = new AsyncDisposableStack();
  const { databaseUrl, dataDirectory, postgresProcessId, pool } = stack.use(
    await startBenchDatabase(),
  );
  const config = loadConfig({
    DATA_DIR: dataDirectory,
    LOG_LEVEL: 'silent',
    PUBLIC_URL: 'https://bench.example',
  });
  const log = createLogger(config.log);
  const sealer = await openSealer(randomBytes(32));
  const told = stack.use(
    await compose({ config, clock: systemClock, log, sealer, databaseUrl }, 'worker'),
  );
  const database = stack.use(
    await openDatabase({
      url: databaseUrl,
      poolSize: config.databasePoolSize,
      statementTimeoutMs: 60_000,
      entities: ENTITIES,
      consequences: [],
    }),
  );
  const images = stack.use(await openImages(config, log));
  const videos = stack.use(openVideos(told));
  const jobs = createJobs({ images, videos, listening: openListening(config) });
  stack.use(
    await startWorker(
      {
        services: told,
        pool: told.database.pool,
        jobs,
        scheduled: [],
        concurrency: 4,
        outsideConcurrency: 4,
        videoConcurrency: 1,
      },
      databaseUrl,
    ),
  );
  const owned = stack.move();
  return {
    told,
    quiet: { ...told, database },
    pool,
    postgresProcessId,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function seed(
  pool: pg.Pool,
): Promise<{ fans: ActorId[]; toldPost: PostId; quietPost: PostId }> {
  const fans = await pool.query<{ id: ActorId }>(
    `insert into actors (id, username, uri, url, joined_at, updated_at)
     select uuidv7(), 'fan' || n, 'https://bench.example/actors/' || n, 'https://bench.example/@fan' || n, now(), now()
     from generate_series(1, $1) n returning id`,
    [FANS],
  );
  const posts = await pool.query<{ id: PostId }>(
    `with author as (
       insert into actors (id, username, uri, url, joined_at, updated_at)
       values (uuidv7(), 'author', 'https://bench.example/actors/0', 'https://bench.example/@author', now(), now()) returning id),
     account as (
       insert into accounts (id, actor_id, email, email_canonical, password_hash, password_changed_at, state, created_at, updated_at)
       select uuidv7(), id, 'author@bench.example', 'author@bench.example', '-', now(), 'ACTIVE', now(), now() from author)
     insert into posts (id, kind, author_id, is_local, uri, url, visibility, published_at)
     select uuidv7(), 'photo', author.id, true, 'https://bench.example/posts/' || n, 'https://bench.example/posts/' || n, 'PUBLIC', now()
     from author, generate_series(1, 2) n returning id`,
  );
  await pool.query('insert into post_counts (post_id) select id from posts');
  await pool.query('analyze');
  const [toldPost, quietPost] = posts.rows.map(({ id }) => id);
  return { fans: fans.rows.map(({ id }) => id), toldPost: toldPost!, quietPost: quietPost! };
}

async function likeAll(
  services: Services,
  subjectId: PostId,
  crowd: readonly ActorId[],
): Promise<void> {
  const waiting = [...crowd];
  const one = async (): Promise<void> => {
    for (let actorId = waiting.pop(); actorId; actorId = waiting.pop()) {
      const viewer = {
        actorId,
        accountId: actorId as string as Id<'account'>,
        sessionId: actorId as string as Id<'session'>,
        role: 'USER' as const,
        scopes: [],
      };
      const request = { headers: {}, clientAddress: null };
      await setReaction(toCommandContext(services, viewer, request), { subjectId, content: '❤' });
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** CPU of this process and PostgreSQL per like of one round. */
async function milliseconds(world: FanInWorld, work: () => Promise<void>): Promise<number> {
  const used = (): number => treeSeconds([process.pid, world.postgresProcessId]);
  const before = used();
  await work();
  return ((used() - before) / (FANS / ROUNDS)) * 1000;
}

/** Waits until the author's notification counts everybody. */
async function counted(pool: pg.Pool, likes: number): Promise<void> {
  const open = `select 1 from notifications where kind = 'LIKE' and actor_count = $1`;
  while ((await pool.query(open, [likes])).rowCount === 0) await delay(200);
}

async function countOf(pool: pg.Pool, query: string): Promise<number> {
  return Number((await pool.query<{ count: string }>(query)).rows[0]?.count);
}
