/** Of what a video is made, as other servers read it. @source FEP-e232 */
import type { RemixKind } from '../../posts/remix-policies.js';
import { ACTIVITYSTREAMS } from './quote-document.js';

/** The video that another one is made of. */
export interface RemixParts {
  readonly kind: RemixKind;
  readonly uri: string;
  /** Of its author, who is of this server. */
  readonly username: string;
}

const NAMES: Readonly<Record<RemixKind, string>> = {
  DUET: 'Duet with',
  STITCH: 'Stitch of',
  SOUND: 'Sound by',
};

/** A link to the object that was used. No quote: it has no `rel` that says so. */
export function remixTag(host: string, { kind, uri, username }: RemixParts): object {
  const name = `${NAMES[kind]} @${username}@${host}`;
  return { type: 'Link', mediaType: ACTIVITYSTREAMS, href: uri, name };
}
