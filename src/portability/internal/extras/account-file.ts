/** What somebody has told the server alone, and how they have set it up. */
import type { AccountRow } from '../../../accounts/accounts.queries.js';
import { accountSettings } from '../../../accounts/settings.js';
import type { ActorRow } from '../../../actors/actor.queries.js';
import { findFeedChoices } from '../../../feeds/feed-choices.queries.js';
import { findPreferences } from '../../../notifications/notification-preferences.js';
import type { Reader } from '../../../platform/db/database.js';
import { findRetention } from '../../../retention/retention.queries.js';

/** Name of the file. */
export const ACCOUNT_FILE = 'extras/account.json';

/** The account, its settings, and the profile as it was typed. */
export async function accountDocument(
  reader: Reader,
  account: AccountRow,
  { bioSource, pronouns, fields, paymentLinks }: ActorRow,
): Promise<object> {
  const { dueAt: _, ...retention } = await findRetention(reader, account.id);
  return {
    version: 1,
    username: account.username,
    email: account.email,
    isEmailVerified: account.emailVerifiedAt !== null,
    createdAt: account.createdAt,
    profile: {
      bio: bioSource,
      pronouns,
      fields: fields.map(({ name, source }) => ({ name, value: source })),
      paymentLinks,
    },
    settings: accountSettings(account),
    notifications: await findPreferences(reader, account.actorId),
    retention,
    feeds: await findFeedChoices(reader, account.actorId),
  };
}
