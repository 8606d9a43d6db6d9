// `triptych seed`: fills an empty server with a small made-up world, for developers.
import { Command, InvalidArgumentError, Option } from 'commander';
import { compose } from '../app/compose.js';
import { fixIdentity } from '../app/server-identity.js';
import { requireStorage } from '../app/open-storage.js';
import { prepare } from '../app/start.js';
import { loadConfig, type Config } from '../platform/config.js';
import { processEnvironment } from '../platform/config/environment.js';
import { connect } from '../platform/db/connection.js';
import { statement, type Database } from '../platform/db/database.js';
import { runningDatabaseUrl } from '../platform/db/locate-database.js';
import { createLogger } from '../platform/logger.js';
import { Readiness } from '../platform/readiness.js';
import { CommandLineError } from './command-line-error.js';
import { print } from './output.js';
import { MOST_PEOPLE } from './seed/cast.js';
import { seedWorld } from './seed/seed-world.js';
import { TickingClock } from './seed/ticking-clock.js';
import { SEED_PASSWORD, seedToken } from './seed/tokens.js';
import type { Tally } from './seed/world.js';

interface Options {
  people: number;
  posts: number;
  seed: number;
  force?: true;
}

const FEWEST_PEOPLE = 4;
const MOST_POSTS = 5000;
const LOCAL_HOST = /^(localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

const FIND_PEOPLE = statement('seed.people', 'select 1 from accounts limit 1');

/** The command. The server must be stopped, and nobody may have registered yet. */
export function seed(): Command {
  return new Command()
    .addOption(
      new Option('--people <count>', 'people besides the staff')
        .argParser(whole(FEWEST_PEOPLE, MOST_PEOPLE))
        .default(MOST_PEOPLE),
    )
    .addOption(
      new Option('--posts <count>', 'posts of them all')
        .argParser(whole(0, MOST_POSTS))
        .default(260),
    )
    .addOption(
      new Option('--seed <number>', 'another number makes another world')
        .argParser(whole(0, 2 ** 32 - 1))
        .default(1),
    )
    .option('--force', 'also where PUBLIC_URL is not this machine')
    .action(async (options: Options) => {
      const config = loadConfig(processEnvironment());
      await requireQuiet(config, options);
      const tally = await run(config, options);
      tell(config, tally);
    });
}

function whole(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`Must be a whole number from ${low} to ${high}.`);
  };
}

/** @throws {CommandLineError} where the world would be in somebody's way */
async function requireQuiet(config: Config, { force }: Options): Promise<void> {
  const { hostname, href } = config.publicUrl;
  if (!force && !LOCAL_HOST.test(hostname))
    throw new CommandLineError(
      `PUBLIC_URL is ${href}: everybody knows the tokens of a seeded world. Leave it at localhost, or add --force.`,
    );
  if (config.databaseUrl === null && (await runningDatabaseUrl(config)))
    throw new CommandLineError(
      `A server runs on ${config.dataDirectory}: stop it first, so that it does not do the jobs of months that never were.`,
    );
  if (config.databaseUrl !== null) await requireAlone(config.databaseUrl);
}

/** @throws {CommandLineError} if a server is connected to the database */
async function requireAlone(url: string): Promise<void> {
  await using connection = await connect(url);
  const { rowCount } = await connection.query(
    "select from pg_stat_activity where datname = current_database() and application_name = 'triptych'",
  );
  if (rowCount) throw new CommandLineError('A server is connected to DATABASE_URL: stop it first.');
}

async function run(config: Config, options: Options): Promise<Tally> {
  await using stack = new AsyncDisposableStack();
  const log = createLogger({ level: 'error', format: 'pretty' }, process.stderr);
  const { foundation } = await prepare(config, log, new Readiness(), stack);
  const clock = new TickingClock(new Date(0));
  const services = stack.use(await compose({ ...foundation, clock }, 'worker'));
  await requireStorage(services.storage, log);
  await fixIdentity(services.database, config.publicUrl.host, foundation.sealer.keyFingerprint);
  await requireEmpty(services.database);
  return await seedWorld(services, clock, {
    ...options,
    onProgress: (text) => process.stderr.write(`${text}\n`),
  });
}

async function requireEmpty(database: Database): Promise<void> {
  if (!(await database.row(FIND_PEOPLE))) return;
  throw new CommandLineError(
    'There are people on this server already. Seeding is for empty ones: choose another DATA_DIR or DATABASE_URL.',
  );
}

function tell({ publicUrl }: Config, tally: Tally): void {
  print(
    Object.entries(tally)
      .map(([what, count]) => `${count} ${what}`)
      .join(', '),
  );
  print(
    `\nSign in as ada, ben, mod or admin (or anybody else of them) with the password: ${SEED_PASSWORD}`,
  );
  print('\nTokens, the same on every seeded server:');
  for (const username of ['ada', 'ben', 'mod', 'admin'])
    print(`  ${username.padEnd(6)} ${seedToken(username).token}`);
  print(`\nnpm start, then open ${publicUrl.origin}/graphiql`);
  print(
    '\nWARNING: everybody knows these tokens. Never let a seeded server be reached from outside.',
  );
}
