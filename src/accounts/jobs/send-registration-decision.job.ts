/** Tells a person what the staff decided about the registration. */
import { defineJob } from '../../platform/jobs/job.js';
import type { AccountId } from '../account.entity.js';
import { findAccount } from '../accounts.queries.js';
import { sendLetter, speakerOf } from '../letters.js';

/** A repeat sends another letter. */
export const sendRegistrationDecision = defineJob<{
  accountId: AccountId;
  isApproved: boolean;
  reason: string | null;
}>('sendRegistrationDecision', async (context, { accountId, isApproved, reason }) => {
  const account = await findAccount(context.database, accountId);
  if (!account) return;
  const say = speakerOf(account);
  const decision = say(
    isApproved ? 'letter.registration.approved' : 'letter.registration.rejected',
  );
  await sendLetter(context, account, {
    to: account.email,
    subject: say(isApproved ? 'letter.registration.welcome' : 'letter.registration.subject'),
    paragraphs: reason ? [decision, reason] : [decision],
  });
});
