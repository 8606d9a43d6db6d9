/** Erases what is kept of an actor whose server has deleted it. */
import type { ActorId } from '../../actors/actor.entity.js';
import { endSomeRelations } from '../../actors/end-relations.js';
import { eraseSomeMessages, leaveSomeConversations } from '../../chat/erase-sender.js';
import { leaveOneGroup } from '../../chat/leave-conversation.js';
import { releaseSomeMedia } from '../../media/release-all.js';
import type { Services } from '../../platform/context.js';
import { statement } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import {
  eraseSomeComments,
  eraseSomePosts,
  eraseSomeReactions,
  eraseSomeReposts,
} from '../../posts/erase-author.js';

const STEPS: readonly ((services: Services, actorId: ActorId) => Promise<number>)[] = [
  eraseSomePosts,
  eraseSomeComments,
  eraseSomeReactions,
  eraseSomeReposts,
  eraseSomeMessages,
  leaveOneGroup,
  leaveSomeConversations,
  endSomeRelations,
  releaseSomeMedia,
];
const FORGET_SENT = statement(
  'received_activities.forget_actor',
  `delete from received_activities where actor_uri = (select uri from actors where id = $1) and handled_at is not null`,
);
// What quoted them has lost its post by now; stamps of others are for posts that are gone.
const FORGET_STAMPS = statement(
  'quote_authorizations.forget_actor',
  `delete from quote_authorizations q using actors a where a.id = $1 and a.status = 'DELETED' and (q.quoted_author_id = a.id
     or q.quoting_uri in (select uri from posts where author_id = a.id))`,
);
const FORGET_WAITING = statement(
  'waiting_notes.forget_actor',
  'delete from waiting_notes where actor_id = $1',
);
const FORGET_KEY = statement(
  'remote_actors.forget',
  `delete from remote_actors r using actors a where r.actor_id = $1 and a.id = r.actor_id and a.status = 'DELETED'`,
);

/** Every piece is a transaction of its own: a run that was cut off is finished by the next. */
export const eraseRemoteActor = defineJob<{ actorId: ActorId }>(
  'eraseRemoteActor',
  async (context, { actorId }) => {
    for (const step of STEPS) while ((await step(context, actorId)) > 0);
    await context.database.transaction(async (tx) => {
      await tx.rows(FORGET_SENT, [actorId]);
      await tx.rows(FORGET_STAMPS, [actorId]);
      await tx.rows(FORGET_WAITING, [actorId]);
      await tx.rows(FORGET_KEY, [actorId]);
    });
  },
  { keyOf: ({ actorId }) => actorId },
);
