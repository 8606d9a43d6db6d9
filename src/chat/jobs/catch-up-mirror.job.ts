/** Catches up with the hub of one conversation. */
import { RateLimited } from '../../platform/errors.js';
import { defineJob } from '../../platform/jobs/job.js';
import { catchUpMirror, keepChecked } from '../catch-up-mirror.js';
import type { ConversationId } from '../conversation.js';
import { HubUnreachable } from '../mls.errors.js';

/** What the hub does not give now is asked for by the clock, or once it sends something. */
export const catchUpWithHub = defineJob<{ conversationId: ConversationId }>(
  'catchUpWithHub',
  async (context, { conversationId }) => {
    try {
      await catchUpMirror(context, conversationId);
      await keepChecked(context, conversationId, false);
    } catch (error) {
      if (!(error instanceof HubUnreachable) && !(error instanceof RateLimited)) throw error;
      await keepChecked(context, conversationId, true);
    }
  },
  {
    asksOutside: true,
    keyOf: ({ conversationId }) => conversationId,
    queueOf: ({ conversationId }) => conversationId,
  },
);
