/** Key packages as other servers read them: the draft's, with who attested the device. */
import type { ShownOwnPackage } from '../../devices/reserve-key-packages.js';
import { PUBLIC } from '../../platform/activity-streams.js';
import { KEY_PACKAGE_CONTEXT } from './mls-context.js';

const SUITE = 'MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519';

/** The list of the key packages of an actor. */
export function keyPackagesUri(actorUri: string): string {
  return `${actorUri}/key-packages`;
}

/** One of them, as it stands in the list. */
export function keyPackageObject(actorUri: string, shown: ShownOwnPackage): object {
  return {
    id: `${keyPackagesUri(actorUri)}/${shown.id}`,
    type: 'KeyPackage',
    attributedTo: actorUri,
    to: PUBLIC,
    published: shown.createdAt.toISOString(),
    summary: 'A key package of Messaging Layer Security.',
    mediaType: 'message/mls',
    encoding: 'base64',
    // Bare, as Emissary and Bonfire send them.
    content: shown.bytes.toString('base64'),
    ciphersuite: SUITE,
    lastResort: shown.isLastResort,
    attestation: {
      identityKey: shown.identityKey.toString('base64'),
      identityVersion: shown.identityVersion,
      attestedAt: shown.attestedAt.toISOString(),
      signature: shown.attestation.toString('base64'),
    },
  };
}

/** The object as a document of its own. */
export function keyPackageDocument(actorUri: string, shown: ShownOwnPackage): object {
  return { '@context': KEY_PACKAGE_CONTEXT, ...keyPackageObject(actorUri, shown) };
}

/** The list as somebody in particular is shown it: one of each device. */
export function keyPackagesDocument(actorUri: string, shown: readonly ShownOwnPackage[]): object {
  return {
    '@context': KEY_PACKAGE_CONTEXT,
    id: keyPackagesUri(actorUri),
    type: 'Collection',
    attributedTo: actorUri,
    totalItems: shown.length,
    items: shown.map((one) => keyPackageObject(actorUri, one)),
  };
}
