/** QuoteRequest from other servers, their answers to ours, and stamps that are taken back. @source FEP-044f */
import { createHash } from 'node:crypto';
import { takeQuoteOut } from '../../posts/detach-quote.js';
import type { PostId } from '../../posts/post.entity.js';
import { statement, type Reader } from '../../platform/db/database.js';
import { isOurs } from '../addresses.js';
import { activity } from '../documents/activities.js';
import { REQUEST } from '../documents/quote-document.js';
import { approvalReceived } from '../federation.events.js';
import { fetchDocument } from '../internal/fetch-document.js';
import type { JsonObject } from '../internal/read-document.js';
import { readNote } from '../internal/read-note.js';
import { idOf, objectOf, textOf } from '../internal/read-properties.js';
import { dropAuthorization, keepAuthorization } from '../quote-authorizations.queries.js';
import { inboxesOfActors } from '../recipients.queries.js';
import { sendActivity } from '../send-activity.js';
import { saveNote, type SentNote } from './notes.js';
import { findQuoted, quotingOf, type QuotedPost } from './quotes.js';
import { findSubject, Unwanted, type Handler, type Receiving } from './receiving.js';
import { canOwn, isBuried } from './tombstones.js';

const DETACHED = statement(
  'federation.quote_detached',
  'select from posts where uri = $1 and quote_detached_at is not null',
);
const ASKED = statement(
  'federation.quote_asked',
  `select p.id as "postId", p.uri as "quotingUri", quoted.uri as "quotedUri"
   from posts p join posts quoted on quoted.id = p.quoted_id
   where p.uri = $1 and p.is_local and quoted.author_id = $2 and p.quote_detached_at is null and p.deleted_at is null`,
);
const QUOTING = statement(
  'federation.quoting',
  'select id from posts where uri = $1 and deleted_at is null',
);
interface AskedQuote {
  readonly postId: PostId;
  readonly quotingUri: string;
  readonly quotedUri: string;
}

/** Somebody there wants to quote a post of ours: as its author lets them, at once. */
export const handleQuoteRequest: Handler = async (receiving) => {
  const { context, sender, activity: request } = receiving;
  const quotingUri = idOf(request.body['instrument']);
  const quoted = await findQuoted(context.database, idOf(request.body['object']) ?? '');
  if (!quoted?.isLocal || quotingUri === null || !canOwn(receiving, quotingUri)) return;
  const quoting = await findSubject(context.database, quotingUri);
  if (quoting && quoting.authorId !== sender.actorId) return;
  const { isSeen, isAllowed } = await quotingOf(context.database, sender.actorId, quoted);
  // What they may not see, they are not told of.
  if (!isSeen || (await isBuried(context, sender, quotingUri))) return;
  const wasDetached = (await context.database.row(DETACHED, [quotingUri])) !== null;
  const sent = await quotingNote(receiving, quotingUri);
  const isQuote = sent?.note.quote?.uri === quoted.uri;
  if (!sent || !isQuote || !isAllowed || wasDetached) return answer(receiving, quoted, null);
  const stampUri = await stamp(receiving, quotingUri, quoted);
  await saveIfWanted(receiving, sent);
  await answer(receiving, quoted, stampUri);
};

/** Whether they may quote is answered in any case. */
async function saveIfWanted(receiving: Receiving, sent: SentNote): Promise<void> {
  try {
    await saveNote(receiving, sent);
  } catch (error) {
    if (!(error instanceof Unwanted)) throw error;
  }
}

/** The post that quotes, embedded or asked for where it stands; null when it is of somebody else. */
async function quotingNote(
  { context, sender, activity: request }: Receiving,
  uri: string,
): Promise<SentNote | null> {
  const embedded = objectOf(request.body['instrument']);
  const document: JsonObject & { id: string } =
    embedded?.['type'] === undefined ? await fetchDocument(context, uri) : { ...embedded, id: uri };
  const note = readNote(document, context.clock.now());
  return note.authorUri === sender.uri ? { note, document } : null;
}

