/** Quotes as other servers read them. @source FEP-044f, FEP-e232; what Misskey and Fedibird write */
import type { QuoteAuthorization } from '../quote-authorizations.queries.js';
import { CONTEXT } from './context.js';

/** What a post quotes. */
export interface QuoteParts {
  readonly uri: string;
  readonly url: string;
  /** Where its author allows it; null as long as they have not. */
  readonly authorizationUri: string | null;
}

/** What the id of a request of ours ends with; before it stands the post that quotes. */
export const REQUEST = '#quote-request';

/** Type of what a link to an object leads to. */
export const ACTIVITYSTREAMS =
  'application/ld+json; profile="https://www.w3.org/ns/activitystreams"';

/** Each server reads another one of these. */
export function quoteProperties({ uri, authorizationUri }: QuoteParts): object {
  return {
    quote: uri,
    quoteUri: uri,
    _misskey_quote: uri,
    ...(authorizationUri !== null && { quoteAuthorization: authorizationUri }),
  };
}

/** For those who read links to objects only. */
export function quoteTag({ uri, url }: QuoteParts): object {
  const rel = 'https://misskey-hub.net/ns#_misskey_quote';
  return { type: 'Link', mediaType: ACTIVITYSTREAMS, rel, href: uri, name: `RE: ${url}` };
}

/** For those who read no quotes at all; those who do take it out by its class. */
export function withQuoteLink(html: string, { url }: QuoteParts): string {
  return `<p class="quote-inline">RE: <a href="${url}">${url}</a></p>${html}`;
}

/** A stamp as a document. */
export function authorizationDocument(stamp: QuoteAuthorization): object {
  return {
    '@context': CONTEXT,
    id: stamp.uri,
    type: stamp.isComment ? 'ReplyAuthorization' : 'QuoteAuthorization',
    attributedTo: stamp.quotedAuthorUri,
    interactingObject: stamp.quotingUri,
    interactionTarget: stamp.quotedUri,
  };
}
