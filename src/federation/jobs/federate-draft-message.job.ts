/** Brings what somebody here encrypted to each person of other servers, where the conversation has no hub. */
import type { ChatMessageId, ConversationId } from '../../chat/conversation.js';
import { findDraftEnvelopes } from '../../chat/draft-conversations.queries.js';
import { defineJob } from '../../platform/jobs/job.js';
import { draftEnvelopeActivity } from '../documents/draft-envelope-document.js';
import { inboxesOfActors } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';

interface Wanted {
  readonly messageId: ChatMessageId;
  /** What is written in one goes out in its order. */
  readonly conversationId: ConversationId;
}

/** Does nothing for conversations that a hub orders. */
export const federateDraftMessage = defineJob<Wanted>(
  'federateDraftMessage',
  async ({ database, config, clock }, { messageId }) => {
    for (const envelope of await findDraftEnvelopes(database, messageId)) {
      const inboxes = await inboxesOfActors(database, envelope.recipients);
      const activity = draftEnvelopeActivity(config, envelope);
      const sending = { activity, actorId: envelope.senderId, subjectId: null, inboxes };
      await database.transaction((tx) => sendActivity(tx, clock.now(), sending));
    }
  },
  { queueOf: ({ conversationId }) => conversationId },
);
