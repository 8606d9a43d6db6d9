/** The words in which servers and archives tell of people and posts. @source ActivityStreams 2.0; JSON-LD 1.1 */

/** Contexts that every reader has: nobody needs to look them up. */
export const CONTEXT_ADDRESSES = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/v1',
] as const;

/** What those leave out and people and posts need; each term is defined in place. */
export const TERMS = {
  toot: 'http://joinmastodon.org/ns#',
  schema: 'http://schema.org#',
  litepub: 'http://litepub.social/ns#',
  pt: 'https://joinpeertube.org/ns#',
  manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
  alsoKnownAs: { '@id': 'as:alsoKnownAs', '@type': '@id' },
  sensitive: 'as:sensitive',
  Hashtag: 'as:Hashtag',
  EmojiReact: 'litepub:EmojiReact',
  PropertyValue: 'schema:PropertyValue',
  value: 'schema:value',
  blurhash: 'toot:blurhash',
  focalPoint: { '@container': '@list', '@id': 'toot:focalPoint' },
  discoverable: 'toot:discoverable',
  indexable: 'toot:indexable',
  category: 'schema:category',
  identifier: 'schema:identifier',
  downloadEnabled: { '@type': 'schema:Boolean', '@id': 'pt:downloadEnabled' },
  quote: { '@id': 'https://w3id.org/fep/044f#quote', '@type': '@id' },
} as const;

/** The collection of everybody. @source ActivityPub §5.6 */
export const PUBLIC = 'https://www.w3.org/ns/activitystreams#Public';
