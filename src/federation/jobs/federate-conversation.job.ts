/**
 * Tells the servers of those who take part in an encrypted conversation what happened in it: each one once, in its order, and
 * what is for its people alone.
 */
import { serversBehind } from '../../chat/chat.events.js';
import type { ConversationId } from '../../chat/conversation.js';
import type { JobContext } from '../../platform/context.js';
import type { Transaction } from '../../platform/db/database.js';
import { defineJob } from '../../platform/jobs/job.js';
import {
  forgetMirror,
  inboxOfHost,
  keepTold,
  lockMirrors,
  type ConversationMirror,
} from '../conversation-mirrors.queries.js';
import {
  endActivity,
  envelopeActivity,
  stateActivity,
  type ConversationActivity,
} from '../documents/conversation-document.js';
import { forgetDelivered, sendAsServer } from '../send-activity.js';
import {
  findSharedConversation,
  findSharedEnvelopes,
  findSharedHead,
  findToldMembers,
  PAGE_PLACES,
  type SharedConversation,
  type SharedHead,
} from '../shared-conversation.queries.js';

interface Wanted {
  readonly conversationId: ConversationId;
  readonly isStateNew: boolean;
}

/** What one run tells. */
interface Telling {
  readonly tx: Transaction;
  readonly context: JobContext;
  readonly conversation: SharedHead;
  /** With who is in it, where that is to be told; null = only what was written. */
  readonly whole: SharedConversation | null;
}

/** Under the lock of the conversation, from where each server stands: a repeat tells nothing again. */
export const federateConversation = defineJob<Wanted>(
  'federateConversation',
  (context, { conversationId, isStateNew }) =>
    context.database.transaction(async (tx) => {
      const mirrors = await lockMirrors(tx, conversationId);
      const conversation = mirrors.length > 0 ? await findSharedHead(tx, conversationId) : null;
      if (!conversation) return;
      await forgetDelivered(tx, conversationId);
      const whole = isStateNew ? await findSharedConversation(tx, conversationId) : null;
      let isDone = true;
      for (const mirror of mirrors)
        isDone = (await tell({ tx, context, conversation, whole }, mirror)) && isDone;
      if (!isDone) await tx.append(serversBehind, { conversationId, isStateNew });
    }),
  {
    keyOf: ({ conversationId, isStateNew }) => `${conversationId}:${isStateNew}`,
    queueOf: ({ conversationId }) => conversationId,
  },
);

/** Tells one server as much as one run does. @returns whether that is all */
async function tell(telling: Telling, mirror: ConversationMirror): Promise<boolean> {
  const { tx, context, conversation, whole } = telling;
  const { config, clock } = context;
  const inbox = await inboxOfHost(tx, mirror.host);
  if (!inbox) return true;
  const send = (activity: ConversationActivity): Promise<void> =>
    sendAsServer(tx, clock.now(), { activity, subjectId: conversation.id, inbox });
  const end = await tellEnvelopes(telling, mirror, send);
  if (end < conversation.lastSequence) return false;
  const to = mirror.members;
  const now = clock.now();
  if (to.length === 0) {
    await send(endActivity(config, conversation, now));
    await forgetMirror(tx, conversation.id, mirror);
  } else if (whole) await send(stateActivity(config, whole, { to, now }));
  return true;
}

async function tellEnvelopes(
  { tx, context, conversation }: Telling,
  mirror: ConversationMirror,
  send: (activity: ConversationActivity) => Promise<void>,
): Promise<number> {
  const { lastSequence, id } = conversation;
  const { host, toldSequence: after } = mirror;
  if (after >= lastSequence) return after;
  const from = { conversationId: id, host, after, lastSequence, places: PAGE_PLACES };
  const page = await findSharedEnvelopes(tx, { ...from, now: context.clock.now() });
  const members = await findToldMembers(tx, id, page.envelopes);
  for (const envelope of page.envelopes)
    await send(envelopeActivity(context.config, { id, members }, envelope));
  await keepTold(tx, id, mirror, page.end);
  return page.end;
}