function stamp(
  { context }: Receiving,
  quotingUri: string,
  { uri: quotedUri, authorId: quotedAuthorId }: QuotedPost,
): Promise<string> {
  const { origin } = context.config.publicUrl;
  const kept = { uri: null, quotingUri, quotedUri, quotedAuthorId };
  return context.database.transaction((tx) =>
    keepAuthorization(tx, origin, context.clock.now(), kept),
  );
}

/** Tells whoever asked; a repeated request gets the same answer, which is sent once. */
async function answer(
  { context, sender, activity: request }: Receiving,
  quoted: QuotedPost,
  stampUri: string | null,
): Promise<void> {
  const { id, type, body } = request;
  const object = {
    id,
    type,
    actor: sender.uri,
    object: quoted.uri,
    instrument: idOf(body['instrument']),
  };
  const key = createHash('sha256').update(id).digest('hex').slice(0, 32);
  const parts = { object, to: [sender.uri] };
  const said =
    stampUri === null
      ? activity('Reject', quoted.authorUri, { ...parts, id: `${quoted.uri}#rejects/${key}` })
      : activity('Accept', quoted.authorUri, {
          ...parts,
          id: `${stampUri}#accepts/${key}`,
          result: stampUri,
        });
  const sending = { activity: said, actorId: quoted.authorId, subjectId: null };
  const inboxes = await inboxesOfActors(context.database, [sender.uri]);
  await context.database.transaction((tx) =>
    sendActivity(tx, context.clock.now(), { ...sending, inboxes }),
  );
}

/** Somebody there lets one of ours quote them; false when the Accept is about anything else. */
export async function acceptQuote(receiving: Receiving): Promise<boolean> {
  const { context, sender, activity: accept } = receiving;
  const asked = await askedQuote(context.database, receiving);
  if (!asked) return false;
  const { postId, quotingUri, quotedUri } = asked;
  const uri = idOf(accept.body['result']);
  if (uri === null || !canOwn(receiving, uri)) return true;
  const { origin } = context.config.publicUrl;
  const kept = { uri, quotingUri, quotedUri, quotedAuthorId: sender.actorId };
  await context.database.transaction(async (tx) => {
    await keepAuthorization(tx, origin, context.clock.now(), kept);
    await tx.append(approvalReceived, { subjectId: postId });
  });
  return true;
}

/** Somebody there does not, or no longer; false when the Reject is about anything else. */
export async function rejectQuote(receiving: Receiving): Promise<boolean> {
  const { context, sender } = receiving;
  const asked = await askedQuote(context.database, receiving);
  if (!asked) return false;
  const { quotingUri, postId } = asked;
  await context.database.transaction(async (tx) => {
    await dropAuthorization(tx, sender.actorId, { quotingUri });
    await takeQuoteOut(tx, context.clock.now(), postId, sender.actorId);
  });
  return true;
}

/** Whoever takes a stamp of theirs back takes their post out of the other; false when it is none. */
export async function revokeQuote(receiving: Receiving, uri: string): Promise<boolean> {
  const { context, sender } = receiving;
  return context.database.transaction(async (tx) => {
    const dropped = await dropAuthorization(tx, sender.actorId, { uri });
    for (const { quotingUri } of dropped) {
      const quoting = await tx.row<{ id: PostId }>(QUOTING, [quotingUri]);
      if (quoting) await takeQuoteOut(tx, context.clock.now(), quoting.id, sender.actorId);
    }
    return dropped.length > 0;
  });
}

/** The quote of ours that is answered: by the request's id, or by what is embedded of it. */
function askedQuote(
  reader: Reader,
  { context, sender, activity: answered }: Receiving,
): Promise<AskedQuote | null> {
  const object = objectOf(answered.body['object']);
  const requestUri = idOf(answered.body['object']);
  const isRequest = textOf(object?.['type']) === 'QuoteRequest' || requestUri?.endsWith(REQUEST);
  const byId = requestUri?.endsWith(REQUEST) ? requestUri.slice(0, -REQUEST.length) : null;
  const quotingUri = byId ?? idOf(object?.['instrument']);
  const isOwn = quotingUri !== null && isOurs(context.config, quotingUri);
  if (!isRequest || !isOwn) return Promise.resolve(null);
  return reader.row<AskedQuote>(ASKED, [quotingUri, sender.actorId]);
}
