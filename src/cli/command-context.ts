// Commands of the product, called from the command line: the same code as behind GraphQL, with nobody signed in.
import { DEFAULT_LOCALE } from '../platform/messages/catalogue.js';
import { randomUUID } from 'node:crypto';

import { compose } from '../app/compose.js';
import { systemClock } from '../platform/clock.js';
import { loadConfig } from '../platform/config.js';
import type { Config } from '../platform/config.js';
import { processEnvironment } from '../platform/config/environment.js';
import type { CommandContext } from '../platform/context.js';
import { MIGRATIONS } from '../../migrations/index.js';
import { appliedMigrations, connect } from '../platform/db/connection.js';
import { hasDatabase, openToolDatabase } from '../platform/db/locate-database.js';
import { readServerIdentity } from '../platform/db/server-identity.js';
import { createLogger } from '../platform/logger.js';
import { openSealer } from '../platform/sealing.js';
import { loadServerKey } from '../platform/server-key.js';
import { CommandLineError } from './command-line-error.js';

/** Which key the data need. @throws {CommandLineError} if no server of this version and domain was started on them */
async function inspect(config: Config, url: string): Promise<string> {
  await using connection = await connect(url);
  const applied = await appliedMigrations(connection);
  const pending = MIGRATIONS.filter(({ name }) => !applied.includes(name));
  const identity =
    pending.length === 0
      ? await readServerIdentity(connection)
      : { domain: null, keyFingerprint: null };
  if (identity.domain === null || identity.keyFingerprint === null) {
    throw new CommandLineError('Start the server once first: it prepares the database.');
  }
  if (identity.domain !== config.publicUrl.host) {
    throw new CommandLineError(
      `The data belong to ${identity.domain}, but PUBLIC_URL says ${config.publicUrl.host}: run this with the settings of the server.`,
    );
  }
  return identity.keyFingerprint;
}

/**
 * Runs `work` on the data of the configured server, whether it is running or not.
 *
 * @throws {CommandLineError} if there are no such data
 */
export async function withCommandContext<T>(
  work: (context: CommandContext) => Promise<T>,
): Promise<T> {
  const config = loadConfig(processEnvironment());
  if (!hasDatabase(config)) {
    throw new CommandLineError(
      `There are no data in ${config.dataDirectory}: start the server once first.`,
    );
  }
  await using database = await openToolDatabase(config);
  const expectedFingerprint = await inspect(config, database.url);
  const sealer = await openSealer(await loadServerKey({ ...config, expectedFingerprint }));
  const log = createLogger({ level: 'warn', format: 'pretty' }, process.stderr);
  const foundation = { config, clock: systemClock, log, sealer, databaseUrl: database.url };
  await using services = await compose(foundation, 'web');
  return await work({
    ...services,
    viewer: null,
    requestId: randomUUID(),
    clientAddress: null,
    locale: DEFAULT_LOCALE,
    clientName: 'triptych command',
  });
}
