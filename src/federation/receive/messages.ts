/** Notes that are messages: text for named people only, which answers no post. */
import type { ActorId } from '../../actors/actor.entity.js';
import { deleteChatMessage } from '../../chat/delete-chat-message.js';
import { MOST_MEMBERS } from '../../chat/conversation.js';
import { findMessageByUri } from '../../chat/messages.queries.js';
import { receiveChatMessage, requireHearing } from '../../chat/receive-chat-message.js';
import { isOurs } from '../addresses.js';
import { hasText } from '../internal/note-text.js';
import { visibilityOf, type ReadNote } from '../internal/read-note.js';
import { findRemoteActor, isAbsence, resolveActor } from '../resolve-actor.js';
import { mayAskFor } from './ask-third.js';
import { findOurActor, findSubject, type Receiving } from './receiving.js';
import { isBuried } from './tombstones.js';

/**
 * Keeps a note that is a message.
 *
 * @returns false when it is none, but a post or comment
 * @throws {DomainError} when nobody here takes it
 */
export async function takeMessage(receiving: Receiving, note: ReadNote): Promise<boolean> {
  const { context, command, sender } = receiving;
  if (!(await isMessage(receiving, note))) return false;
  if (await isBuried(context, sender, note.uri)) return true;
  const ours = await oursAmong(receiving, note);
  await requireHearing(command, { localIds: ours, host: sender.host });
  await receiveChatMessage(command, {
    uri: note.uri,
    contentHtml: note.html,
    recipientIds: [...ours, ...(await othersAmong(receiving, note))],
    sentAt: note.publishedAt ?? context.clock.now(),
    editedAt: note.editedAt,
  });
  return true;
}

/** Deletes a message of the sender; does nothing when it is none. */
export async function dropMessage(
  { context, command, sender }: Receiving,
  uri: string,
): Promise<void> {
  const message = await findMessageByUri(context.database, uri);
  if (message?.senderId === sender.actorId) await deleteChatMessage(command, message.id);
}

async function isMessage({ context, sender }: Receiving, note: ReadNote): Promise<boolean> {
  const isForNamed = visibilityOf(note, sender.followersUri) === 'MENTIONED';
  if (!isForNamed || note.media.length > 0 || note.video !== null || note.quote !== null)
    return false;
  if (!hasText(note.html) || (await findSubject(context.database, note.uri))) return false;
  const named = addresseesOf(note, sender.uri);
  if (named.length === 0 || named.length >= MOST_MEMBERS) return false;
  if (named.some((uri) => uri.endsWith('/followers'))) return false;
  return (
    note.inReplyTo === null || (await findMessageByUri(context.database, note.inReplyTo)) !== null
  );
}

function addresseesOf({ to, cc }: ReadNote, senderUri: string): string[] {
  return [...new Set([...to, ...cc])].filter((uri) => uri !== senderUri);
}

async function oursAmong({ context, sender }: Receiving, note: ReadNote): Promise<ActorId[]> {
  const ids: ActorId[] = [];
  for (const uri of addresseesOf(note, sender.uri)) {
    const id = await findOurActor(context, uri);
    if (id !== null) ids.push(id);
  }
  return ids;
}

/** Whom we cannot find out about takes no part here. */
async function othersAmong(receiving: Receiving, note: ReadNote): Promise<ActorId[]> {
  const { context, sender } = receiving;
  const ids: ActorId[] = [];
  for (const uri of addresseesOf(note, sender.uri)) {
    const id = isOurs(context.config, uri) ? null : await remoteActor(receiving, uri);
    if (id !== null) ids.push(id);
  }
  return ids;
}

/** Somebody of another server, asked for where that may be; null = nobody to be had. */
export async function remoteActor(receiving: Receiving, uri: string): Promise<ActorId | null> {
  const { context } = receiving;
  const known = await findRemoteActor(context.database, uri);
  if (known) return known.actorId;
  if (!(await mayAskFor(receiving, uri))) return null;
  try {
    return (await resolveActor(context, uri)).actorId;
  } catch (error) {
    if (!isAbsence(error)) throw error;
    context.log.debug({ err: error, uri }, 'somebody who takes part is unknown');
    return null;
  }
}
