/** Actors as other servers read them. @source ActivityPub §4.1; what Mastodon, Pixelfed and Loops ask of an actor */
import type { ActorKind } from '../../actors/actor.entity.js';
import type { ShownKeys } from '../../devices/devices.queries.js';
import type { ActorRow } from '../../actors/actor.queries.js';
import type { PaymentLink } from '../../actors/payment-link.js';
import type { Config } from '../../platform/config.js';
import { instanceActorUri, keyIdOf, sharedInboxUrl } from '../addresses.js';
import type { PublicProofKey } from '../internal/integrity-proof.js';
import { CONTEXT } from './context.js';
import { keyLogUri } from './key-log-document.js';
import { keyPackagesUri } from './key-package-document.js';
import { CHAT_ACTOR_TERMS } from './mls-context.js';
import type { PictureLink } from './picture-link.js';

/** What an actor document is made of. */
export interface ActorParts {
  readonly actor: ActorRow;
  readonly publicKeyPem: string;
  /** The one that is used first, then those that were. */
  readonly proofKeys: readonly PublicProofKey[];
  /** Identity of the account that it has moved to; null = none. */
  readonly movedToUri: string | null;
  readonly icon: PictureLink | null;
  readonly image: PictureLink | null;
  /** Tags of what name, bio and lines write. */
  readonly tags: readonly object[];
  /** Null = the actor does not chat encrypted. */
  readonly keys: ShownKeys | null;
}

const TYPES: Readonly<Record<ActorKind, string>> = {
  PERSON: 'Person',
  ORGANIZATION: 'Organization',
  GROUP: 'Group',
  BOT: 'Service',
  SERVICE: 'Application',
};

/** Document of a local actor. */
export function actorDocument(config: Config, parts: ActorParts): object {
  const { actor, publicKeyPem, proofKeys, movedToUri, icon, image, tags, keys } = parts;
  return {
    '@context': keys ? [...CONTEXT, CHAT_ACTOR_TERMS] : CONTEXT,
    id: actor.uri,
    type: TYPES[actor.kind],
    preferredUsername: actor.username,
    // Pixelfed and Loops drop actors with an empty name.
    name: actor.displayName === '' ? actor.username : actor.displayName,
    summary: summaryOf(actor),
    url: actor.url,
    published: actor.joinedAt.toISOString(),
    inbox: `${actor.uri}/inbox`,
    outbox: `${actor.uri}/outbox`,
    followers: followersUri(actor.uri),
    following: `${actor.uri}/following`,
    featured: featuredUri(actor.uri),
    featuredTags: `${actor.uri}/featured-tags`,
    streams: [`${actor.uri}/collections`],
    endpoints: { sharedInbox: sharedInboxUrl(config) },
    manuallyApprovesFollowers: actor.isLocked,
    discoverable: actor.isDiscoverable,
    indexable: actor.isIndexable,
    publicKey: publicKey(actor.uri, publicKeyPem),
    assertionMethod: proofKeys.map((key) => multikey(actor.uri, key)),
    attachment: [
      ...actor.fields.map(({ name, valueHtml }) => ({
        type: 'PropertyValue',
        name,
        value: valueHtml,
      })),
      ...actor.paymentLinks.map((link) => paymentLink(link)),
    ],
    ...(actor.alsoKnownAs.length > 0 && { alsoKnownAs: actor.alsoKnownAs }),
    ...(movedToUri !== null && { movedTo: movedToUri }),
    tag: tags,
    ...(keys && chatProperties(actor.uri, keys)),
    ...(icon && { icon: picture(icon) }),
    ...(image && { image: picture(image) }),
  };
}

/** Pixelfed drops an Update of whoever says nothing of themselves, and a text of blanks is nothing to it. */
export function summaryOf({ bioHtml }: Pick<ActorRow, 'bioHtml'>): string {
  return bioHtml === '' ? '<p></p>' : bioHtml;
}

/** As much of a local actor as it takes to check its signatures and to answer it: for those who are told no more. */
export function actorKeyDocument(
  config: Config,
  { actor, publicKeyPem, proofKeys }: Pick<ActorParts, 'actor' | 'publicKeyPem' | 'proofKeys'>,
): object {
  return {
    '@context': CONTEXT,
    id: actor.uri,
    type: TYPES[actor.kind],
    preferredUsername: actor.username,
    inbox: `${actor.uri}/inbox`,
    endpoints: { sharedInbox: sharedInboxUrl(config) },
    publicKey: publicKey(actor.uri, publicKeyPem),
    assertionMethod: proofKeys.map((key) => multikey(actor.uri, key)),
  };
}

/** Document of the server itself. */
export function instanceActorDocument(config: Config, publicKeyPem: string): object {
  const uri = instanceActorUri(config);
  const { host, origin } = config.publicUrl;
  return {
    '@context': CONTEXT,
    id: uri,
    type: 'Application',
    preferredUsername: host,
    name: host,
    summary: '',
    url: `${origin}/`,
    inbox: sharedInboxUrl(config),
    outbox: `${uri}/outbox`,
    endpoints: { sharedInbox: sharedInboxUrl(config) },
    manuallyApprovesFollowers: true,
    publicKey: publicKey(uri, publicKeyPem),
  };
}

/** The collection of what an actor pinned. */
export function featuredUri(actorUri: string): string {
  return `${actorUri}/featured`;
}

/** The collection of an actor's followers, which posts for them are addressed to. */
export function followersUri(actorUri: string): string {
  return `${actorUri}/followers`;
}

/** @source SWICG MLS over ActivityPub; what follows the two lists is ours */
function chatProperties(
  actorUri: string,
  { identityKey, version, signatureKeys }: ShownKeys,
): object {
  return {
    keyPackages: keyPackagesUri(actorUri),
    messages: `${actorUri}/messages`,
    identityKey: identityKey.toString('base64'),
    identityVersion: version,
    devices: signatureKeys.map((key) => key.toString('base64')),
    keyLog: keyLogUri(actorUri),
  };
}

/** @source FEP-0ea0 */
function paymentLink({ name, href }: PaymentLink): object {
  return { type: 'Link', name, href, rel: ['payment'] };
}

/** @source FEP-521a */
function multikey(controller: string, { id, multibase }: PublicProofKey): object {
  return { id, type: 'Multikey', controller, publicKeyMultibase: multibase };
}

function publicKey(ownerUri: string, publicKeyPem: string): object {
  return { id: keyIdOf(ownerUri), owner: ownerUri, publicKeyPem };
}

function picture({ url, mimeType }: PictureLink): object {
  return { type: 'Image', mediaType: mimeType, url };
}
