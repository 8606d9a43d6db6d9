/** An actor document of another server, reduced to what we keep of it. */
import type { ActorKind } from '../../actors/actor.entity.js';
import type { RemoteEmoji } from '../../emojis/keep-remote-emojis.js';
import type { RemoteProfile } from '../../actors/save-remote-actor.js';
import { originOf } from '../addresses.js';
import type { IdentifiedDocument } from './fetch-document.js';
import type { PublicProofKey } from './integrity-proof.js';
import { fromMultikey } from './multibase.js';
import { hasText } from './note-text.js';
import { MalformedDocument } from './read-document.js';
import { emojisOf } from './read-emojis.js';
import { readWidestPicture } from './read-picture.js';
import {
  idOf,
  idsOf,
  instantOf,
  isShortAddress,
  listOf,
  objectOf,
  textOf,
  typeOf,
  pageOf,
} from './read-properties.js';

/** How an actor is reached, and the key with which it signs. */
export interface RemoteEndpoints {
  readonly inboxUrl: string;
  readonly sharedInboxUrl: string | null;
  readonly followersUri: string | null;
  readonly followingUri: string | null;
  readonly outboxUri: string | null;
  /** Collection of pinned posts. */
  readonly featuredUri: string | null;
  /** Collection of key packages; null = the actor does not chat encrypted. */
  readonly keyPackagesUri: string | null;
  /** What the log of keys of its server says of it; null = the document names no such log. */
  readonly keyLogUri: string | null;
  readonly keyId: string;
  readonly publicKeyPem: string;
  /** Keys by which the actor proves what it says. */
  readonly proofKeys: readonly PublicProofKey[];
  /** Where the actor says that it has moved, perhaps by the page of it; null = nowhere. */
  readonly movedToUri: string | null;
}

/** A read document; `profile.domain` is that of the address until WebFinger says more. */
export interface ReadActor {
  readonly profile: RemoteProfile;
  readonly endpoints: RemoteEndpoints;
  /** That name, bio and lines use. */
  readonly emojis: readonly RemoteEmoji[];
}

const KINDS: Readonly<Record<string, ActorKind>> = {
  Person: 'PERSON',
  Organization: 'ORGANIZATION',
  Group: 'GROUP',
  Service: 'BOT',
  Application: 'SERVICE',
};
const TYPES = new Set(Object.keys(KINDS));
const USERNAME = /^[\p{L}\p{N}_.~-]{1,255}$/u;
const MOST_KEYS = 8;

/** Whether something can be the first part of a handle: nothing in it changes how the rest looks. */
export function isUsername(text: string): boolean {
  return USERNAME.test(text);
}

/** Whether a document is that of an actor. */
export function isActor(document: IdentifiedDocument): boolean {
  return typeOf(document, TYPES) !== null;
}

/**
 * Reads an actor from where it stands.
 *
 * @throws {MalformedDocument} when it is no actor, or one of its addresses belongs to another server
 */
export function readActor(document: IdentifiedDocument): ReadActor {
  const type = typeOf(document, TYPES);
  const username = textOf(document['preferredUsername']);
  if (!isShortAddress(document.id)) throw new MalformedDocument('The id is too long.');
  if (type === null || username === null || !isUsername(username))
    throw new MalformedDocument('The document is no actor.');
  const own = (value: unknown): string | null => ownAddress(document.id, value);
  const inboxUrl = own(document['inbox']);
  if (inboxUrl === null) throw new MalformedDocument('The actor has no inbox of its own server.');
  const { keyId, publicKeyPem } = readKey(document);
  const summary = textOf(document['summary']) ?? '';
  return {
    profile: {
      uri: document.id,
      url: pageOf(document['url']) ?? document.id,
      kind: KINDS[type]!,
      username,
      domain: new URL(document.id).host.toLowerCase(),
      displayName: textOf(document['name']) ?? '',
      bioHtml: hasText(summary) ? summary : '',
      avatar: readWidestPicture(document['icon']),
      header: readWidestPicture(document['image']),
      fields: readFields(document['attachment']),
      paymentLinks: readPaymentLinks(document['attachment']),
      isLocked: document['manuallyApprovesFollowers'] === true,
      isDiscoverable: document['discoverable'] === true,
      isIndexable: document['indexable'] === true,
      alsoKnownAs: readAliases(document),
      joinedAt: instantOf(document['published']),
    },
    endpoints: {
      inboxUrl,
      sharedInboxUrl: own(objectOf(document['endpoints'])?.['sharedInbox']),
      followersUri: own(document['followers']),
      followingUri: own(document['following']),
      outboxUri: own(document['outbox']),
      featuredUri: own(document['featured']),
      keyPackagesUri: own(document['keyPackages']),
      keyLogUri: own(document['keyLog']),
      keyId,
      publicKeyPem,
      proofKeys: readProofKeys(document),
      movedToUri: pageOf(document['movedTo']),
    },
    emojis: emojisOf(document),
  };
}

function readAliases(document: IdentifiedDocument): readonly string[] {
  const named = idsOf(document['alsoKnownAs']).filter(
    (uri) => isShortAddress(uri) && originOf(uri) !== null && uri !== document.id,
  );
  return [...new Set(named)];
}

/** An address of the actor's own server: nobody sends us to somebody else. */
function ownAddress(actorUri: string, value: unknown): string | null {
  const address = idOf(value);
  const isOwn = address !== null && isShortAddress(address);
  return isOwn && originOf(address) === originOf(actorUri) ? address : null;
}

/** The first key that the actor itself owns. A key counts only because the actor names it. */
function readKey(document: IdentifiedDocument): { keyId: string; publicKeyPem: string } {
  for (const one of listOf(document['publicKey']).slice(0, MOST_KEYS)) {
    const key = objectOf(one);
    const [keyId, publicKeyPem] = [ownAddress(document.id, key), textOf(key?.['publicKeyPem'])];
    if (keyId !== null && publicKeyPem !== null && idOf(key?.['owner']) === document.id)
      return { keyId, publicKeyPem };
  }
  throw new MalformedDocument('The actor has no key.');
}

/** Those that the actor itself controls. @source FEP-521a */
function readProofKeys(document: IdentifiedDocument): PublicProofKey[] {
  return listOf(document['assertionMethod'])
    .slice(0, MOST_KEYS)
    .map((one) => objectOf(one))
    .filter((key) => key?.['type'] === 'Multikey' && idOf(key['controller']) === document.id)
    .map((key) => ({
      id: ownAddress(document.id, key) ?? '',
      multibase: textOf(key?.['publicKeyMultibase']) ?? '',
    }))
    .filter(({ id, multibase }) => id !== '' && fromMultikey(multibase) !== null);
}

/** @source FEP-0ea0 */
function readPaymentLinks(attachments: unknown): RemoteProfile['paymentLinks'] {
  return listOf(attachments)
    .map((one) => objectOf(one))
    .filter((one) => one?.['type'] === 'Link' && listOf(one['rel']).includes('payment'))
    .map((one) => ({ name: textOf(one?.['name']) ?? '', href: textOf(one?.['href']) ?? '' }));
}

function readFields(attachments: unknown): RemoteProfile['fields'] {
  return listOf(attachments)
    .map((one) => objectOf(one))
    .filter((one) => one?.['type'] === 'PropertyValue')
    .map((one) => ({
      name: textOf(one?.['name']) ?? '',
      valueHtml: textOf(one?.['value']) ?? '',
    }));
}
