/** Tells the hub of one conversation what it is to be told. */
import { defineJob } from '../../platform/jobs/job.js';
import type { ConversationId } from '../conversation.js';
import { runHubErrands } from '../run-hub-errands.js';

/** What the hub does not hear now is tried again by the clock. */
export const tellHub = defineJob<{ conversationId: ConversationId }>(
  'tellHub',
  (context, { conversationId }) => runHubErrands(context, conversationId),
  {
    asksOutside: true,
    keyOf: ({ conversationId }) => conversationId,
    queueOf: ({ conversationId }) => conversationId,
  },
);
