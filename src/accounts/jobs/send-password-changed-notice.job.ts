/** Tells a person that the password is another one now. */
import { defineJob } from '../../platform/jobs/job.js';
import type { AccountId } from '../account.entity.js';
import { findAccount } from '../accounts.queries.js';
import { sendLetter, speakerOf } from '../letters.js';

/** A repeat sends another letter. */
export const sendPasswordChangedNotice = defineJob<{ accountId: AccountId }>(
  'sendPasswordChangedNotice',
  async (context, { accountId }) => {
    const account = await findAccount(context.database, accountId);
    if (!account) return;
    const say = speakerOf(account);
    await sendLetter(context, account, {
      to: account.email,
      subject: say('letter.passwordChanged.subject'),
      paragraphs: [say('letter.passwordChanged.changed'), say('letter.passwordChanged.notYou')],
    });
  },
);
