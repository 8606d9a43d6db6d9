/** Tells a person what the staff did and why: who is suspended cannot read it anywhere else. */
import type { ActorId } from '../../actors/actor.entity.js';
import { defineJob } from '../../platform/jobs/job.js';
import { findAccountOfActor } from '../accounts.queries.js';
import { sendLetter, speakerOf } from '../letters.js';

/** What the staff can do about a person. */
export type StaffAct =
  | 'WARN'
  | 'MARK_SENSITIVE'
  | 'REMOVE_CONTENT'
  | 'RESTORE_CONTENT'
  | 'LIMIT'
  | 'UNLIMIT'
  | 'SUSPEND'
  | 'UNSUSPEND';

/** People of other servers get no letter. A repeat sends another one. */
export const sendModerationNotice = defineJob<{
  actorId: ActorId;
  act: StaffAct;
  reason: string;
}>('sendModerationNotice', async (context, { actorId, act, reason }) => {
  const account = await findAccountOfActor(context.database, actorId);
  if (!account) return;
  const say = speakerOf(account);
  await sendLetter(context, account, {
    to: account.email,
    subject: say('letter.moderation.subject'),
    paragraphs: [say(`letter.moderation.${act}`), reason],
  });
});
