/** Lets somebody follow who invited them, where the invite says so. */
import type { ActorId } from '../../actors/actor.entity.js';
import { startFollowing } from '../../actors/follow-actor.js';
import { statement } from '../../platform/db/database.js';
import { DomainError } from '../../platform/errors.js';
import { defineJob } from '../../platform/jobs/job.js';
import type { AccountId } from '../account.entity.js';

const PAIR = statement(
  'invites.pair',
  `select account.actor_id as "followerId", maker.actor_id as "inviterId" from accounts account
   join invites invite on invite.id = account.invite_id and invite.follows_inviter
   join accounts maker on maker.id = invite.created_by and maker.state = 'ACTIVE'
   where account.id = $1 and account.state = 'ACTIVE'`,
);

/** A repeat follows nobody twice. Who cannot be followed any more is not. */
export const followInviter = defineJob<{ accountId: AccountId }>(
  'followInviter',
  async (context, { accountId }) => {
    const pair = await context.database.row<{ followerId: ActorId; inviterId: ActorId }>(PAIR, [
      accountId,
    ]);
    if (!pair) return;
    try {
      await startFollowing(context, pair.followerId, pair.inviterId);
    } catch (error) {
      if (!(error instanceof DomainError)) throw error;
    }
  },
);
