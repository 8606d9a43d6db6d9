/** Sends the link that proves an address: of a new account, or a new one of an old account. */
import { defineJob } from '../../platform/jobs/job.js';
import type { AccountId } from '../account.entity.js';
import { findAccount, type AccountRow } from '../accounts.queries.js';
import { parseEmail } from '../email-addresses.js';
import { linkTo, sendLetter, speakerOf } from '../letters.js';
import { isMailboxTaken } from '../mailboxes.js';
import { mintOneTimeToken } from '../one-time-tokens.js';

/**
 * Mints the token here and not with the request, so that none stands in a job. A repeat sends another letter.
 * When the mailbox belongs to another account, its owner is told, and gets no link.
 */
export const sendVerificationMail = defineJob<{ accountId: AccountId | null }>(
  'sendVerificationMail',
  async (context, { accountId }) => {
    const account = accountId && (await findAccount(context.database, accountId));
    if (!account) return;
    const address = account.pendingEmail ?? (account.emailVerifiedAt ? null : account.email);
    const email = address === null ? null : parseEmail(address);
    if (!email) return;
    const say = speakerOf(account);
    if (await isMailboxTaken(context.database, email, account.id)) {
      await sendLetter(context, account, {
        to: email.address,
        subject: say('letter.mailboxTaken.subject'),
        paragraphs: isOpened(account)
          ? [say('letter.mailboxTaken.opened'), say('letter.mailboxTaken.openedNext')]
          : [say('letter.mailboxTaken.taken'), say('letter.mailboxTaken.next')],
      });
      return;
    }
    const token = await mintOneTimeToken(context, context.database, 'verify-email', account.id, {
      email: email.address,
    });
    await sendLetter(context, account, {
      to: email.address,
      subject: say('letter.verifyEmail.subject'),
      paragraphs: [
        say('letter.verifyEmail.open'),
        linkTo(context, 'verify-email', token),
        say('letter.verifyEmail.ignore'),
      ],
    });
  },
);

/** Where addresses need no proof, an account is opened although its address is another's. */
function isOpened({ pendingEmail, state }: AccountRow): boolean {
  return pendingEmail === null && state !== 'AWAITING_EMAIL';
}
