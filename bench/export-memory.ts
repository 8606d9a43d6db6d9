// How much memory writing an archive takes: the most that a process ever has while it exports an account with ten times
// as many posts.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { newId } from '../src/platform/ids.js';
import { startExportWorld, type ExportWorld } from './export-world.js';
import { compared, type Figure } from './figure.js';
import { SERVER_FLAGS } from './server-flags.js';

const [FEW, MANY] = [500, 5_000];
const ROUNDS = 3;
const MAX_RATIO = 1.2;

/** The peak of each export, each in a process of its own. */
export async function run(): Promise<Figure[]> {
  await using world = await startExportWorld([FEW, MANY]);
  const peaks: [many: number[], few: number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    peaks[1].push(await peakMegabytes(world, 0, FEW));
    peaks[0].push(await peakMegabytes(world, 1, MANY));
  }
  return [
    compared('export: peak memory with 5,000 posts / with 500', peaks, 'MB', {
      atMost: MAX_RATIO,
    }),
  ];
}

async function peakMegabytes(world: ExportWorld, person: number, posts: number): Promise<number> {
  const id = newId<'dataexport'>(new Date());
  await world.pool.query(
    `insert into data_exports (id, account_id, format, includes_media, state, storage_key, created_at, updated_at)
     values ($1::uuid, $2, 'ACTIVITYPUB_ARCHIVE', true, 'QUEUED', 'exports/' || $1::uuid, now(), now())`,
    [id, world.accountIds[person]],
  );
  const words = [world.databaseUrl, world.serverDirectory, id];
  const child = fork(new URL('./export-writer.js', import.meta.url), words, {
    env: { PATH: process.env['PATH'], NODE_ENV: 'production' },
    execArgv: SERVER_FLAGS,
  });
  const exited = once(child, 'exit');
  const bytes = await Promise.race([
    once(child, 'message').then(([message]) => message as number),
    exited.then(() => null),
  ]);
  await exited;
  if (bytes === null) throw new Error('The writer broke off');
  await requireArchive(world, id, posts);
  return bytes / 1e6;
}

/** An archive without the pictures would be small; and the next round has a place again. */
async function requireArchive(world: ExportWorld, id: string, posts: number): Promise<void> {
  const { rows } = await world.pool.query<{ size: number }>(
    `delete from data_exports where id = $1 and state = 'SUCCEEDED' returning size_bytes::int as size`,
    [id],
  );
  const size = rows[0]?.size ?? 0;
  if (size < posts * 100_000) throw new Error(`The archive of ${posts} posts has ${size} bytes`);
}
