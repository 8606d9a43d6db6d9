/** Brings a message of somebody here to those of other servers who take part, and tells them when it is deleted. */
import type { ChatMessageId, ConversationId } from '../../chat/conversation.js';
import type { JobContext } from '../../platform/context.js';
import { defineJob } from '../../platform/jobs/job.js';
import { activity, type Activity } from '../documents/activities.js';
import { messageOf, readersOf } from '../documents/message-document.js';
import { tombstone } from '../documents/note-document.js';
import { findFederatedMessage, type FederatedMessage } from '../federated-message.queries.js';
import { inboxesOfActors } from '../recipients.queries.js';
import { forgetSent, sendActivity } from '../send-activity.js';

interface Wanted {
  readonly messageId: ChatMessageId;
  /** What is written in one goes out in its order. */
  readonly conversationId: ConversationId;
}

/** Reads the present state: what is deleted meanwhile is not sent. Nobody behind a block gets it; of its end all hear. */
export const federateMessage = defineJob<Wanted>(
  'federateMessage',
  async (context, { messageId }) => {
    const { database, clock } = context;
    const message = await findFederatedMessage(database, messageId);
    if (!message) return;
    const others = message.readers.filter(
      ({ domain, isBlocked }) => domain !== null && (!isBlocked || message.deletedAt !== null),
    );
    const inboxes = await inboxesOfActors(
      database,
      others.map(({ uri }) => uri),
    );
    const sending = { actorId: message.senderId, subjectId: messageId, inboxes };
    await database.transaction(async (tx) => {
      if (message.deletedAt) await forgetSent(tx, messageId);
      await sendActivity(tx, clock.now(), { ...sending, activity: activityOf(context, message) });
    });
  },
  { queueOf: ({ conversationId }) => conversationId },
);

function activityOf({ config }: JobContext, message: FederatedMessage): Activity {
  const addressees = readersOf(message);
  if (message.deletedAt) {
    const id = `${message.uri}#delete`;
    return activity('Delete', message.senderUri, { id, ...addressees, object: tombstone(message) });
  }
  return activity('Create', message.senderUri, {
    id: `${message.uri}/activity`,
    ...addressees,
    object: messageOf(config, message),
    published: message.sentAt.toISOString(),
  });
}
