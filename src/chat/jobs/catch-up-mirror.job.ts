/** Catches up with the hub of one conversation. */
import { RateLimited } from '../../platform/errors.js';
import { defineJob } from '../../platform/jobs/job.js';
import { catchUpMirror, keepChecked } from '../catch-up-mirror.js';
import type { ConversationId } from '../conversation.js';
import { findMirror } from '../internal/mirror/mirror.js';
import { isLeftAlone, keepAnswering, keepSilent } from '../internal/mirror/silent-hubs.js';
import { HubHeldUp, HubUnreachable } from '../mls.errors.js';

/** What the hub does not give now is asked for by the clock, more and more rarely, or once it sends something. */
export const catchUpWithHub = defineJob<{ conversationId: ConversationId }>(
  'catchUpWithHub',
  async (context, { conversationId }) => {
    const { database, clock } = context;
    const mirror = await findMirror(database, conversationId);
    if (!mirror) return;
    if (await isLeftAlone(database, mirror, clock.now()))
      return keepChecked(context, conversationId, true);
    try {
      await catchUpMirror(context, conversationId);
      await keepAnswering(database, mirror);
      await keepChecked(context, conversationId, false);
    } catch (error) {
      if (!(error instanceof HubUnreachable) && !(error instanceof RateLimited)) throw error;
      const isSilent = error instanceof HubUnreachable && !(error instanceof HubHeldUp);
      if (isSilent) await keepSilent(database, mirror, clock.now());
      else await keepAnswering(database, mirror);
      await keepChecked(context, conversationId, true);
    }
  },
  {
    asksOutside: true,
    keyOf: ({ conversationId }) => conversationId,
    queueOf: ({ conversationId }) => conversationId,
  },
);
