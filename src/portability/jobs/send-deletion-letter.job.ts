/** Tells a person that the account is closed, when it is erased, and how to have it back. */
import type { AccountId } from '../../accounts/account.entity.js';
import { findAccount } from '../../accounts/accounts.queries.js';
import { sendLetter, speakerOf } from '../../accounts/letters.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import { chooseLocale } from '../../platform/messages/catalogue.js';

const DUE = statement(
  'account_deletions.due_at',
  'select due_at as "dueAt" from account_deletions where account_id = $1 and finished_at is null',
);

/** Nothing is sent to somebody who is back already. A repeat sends another letter. */
export const sendDeletionLetter = defineJob<{ accountId: AccountId }>(
  'sendDeletionLetter',
  async (context, { accountId }) => {
    const deletion = await context.database.row<{ dueAt: Date }>(DUE, [accountId]);
    const account = deletion && (await findAccount(context.database, accountId));
    if (!account?.email) return;
    const say = speakerOf(account);
    const day = new Intl.DateTimeFormat(chooseLocale([account.language]), {
      dateStyle: 'long',
      timeZone: 'UTC',
    });
    await sendLetter(context, account, {
      to: account.email,
      subject: say('letter.deletion.subject'),
      paragraphs: [
        say('letter.deletion.closed', { date: day.format(deletion!.dueAt) }),
        say('letter.deletion.return'),
      ],
    });
  },
);
