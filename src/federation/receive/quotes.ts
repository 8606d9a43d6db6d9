/** What posts of other servers quote, as far as whoever is quoted lets them. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { Services } from '../../platform/context.js';
import { statement, type Reader } from '../../platform/db/database.js';
import type { PostId } from '../../posts/post.entity.js';
import { canQuote } from '../../posts/quote.policy.js';
import type { RemoteQuote } from '../../posts/save-remote-post.js';
import { canSee } from '../../posts/visibility.js';
import { findSubjectFacts } from '../../posts/visibility.queries.js';
import { isOurs, originOf } from '../addresses.js';
import { fetchDocument, type FetchServices } from '../internal/fetch-document.js';
import { fetchNote } from '../internal/fetch-note.js';
import type { ReadQuote } from '../internal/read-quote.js';
import { idOf, isShortAddress, typeOf } from '../internal/read-properties.js';
import type { ReadNote } from '../internal/read-note.js';
import { stripQuoteLink } from '../internal/strip-quote-link.js';
import { authorizationOf, keepAuthorization } from '../quote-authorizations.queries.js';
import { isAbsence } from '../resolve-actor.js';
import { keepPost } from './keep-note.js';

const QUOTED = statement(
  'federation.quoted',
  `select p.id, p.uri, p.url, p.author_id as "authorId", a.uri as "authorUri", p.is_local as "isLocal"
   from posts p join actors a on a.id = p.author_id
   where p.uri = $1 and p.kind <> 'comment' and p.deleted_at is null`,
);
const STAMP = new Set(['QuoteAuthorization']);

/** A post that may be quoted. */
export interface QuotedPost {
  readonly id: PostId;
  readonly uri: string;
  readonly url: string;
  readonly authorId: ActorId;
  readonly authorUri: string;
  readonly isLocal: boolean;
}

/** A post by its identity; null when it is unknown, deleted, or a comment. */
export function findQuoted(reader: Reader, uri: string): Promise<QuotedPost | null> {
  return reader.row<QuotedPost>(QUOTED, [uri]);
}

/** Whether an actor sees a post, and whether its author lets them quote it. */
export async function quotingOf(
  reader: Reader,
  actorId: ActorId,
  quoted: QuotedPost,
): Promise<{ isSeen: boolean; isAllowed: boolean }> {
  const facts = (await findSubjectFacts(reader, [quoted.id], actorId)).get(quoted.id);
  const isSeen = facts !== undefined && canSee({ actorId, isLocal: false }, facts);
  return { isSeen, isAllowed: isSeen && canQuote(actorId, facts) };
}

/**
 * A note with its quote as a post that is known here; as it came when that may not be quoted, or cannot be had. What is
 * unknown is asked for once, and what it quotes itself is not.
 */
export async function withQuote(
  services: Services,
  authorId: ActorId,
  note: ReadNote,
): Promise<ReadNote & { readonly quoted: RemoteQuote | null }> {
  const { quote } = note;
  const quoted = quote && quote.uri !== note.uri ? await quotedOf(services, quote) : null;
  if (!quote || !quoted || !(await mayQuote(services, authorId, note.uri, quote, quoted)))
    return { ...note, quoted: null };
  const html = stripQuoteLink(note.html, [quoted.uri, quoted.url]);
  return { ...note, html, quoted: { postId: quoted.id, authorId: quoted.authorId } };
}

async function quotedOf(services: Services, { uri }: ReadQuote): Promise<QuotedPost | null> {
  const known = await findQuoted(services.database, uri);
  if (known || isOurs(services.config, uri)) return known;
  try {
    const fetched = await fetchNote(services, uri);
    if (fetched.note.inReplyTo !== null) return null;
    await keepPost(services, { ...fetched, isNews: false });
    return await findQuoted(services.database, fetched.note.uri);
  } catch (error) {
    if (!isAbsence(error)) throw error;
    services.log.debug({ err: error, uri }, 'what is quoted could not be had');
    return null;
  }
}

/**
 * Whoever quotes themselves needs nobody's leave. Whose server knows of stamps has to have one; of the others it is enough
 * that the author lets people quote.
 */
async function mayQuote(
  services: FetchServices,
  authorId: ActorId,
  quotingUri: string,
  quote: ReadQuote,
  quoted: QuotedPost,
): Promise<boolean> {
  const { isAllowed, isSeen } = await quotingOf(services.database, authorId, quoted);
  if (!isSeen) return false;
  if (quoted.authorId === authorId) return isAllowed;
  const known = await authorizationOf(services.database, quotingUri, quoted.uri);
  if (known !== null) return true;
  if (quote.isUnasked) return isAllowed;
  const { authorizationUri } = quote;
  if (authorizationUri === null || quoted.isLocal) return false;
  if (!(await isStamp(services, authorizationUri, quotingUri, quoted))) return false;
  await keepStamp(services, authorizationUri, quotingUri, quoted);
  return true;
}

/** Keeps where the stamp of somebody else's post stands: when it goes, the quote goes. */
async function keepStamp(
  { database, config, clock }: FetchServices,
  uri: string,
  quotingUri: string,
  { uri: quotedUri, authorId: quotedAuthorId }: QuotedPost,
): Promise<void> {
  const stamp = { uri, quotingUri, quotedUri, quotedAuthorId };
  const { origin } = config.publicUrl;
  await database.transaction((tx) => keepAuthorization(tx, origin, clock.now(), stamp));
}

/** Whether a stamp stands where the quoted author's things stand, and says so of these two posts. */
async function isStamp(
  services: FetchServices,
  uri: string,
  quotingUri: string,
  { uri: quotedUri, authorUri }: QuotedPost,
): Promise<boolean> {
  if (!isShortAddress(uri) || originOf(uri) !== originOf(authorUri)) return false;
  try {
    const stamp = await fetchDocument(services, uri);
    return (
      stamp.id === uri &&
      typeOf(stamp, STAMP) !== null &&
      idOf(stamp['attributedTo']) === authorUri &&
      idOf(stamp['interactingObject']) === quotingUri &&
      idOf(stamp['interactionTarget']) === quotedUri
    );
  } catch (error) {
    if (!isAbsence(error)) throw error;
    return false;
  }
}
