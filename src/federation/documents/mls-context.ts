/** Words of encrypted chat. @source SWICG Messaging Layer Security over ActivityPub, context 0.3.0 */

/** Address of the draft's context; whoever reads it has it, as its server is not always there. */
export const MLS_CONTEXT = 'https://purl.archive.org/socialweb/mls';

/** Where the draft's words are. */
export const MLS_NAMESPACE = `${MLS_CONTEXT}#`;

/** The draft's types of objects. */
export const MLS_TYPES = [
  'KeyPackage',
  'Welcome',
  'GroupInfo',
  'PublicMessage',
  'PrivateMessage',
] as const;

/**
 * What the draft's context means, for documents that name it: its texts are texts and nothing that could be taken for an
 * address, so that what was written is read.
 */
export const MLS_ALIASES = {
  mls: MLS_NAMESPACE,
  ...Object.fromEntries(MLS_TYPES.map((type) => [type, `mls:${type}`])),
  keyPackages: { '@id': 'mls:keyPackages', '@type': '@id' },
  messages: { '@id': 'mls:messages', '@type': '@id' },
  encoding: 'mls:encoding',
  ciphersuite: 'mls:ciphersuite',
  conversation: 'mls:conversation',
};

/** The name under which the draft's conversation is read, beside the one of others. */
export const MLS_CONVERSATION = 'mlsConversation';

/** The usual words for the draft's, when a document in unusual ones is put into them. */
export const MLS_READING = Object.fromEntries(
  Object.entries(MLS_ALIASES).map(([word, means]) => [
    word === 'conversation' ? MLS_CONVERSATION : word,
    means,
  ]),
);

/** Where words are that only servers like this one understand: nobody can own this name. */
export const OWN_NAMESPACE = 'https://triptych.invalid/ns#';

/** Words of actors who chat encrypted, defined in place: servers that know nothing of MLS need not look them up. */
export const CHAT_ACTOR_TERMS = {
  mls: MLS_NAMESPACE,
  tri: OWN_NAMESPACE,
  keyPackages: { '@id': 'mls:keyPackages', '@type': '@id' },
  messages: { '@id': 'mls:messages', '@type': '@id' },
  identityKey: 'tri:identityKey',
  identityVersion: 'tri:identityVersion',
  devices: { '@id': 'tri:devices', '@container': '@set' },
  keyLog: { '@id': 'tri:keyLog', '@type': '@id' },
} as const;

/** Words of key packages that only servers like this one understand. */
const KEY_PACKAGE_TERMS = {
  tri: OWN_NAMESPACE,
  attestation: 'tri:attestation',
  identityKey: 'tri:identityKey',
  identityVersion: 'tri:identityVersion',
  attestedAt: 'tri:attestedAt',
  signature: 'tri:signature',
  lastResort: 'tri:lastResort',
} as const;

/** Context of key packages and their lists. */
export const KEY_PACKAGE_CONTEXT = [
  'https://www.w3.org/ns/activitystreams',
  MLS_CONTEXT,
  KEY_PACKAGE_TERMS,
] as const;
