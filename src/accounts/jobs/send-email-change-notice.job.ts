/** Tells the old address that the account is to get another one, with a link that takes it back. */
import { defineJob } from '../../platform/jobs/job.js';
import type { AccountId } from '../account.entity.js';
import { findAccount } from '../accounts.queries.js';
import { findEmailChange } from '../email-changes.queries.js';
import { linkTo, sendLetter, speakerOf } from '../letters.js';
import { mintOneTimeToken } from '../one-time-tokens.js';

/** An address that was never proven gets no letter: it may be a stranger's. A repeat sends another letter. */
export const sendEmailChangeNotice = defineJob<{ accountId: AccountId; changeId: string }>(
  'sendEmailChangeNotice',
  async (context, { accountId, changeId }) => {
    const account = await findAccount(context.database, accountId);
    const change = await findEmailChange(context.database, changeId);
    if (!account?.emailVerifiedAt || !change) return;
    const token = await mintOneTimeToken(
      context,
      context.database,
      'undo-email-change',
      accountId,
      { changeId },
    );
    const say = speakerOf(account);
    await sendLetter(context, account, {
      to: change.fromEmail,
      subject: say('letter.emailChange.subject'),
      paragraphs: [
        say('letter.emailChange.wanted'),
        say('letter.emailChange.undo'),
        linkTo(context, 'undo-email-change', token),
      ],
    });
  },
);
