/** The JSON-LD context of everything that we publish: each term that we use, defined in place. */

/** Contexts of actors and objects. Nothing has to be looked up that is not preloaded everywhere. */
export const CONTEXT = [
  'https://www.w3.org/ns/activitystreams',
  'https://w3id.org/security/v1',
  {
    toot: 'http://joinmastodon.org/ns#',
    schema: 'http://schema.org#',
    pixelfed: 'http://pixelfed.org/ns#',
    gts: 'https://gotosocial.org/ns#',
    litepub: 'http://litepub.social/ns#',
    manuallyApprovesFollowers: 'as:manuallyApprovesFollowers',
    alsoKnownAs: { '@id': 'as:alsoKnownAs', '@type': '@id' },
    movedTo: { '@id': 'as:movedTo', '@type': '@id' },
    sensitive: 'as:sensitive',
    Hashtag: 'as:Hashtag',
    Emoji: 'toot:Emoji',
    EmojiReact: 'litepub:EmojiReact',
    PropertyValue: 'schema:PropertyValue',
    value: 'schema:value',
    blurhash: 'toot:blurhash',
    focalPoint: { '@container': '@list', '@id': 'toot:focalPoint' },
    discoverable: 'toot:discoverable',
    indexable: 'toot:indexable',
    featured: { '@id': 'toot:featured', '@type': '@id' },
    commentsEnabled: { '@id': 'pixelfed:commentsEnabled', '@type': 'schema:Boolean' },
    interactionPolicy: { '@id': 'gts:interactionPolicy', '@type': '@id' },
    canQuote: { '@id': 'gts:canQuote', '@type': '@id' },
    canReply: { '@id': 'gts:canReply', '@type': '@id' },
    automaticApproval: { '@id': 'gts:automaticApproval', '@type': '@id' },
    quote: { '@id': 'https://w3id.org/fep/044f#quote', '@type': '@id' },
  },
] as const;
