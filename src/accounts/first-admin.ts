/** How a new server gets its owner: a token that the start prints, for whoever can read the machine's output. */
import type { Services } from '../platform/context.js';
import { statement } from '../platform/db/database.js';
import { discardOneTimeTokens, mintOneTimeToken } from './one-time-tokens.js';

const HAS_OWNER = statement(
  'accounts.has_owner',
  `select 1 from accounts where role = 'OWNER' and state <> 'DELETED' limit 1`,
);

/**
 * Mints the setup token of a server without owner, valid for 24 hours; the one of an earlier start stops working.
 * `registerAccount` with it makes the owner.
 *
 * @returns null when there is an owner
 */
export async function mintSetupToken(services: Services): Promise<string | null> {
  return services.database.transaction(async (tx) => {
    if (await tx.row(HAS_OWNER)) return null;
    await discardOneTimeTokens(tx, 'setup', null);
    return mintOneTimeToken(services, tx, 'setup', null);
  });
}
