/**
 * Erases an account whose time of grace is over. What is left of it: the row that keeps the name taken, the tombstones
 * of its posts, the record of when it was deleted, and what the staff has to answer for.
 */
import type { AccountId } from '../../accounts/account.entity.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { endSomeRelations } from '../../actors/end-relations.js';
import { eraseSomeMessages, leaveSomeConversations } from '../../chat/erase-sender.js';
import { leaveOneGroup } from '../../chat/leave-conversation.js';
import { releaseSomeMedia } from '../../media/release-all.js';
import { forgetActor } from '../../notifications/forget-actor.js';
import type { JobContext, Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import {
  eraseSomeComments,
  eraseSomePosts,
  eraseSomeReactions,
  eraseSomeReposts,
} from '../../posts/erase-author.js';
import { forgetExports } from '../internal/remove-exports.js';
import { removeDependentRows } from '../internal/dependent-rows.js';
import { accountErased } from '../portability.events.js';

interface Leaver {
  readonly accountId: AccountId;
  readonly actorId: ActorId;
}

// From here on nobody comes back: signing in finds no account.
const BEGIN = statement(
  'erase.begin',
  `update accounts a set state = 'DELETED', updated_at = $2 from account_deletions d
   where a.id = $1 and d.account_id = a.id and d.due_at <= $2 and d.finished_at is null
     and a.state in ('CLOSING', 'SUSPENDED', 'DELETED')
   returning a.id as "accountId", a.actor_id as "actorId"`,
);
const STRIP_ACCOUNT = statement(
  'erase.account',
  `update accounts set email = '', email_canonical = '', email_verified_at = null, pending_email = null,
     password_hash = '', role = 'USER', language = 'en', registration_reason = null, invite_id = null,
     agreed_to_rules_at = null, settings = '{}', updated_at = $2
   where id = $1`,
);
const STRIP_ACTOR = statement(
  'erase.actor',
  `update actors set display_name = '', bio_html = '', bio_source = null, pronouns = null, fields = '[]', payment_links = '[]',
     avatar_media_id = null, header_media_id = null, is_discoverable = false, is_indexable = false,
     also_known_as = '{}', moved_to_id = null, status = 'DELETED', reopens_as = null, updated_at = $2
   where id = $1`,
);
const END_INVITES = statement(
  'erase.invites',
  `update invites set expires_at = $2 where created_by = $1 and (expires_at is null or expires_at > $2)`,
);
const FORGET_ANSWERS = statement(
  'erase.idempotency_keys',
  'delete from idempotency_keys where account_id = $1',
);
const FINISH = statement(
  'erase.finish',
  'update account_deletions set finished_at = $2 where account_id = $1 and finished_at is null returning account_id',
);

/** In this order: what has counters and readers first, then whatever else depends on the actor. */
const STEPS: readonly ((services: Services, leaver: Leaver) => Promise<number>)[] = [
  (services, { actorId }) => eraseSomePosts(services, actorId),
  (services, { actorId }) => eraseSomeComments(services, actorId),
  (services, { actorId }) => eraseSomeReactions(services, actorId),
  (services, { actorId }) => eraseSomeReposts(services, actorId),
  (services, { actorId }) => eraseSomeMessages(services, actorId),
  (services, { actorId }) => leaveOneGroup(services, actorId),
  (services, { actorId }) => leaveSomeConversations(services, actorId),
  (services, { actorId }) => endSomeRelations(services, actorId),
  (services, { actorId }) => forgetActor(services, actorId),
  (services, { accountId }) => forgetExports(services, accountId),
  ({ database }, { actorId }) => removeDependentRows(database, 'actors', actorId),
  ({ database }, { accountId }) => removeDependentRows(database, 'accounts', accountId),
  (services, { actorId }) => releaseSomeMedia(services, actorId),
];

/** Every piece is a transaction of its own: a run that was cut off is finished by the next, and two do no harm. */
export const eraseAccount = defineJob<{ accountId: AccountId }>(
  'eraseAccount',
  async (context, { accountId }) => {
    const { database, clock } = context;
    const leaver = await database.row<Leaver>(BEGIN, [accountId, clock.now()]);
    if (!leaver) return;
    for (const step of STEPS) while ((await step(context, leaver)) > 0);
    await strip(context, leaver);
  },
  { keyOf: ({ accountId }) => accountId },
);

async function strip({ database, clock }: JobContext, leaver: Leaver): Promise<void> {
  const { accountId, actorId } = leaver;
  const now = clock.now();
  await database.transaction(async (tx) => {
    await tx.rows(STRIP_ACTOR, [actorId, now]);
    await tx.rows(STRIP_ACCOUNT, [accountId, now]);
    await tx.rows(END_INVITES, [accountId, now]);
    await tx.rows(FORGET_ANSWERS, [accountId]);
    if (await tx.row(FINISH, [accountId, now])) await tx.append(accountErased, leaver);
  });
}
