/** Create and Update of posts, comments and actors. */
import { isOurs, originOf } from '../addresses.js';
import { ownObject } from '../internal/check-activity.js';
import type { IdentifiedDocument } from '../internal/fetch-document.js';
import { withPagesRead } from '../internal/named-pages.js';
import { readNote, type ReadNote } from '../internal/read-note.js';
import { idOf, isShortAddress } from '../internal/read-properties.js';
import { refreshKeys } from '../remote-keys.js';
import { fetchActor } from '../resolve-actor.js';
import { mayAskFor } from './ask-third.js';
import { takeDraftMessage } from './draft-messages.js';
import { isWanted, keepComment, keepPost } from './keep-note.js';
import { takeSubmission } from './mls-objects.js';
import { noteRedirect } from './moves.js';
import { withQuote } from './quotes.js';
import { takeMessage } from './messages.js';
import { findSubject, Unwanted, type Handler, type Receiving } from './receiving.js';
import { fetchSentObject } from './sent-object.js';
import { canOwn } from './tombstones.js';
import { letWait } from './waiting-notes.js';

/** A note as it was sent. */
export interface SentNote {
  readonly note: ReadNote;
  readonly document: IdentifiedDocument;
}

/** A post of somebody who is followed here, a comment on something that is known here, or either with one of us in it. */
export const handleCreate: Handler = async (receiving) => {
  if ((await takeSubmission(receiving)) || (await takeDraftMessage(receiving))) return;
  const sent = await readObject(receiving);
  if (!sent) throw new Unwanted();
  await saveNote(receiving, sent);
};

/**
 * A changed post, comment or actor. What is unknown comes to be known, under the same conditions as a new one. Not every
 * server says when it was changed: then it was now.
 */
export const handleUpdate: Handler = async (receiving) => {
  const { context, sender, activity } = receiving;
  const uri = idOf(activity.body['object']);
  if (uri === sender.uri) {
    const actor = await fetchActor(context, sender.uri);
    await noteRedirect(receiving, actor);
    await refreshKeys(context, actor);
    return;
  }
  const sent = await readObject(receiving);
  if (!sent) throw new Unwanted();
  const { note, document } = sent;
  const known = await findSubject(context.database, note.uri);
  if (!known && sender.status === 'SUSPENDED') throw new Unwanted();
  const editedAt = note.editedAt ?? context.clock.now();
  await saveNote(receiving, { note: { ...note, editedAt }, document });
};

/** The object of an activity, if the sender is its author: embedded, or asked for where it stands. */
async function readObject(receiving: Receiving): Promise<SentNote | null> {
  const { context, sender, activity } = receiving;
  const uri = idOf(activity.body['object']);
  if (uri === null || !canOwn(receiving, uri)) return null;
  const embedded = ownObject(activity);
  const document: IdentifiedDocument =
    embedded && embedded['type'] !== undefined ? embedded : await fetchSentObject(receiving, uri);
  const note = await withPagesRead(context, readNote(document, context.clock.now(), sender.uri));
  return note.authorUri === sender.uri ? { note, document } : null;
}

/**
 * Keeps a note of the sender.
 *
 * @throws {Unwanted} when nobody here is to have it
 */
export async function saveNote(receiving: Receiving, { note, document }: SentNote): Promise<void> {
  const { context, sender } = receiving;
  const written = { note, author: sender, isNews: true };
  if (await takeMessage(receiving, note)) return;
  const answered =
    note.inReplyTo === null ? null : await findSubject(context.database, note.inReplyTo);
  if (answered) {
    if (!(await keepComment(context, written, answered))) throw new Unwanted();
    return;
  }
  if (isAnswerToUs(receiving, note)) throw new Unwanted();
  const isForUs = await isWanted(context.database, written);
  // Nobody else's post is asked for on behalf of somebody whom nobody here wants to read.
  const quotesUs = note.quote !== null && isOurs(context.config, note.quote.uri);
  if (!isForUs && !quotesUs) throw new Unwanted();
  if (isForUs && (await waits(receiving, note, document))) return;
  const mayAsk = note.quote === null || (await mayAskFor(receiving, note.quote.uri));
  const quoting = mayAsk
    ? await withQuote(context, sender.actorId, note)
    : { ...note, quoted: null };
  const { quoted } = quoting;
  if (!isForUs && !quoted) throw new Unwanted();
  await keepPost(context, { ...written, note: quoting, quoted });
}

/** What answers something of ours that is not there has nothing to wait for. */
function isAnswerToUs({ context }: Receiving, { inReplyTo }: ReadNote): boolean {
  return inReplyTo !== null && isOurs(context.config, inReplyTo);
}

/** Whether it waits for what it answers. */
async function waits(
  receiving: Receiving,
  { uri, inReplyTo }: ReadNote,
  document: IdentifiedDocument,
): Promise<boolean> {
  const { context, sender } = receiving;
  if (inReplyTo === null || originOf(inReplyTo) === null || !isShortAddress(inReplyTo))
    return false;
  if (inReplyTo === uri || (await findSubject(context.database, uri))) return false;
  if (!(await mayAskFor(receiving, inReplyTo))) return false;
  return letWait(context, sender.actorId, document, inReplyTo);
}
