/**
 * ReplyRequest: somebody there asks whether their comment may stand, and shows it to nobody else before. It is taken as any
 * comment is. @source GoToSocial interaction controls
 */
import { createHash } from 'node:crypto';
import { Forbidden } from '../../platform/errors.js';
import { approveComment, findAnsweringComment } from '../approve-comment.js';
import { activity } from '../documents/activities.js';
import { fetchDocument, type IdentifiedDocument } from '../internal/fetch-document.js';
import { withPagesRead } from '../internal/named-pages.js';
import { readNote } from '../internal/read-note.js';
import { idOf, objectOf } from '../internal/read-properties.js';
import { inboxesOfActors } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';
import { saveNote, type SentNote } from './notes.js';
import { findQuoted, type QuotedPost } from './quotes.js';
import { Unwanted, type Handler, type Receiving } from './receiving.js';
import { canOwn } from './tombstones.js';

/** What they may not see, they are told nothing of. */
export const handleReplyRequest: Handler = async (receiving) => {
  const { context, activity: request } = receiving;
  const uri = idOf(request.body['instrument']);
  const answered = await findQuoted(context.database, idOf(request.body['object']) ?? '');
  if (!answered?.isLocal || uri === null || !canOwn(receiving, uri)) throw new Unwanted();
  const sent = await answeringNote(receiving, uri);
  if (sent.note.inReplyTo !== answered.uri) throw new Unwanted();
  const asked = askedFor(receiving, uri, answered);
  try {
    await saveNote(receiving, sent);
  } catch (error) {
    if (error instanceof Forbidden) await reject(receiving, answered, asked);
    throw error;
  }
  const comment = await findAnsweringComment(context.database, { uri });
  if (!comment) throw new Unwanted();
  await approveComment(context, comment, asked);
};

/** The comment, embedded or asked for where it stands; of nobody but the sender. */
async function answeringNote(
  { context, sender, activity: request }: Receiving,
  uri: string,
): Promise<SentNote> {
  const embedded = objectOf(request.body['instrument']);
  const document: IdentifiedDocument =
    embedded?.['type'] === undefined ? await fetchDocument(context, uri) : { ...embedded, id: uri };
  const note = await withPagesRead(context, readNote(document, context.clock.now(), sender.uri));
  if (note.authorUri !== sender.uri) throw new Unwanted();
  return { note, document };
}

/** The request as answers name it. */
function askedFor({ sender, activity: request }: Receiving, uri: string, answered: QuotedPost) {
  const { id, type } = request;
  return { id, type, actor: sender.uri, object: answered.uri, instrument: uri };
}

async function reject(
  { context, sender }: Receiving,
  { uri, authorId, authorUri }: QuotedPost,
  asked: { readonly id: string },
): Promise<void> {
  const key = createHash('sha256').update(asked.id).digest('hex').slice(0, 32);
  const said = activity('Reject', authorUri, {
    id: `${uri}#rejects/${key}`,
    object: asked,
    to: [sender.uri],
  });
  const inboxes = await inboxesOfActors(context.database, [sender.uri]);
  const sending = { activity: said, actorId: authorId, subjectId: null, inboxes };
  await context.database.transaction((tx) => sendActivity(tx, context.clock.now(), sending));
}
