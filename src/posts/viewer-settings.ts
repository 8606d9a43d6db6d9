/** What the viewer has set for themselves, as far as posts follow it. */
import { findAccount } from '../accounts/accounts.queries.js';
import { accountSettings, type Settings } from '../accounts/settings.js';
import type { Viewer } from '../platform/context.js';
import type { Reader } from '../platform/db/database.js';

/** Settings of the viewer's account. */
export async function viewerSettings(
  reader: Reader,
  viewer: Pick<Viewer, 'accountId'>,
): Promise<Settings> {
  const account = await findAccount(reader, viewer.accountId);
  if (!account) throw new Error('A viewer has an account');
  return accountSettings(account);
}
