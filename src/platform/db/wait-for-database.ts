/** A database that is not up yet is waited for; one that refuses us is not. */
import pg from 'pg';
import type { Logger } from '../logger.js';
import { StartError } from '../start-error.js';

const PAUSE_MS = 1_000;

/** PostgreSQL error classes that waiting does not cure: wrong password, unknown database or role. */
const FATAL = new Set(['28P01', '28000', '3D000', '42501']);

/**
 * Returns when the database accepts a connection.
 *
 * @throws {StartError} when it answers that it will never let us in
 */
export async function waitForDatabase(url: string, log: Logger): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const failure = await tryConnect(url);
    if (!failure) return;
    if (FATAL.has(failure.code ?? '')) {
      throw new StartError(
        `The database of DATABASE_URL refuses the connection: ${failure.message}`,
      );
    }
    if (attempt === 1 || attempt % 30 === 0) {
      log.warn(
        { reason: failure.code ?? failure.message },
        'the database does not answer yet; waiting',
      );
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
}

async function tryConnect(url: string): Promise<(Error & { code?: string }) | null> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  try {
    await client.connect();
    return null;
  } catch (error) {
    return error as Error & { code?: string };
  } finally {
    await client.end().catch(() => {});
  }
}
