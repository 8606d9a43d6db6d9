/** What a post of another server quotes, in the ways in which servers write it. */
import type { JsonObject } from './read-document.js';
import { tagsOf } from './read-emojis.js';
import { idOf, pageOf, textOf } from './read-properties.js';

/** A quote as the post itself tells it. */
export interface ReadQuote {
  readonly uri: string;
  /** The stamp that it names. */
  readonly authorizationUri: string | null;
  /** Its server knows nothing of stamps. */
  readonly isUnasked: boolean;
}

const UNASKED = ['quoteUri', 'quoteUrl', '_misskey_quote'];
const QUOTE_LINK = /(?:_misskey_quote|#quoteUri)$/;

/** Reads the quote; null when there is none. @source FEP-044f, FEP-e232; Misskey, Fedibird */
export function quoteOf(document: JsonObject): ReadQuote | null {
  const asked = pageOf(idOf(document['quote']));
  const authorizationUri = pageOf(idOf(document['quoteAuthorization']));
  if (asked !== null) return { uri: asked, authorizationUri, isUnasked: false };
  const [uri] = [...UNASKED.map((name) => idOf(document[name])), linkOf(document)]
    .map((address) => pageOf(address))
    .filter((address) => address !== null);
  return uri === undefined ? null : { uri, authorizationUri: null, isUnasked: true };
}

function linkOf(document: JsonObject): string | null {
  const link = tagsOf(document['tag']).find(
    (tag) => tag['type'] === 'Link' && QUOTE_LINK.test(idOf(tag['rel']) ?? ''),
  );
  return textOf(link?.['href']);
}
