/** Stamps: an author says that one post may quote another, or that a comment may answer it. Those of this server stand at an address of ours. */
import type { ActorId } from '../actors/actor.entity.js';
import { statement, type Reader, type Transaction } from '../platform/db/database.js';
import { newId } from '../platform/ids.js';
import { isShown } from '../posts/visibility.js';

/** A quote or comment that the author of what is quoted or answered has allowed. */
export interface QuoteAuthorization {
  readonly uri: string;
  readonly isComment: boolean;
  readonly quotingUri: string;
  readonly quotedUri: string;
  readonly quotedAuthorUri: string;
}

const KEEP = statement(
  'quote_authorizations.keep',
  `insert into quote_authorizations (id, uri, quoting_uri, quoted_uri, quoted_author_id, created_at, is_activity)
   values ($1, coalesce($2, $7 || $1::uuid::text), $3, $4, $5, $6, $8)
   on conflict (quoting_uri) do update set id = excluded.id, uri = excluded.uri, quoted_uri = excluded.quoted_uri,
     quoted_author_id = excluded.quoted_author_id, is_activity = excluded.is_activity
     where quote_authorizations.quoted_uri <> excluded.quoted_uri or $2 is not null
   returning uri`,
);
const OF_QUOTING = statement(
  'quote_authorizations.of_quoting',
  'select uri from quote_authorizations where quoting_uri = $1 and quoted_uri = $2',
);
const DROP = statement(
  'quote_authorizations.drop',
  `delete from quote_authorizations where quoted_author_id = $1 and (uri = $2 or quoting_uri = $3)
   returning uri, quoting_uri as "quotingUri"`,
);
// Who quotes here asks nobody: the stamp is the quote itself.
const OURS = statement(
  'quote_authorizations.ours',
  `select a.quoting_uri as "quotingUri", a.quoted_uri as "quotedUri", author.uri as "quotedAuthorUri",
     coalesce(quoting.kind = 'comment', false) as "isComment"
   from quote_authorizations a join actors author on author.id = a.quoted_author_id
     join posts quoted on quoted.uri = a.quoted_uri and quoted.deleted_at is null
     left join posts quoting on quoting.uri = a.quoting_uri
   where a.id = $1 and author.domain is null and ${isShown('author.status')}
     and (quoting.id is null or quoting.deleted_at is null and quoting.hidden_through is null)
   union all
   select p.uri, quoted.uri, author.uri, false from posts p join posts quoted on quoted.id = p.quoted_id
     join actors author on author.id = quoted.author_id
   where p.id = $1 and p.is_local and quoted.is_local and p.quote_detached_at is null
     and p.deleted_at is null and quoted.deleted_at is null and p.visibility <> 'LOCAL' and ${isShown('author.status')}`,
);

/** Address before the id of a stamp of this server. */
export function stampsAt(origin: string): string {
  return `${origin}/quote-authorizations/`;
}

/** Which quote, whose post is quoted, and where the stamp stands; null = at an address of ours, which it gets. */
export interface KeptAuthorization {
  readonly uri: string | null;
  readonly quotingUri: string;
  readonly quotedUri: string;
  readonly quotedAuthorId: ActorId;
  /** It is the activity that says so, as PeerTube's are; absent = a document of its own. */
  readonly isActivity?: boolean;
}

/** Keeps a stamp inside the caller's transaction; one of ours that is there stays. @returns where it stands */
export async function keepAuthorization(
  tx: Transaction,
  origin: string,
  now: Date,
  { uri, quotingUri, quotedUri, quotedAuthorId, isActivity = false }: KeptAuthorization,
): Promise<string> {
  const values = [newId<'quoteauthorization'>(now), uri, quotingUri, quotedUri, quotedAuthorId];
  const more = [now, stampsAt(origin), isActivity];
  const kept = await tx.row<{ uri: string }>(KEEP, [...values, ...more]);
  return kept?.uri ?? (await authorizationOf(tx, quotingUri, quotedUri))!;
}

/** Where the stamp of a quote stands; null when we know of none. */
export async function authorizationOf(
  reader: Reader,
  quotingUri: string,
  quotedUri: string,
): Promise<string | null> {
  return (await reader.row<{ uri: string }>(OF_QUOTING, [quotingUri, quotedUri]))?.uri ?? null;
}

/** Takes a stamp of an author back, by its address or by what it allowed: whatever it allowed. */
export function dropAuthorization(
  tx: Transaction,
  quotedAuthorId: ActorId,
  { uri = null, quotingUri = null }: { uri?: string | null; quotingUri?: string | null },
): Promise<{ uri: string; quotingUri: string }[]> {
  return tx.rows(DROP, [quotedAuthorId, uri, quotingUri]);
}

/** A stamp of this server by the id in its address, as long as it holds. */
export function findOwnAuthorization(
  reader: Reader,
  id: string,
): Promise<Omit<QuoteAuthorization, 'uri'> | null> {
  return reader.row<Omit<QuoteAuthorization, 'uri'>>(OURS, [id]);
}
