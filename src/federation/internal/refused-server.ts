/** Servers that the staff has ruled out are not looked at any further. */
import { isSenderRefused } from '../../actors/domain-rules.queries.js';
import type { Database } from '../../platform/db/database.js';

/** The staff has ruled out the sender's server. */
export class RefusedServer extends Error {
  constructor() {
    super('This server does not deal with yours.');
    this.name = 'RefusedServer';
  }
}

/**
 * Lets pass what has its address on a server that is let in, or is no address.
 *
 * @throws {RefusedServer}
 */
export async function requireLetIn(database: Database, uri: string): Promise<void> {
  const host = URL.parse(uri)?.host;
  if (host !== undefined && (await isSenderRefused(database, host))) throw new RefusedServer();
}
