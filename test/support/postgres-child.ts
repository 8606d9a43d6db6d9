// A process of its own that starts the embedded PostgreSQL on the directory of its first argument, makes the database
// `kept`, prints one line of JSON and stays until SIGTERM. A failure is printed to stderr.
import { once } from 'node:events';
import { ensureDatabase, startEmbeddedPostgres } from '../../src/platform/db/embedded-postgres.js';

try {
  await using postgres = await startEmbeddedPostgres({ dataDirectory: process.argv[2] ?? '' });
  await ensureDatabase(postgres, 'kept');
  const stop = once(process, 'SIGTERM');
  console.log(
    JSON.stringify({ url: postgres.connectionUrl('kept'), processId: postgres.processId }),
  );
  await stop;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
