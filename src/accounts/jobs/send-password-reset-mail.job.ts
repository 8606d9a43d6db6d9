/** Sends the link with which somebody chooses a new password. */
import { defineJob } from '../../platform/jobs/job.js';
import type { AccountId } from '../account.entity.js';
import { findAccount } from '../accounts.queries.js';
import { linkTo, sendLetter, speakerOf } from '../letters.js';
import { mintOneTimeToken } from '../one-time-tokens.js';

/** Does nothing for an address that is nobody's. A repeat sends another letter. */
export const sendPasswordResetMail = defineJob<{ accountId: AccountId | null }>(
  'sendPasswordResetMail',
  async (context, { accountId }) => {
    const account = accountId && (await findAccount(context.database, accountId));
    if (!account) return;
    const { email } = account;
    const token = await mintOneTimeToken(context, context.database, 'reset-password', account.id, {
      email,
    });
    const say = speakerOf(account);
    await sendLetter(context, account, {
      to: email,
      subject: say('letter.resetPassword.subject'),
      paragraphs: [
        say('letter.resetPassword.open'),
        linkTo(context, 'reset-password', token),
        say('letter.resetPassword.ignore'),
      ],
    });
  },
);
