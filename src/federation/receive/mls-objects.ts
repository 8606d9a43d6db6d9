/**
 * Encrypted messages of servers that know no hub: what is addressed to a conversation of this server is asked of it, and
 * answered with Accept or Reject. What an object is, its bytes say, whatever type it is given.
 * @source SWICG Messaging Layer Security in ActivityPub
 */
import { createHash } from 'node:crypto';
import { conversationUriOf, type ConversationId } from '../../chat/conversation.js';
import { EpochTooOld, MlsMismatch, StaleEpoch } from '../../chat/mls.errors.js';
import { findDraftsAmong } from '../../chat/draft-conversations.queries.js';
import { findReceivingDevice } from '../../chat/conversations.queries.js';
import { readMessageHeader } from '../../mls/message-header.js';
import { DomainError } from '../../platform/errors.js';
import { newId } from '../../platform/ids.js';
import { CHAT_CONTEXT } from '../documents/conversation-document.js';
import type { JsonObject } from '../internal/read-document.js';
import { idOf, idsOf, objectOf, textOf } from '../internal/read-properties.js';
import type { Submission } from '../internal/read-submission.js';
import { sendAsServer } from '../send-activity.js';
import type { Receiving } from './receiving.js';
import { carryOutSubmission, requireMember, type Submitting } from './submissions.js';

const MEDIA_TYPE = 'message/mls';
const LONGEST_CLIENT_ID = 128;

/** Whether an object is an encrypted message. */
export function isMlsObject(object: JsonObject | null): object is JsonObject {
  return object?.['mediaType'] === MEDIA_TYPE;
}

/**
 * Carries out what is addressed to a conversation of this server.
 *
 * @returns false when it is nothing of that kind
 * @throws {DomainError} for what is refused; whoever takes part is told
 */
export async function takeSubmission(receiving: Receiving): Promise<boolean> {
  const { context, activity, sender } = receiving;
  const object = objectOf(activity.body['object']);
  if (!isMlsObject(object)) return false;
  // Whoever answers as the draft has it addresses people, and names the conversation as it came.
  const named = [activity.body['to'], object['to'], object['conversation'], object['context']];
  const start = `${context.config.publicUrl.origin}/conversations/`;
  const uri = named.flatMap(idsOf).find((one) => one.startsWith(start));
  if (uri === undefined) return false;
  const conversationId = await requireMember(context, sender, uri.slice(start.length));
  if ((await findDraftsAmong(context.database, [conversationId])).size > 0) return false;
  try {
    await carryOut(receiving, conversationId, object);
  } catch (error) {
    if (error instanceof DomainError) await answer(receiving, conversationId, error);
    throw error;
  }
  await answer(receiving, conversationId, null);
  return true;
}

async function carryOut(
  { context, command, sender }: Receiving,
  conversationId: ConversationId,
  object: JsonObject,
): Promise<void> {
  const { database } = context;
  // Such servers do not say which device it is of: the bytes do, to whoever can read them.
  const deviceKey = await findReceivingDevice(database, conversationId, sender.actorId);
  const { jobId, attempt } = context;
  const submitting: Submitting = {
    sender,
    conversationId,
    deviceKey,
    command: { ...command, jobId, attempt },
  };
  await carryOutSubmission(submitting, submissionOf(object));
}

function submissionOf(object: JsonObject): Submission {
  const data = Buffer.from(textOf(object['content']) ?? '', 'base64');
  const header = readMessageHeader(data);
  const clientMessageId = clientIdOf(idOf(object) ?? '');
  if (header?.content !== 'COMMIT') return { kind: 'message', clientMessageId, data };
  return {
    kind: 'commit',
    clientMessageId,
    epoch: Number(header.epoch),
    commit: data,
    welcome: null,
    groupInfo: null,
    addMembers: [],
    removeMembers: [],
    removeDevices: [],
    keyPackages: [],
  };
}

function clientIdOf(uri: string): string {
  return uri.length <= LONGEST_CLIENT_ID ? uri : createHash('sha256').update(uri).digest('hex');
}

async function answer(
  { context, activity, sender }: Receiving,
  conversationId: ConversationId,
  refusal: DomainError | null,
): Promise<void> {
  const { config, clock, database } = context;
  const actor = conversationUriOf(config, conversationId);
  const now = clock.now();
  const isOfEpoch =
    refusal instanceof StaleEpoch ||
    refusal instanceof EpochTooOld ||
    refusal instanceof MlsMismatch;
  const said = {
    '@context': CHAT_CONTEXT,
    id: `${actor}/answers/${newId(now)}`,
    type: refusal ? ('Reject' as const) : ('Accept' as const),
    actor,
    to: [sender.uri],
    object: activity.id,
    ...(refusal && { summary: refusal.code }),
    ...(isOfEpoch && { epoch: refusal.currentEpoch }),
  };
  const inbox = { inboxUrl: sender.inboxUrl, host: sender.host };
  await database.transaction((tx) =>
    sendAsServer(tx, now, { activity: said, subjectId: conversationId, inbox }),
  );
}
