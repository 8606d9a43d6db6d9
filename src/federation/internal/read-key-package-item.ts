/** Key packages as other servers show them: of the draft, and with what we add to it. @source SWICG MLS over ActivityPub */
import type { OfferedRemotePackage, ShownAttestation } from '../../devices/shown-package.js';
import { MOST_IDENTITIES } from '../../devices/shown-package.js';
import { KEY_PACKAGE_BYTES } from '../../mls/key-package.js';
import { PUBLIC_KEY_BYTES, SIGNATURE_BYTES } from '../../platform/ed25519.js';
import { readMlsContent } from './read-mls-content.js';
import { idOf, instantOf, objectOf, textOf } from './read-properties.js';

/** One item of the list of an actor; null for what is none of it. What is in it is checked by whoever keeps it. */
export function readKeyPackageItem(item: unknown, actorUri: string): OfferedRemotePackage | null {
  const document = objectOf(item);
  if (!document) return null;
  const owner = idOf(document['attributedTo']);
  const bytes = readMlsContent(document);
  if ((owner !== null && owner !== actorUri) || !bytes) return null;
  // A wrapped one has four bytes more.
  if (bytes.length > KEY_PACKAGE_BYTES + 4) return null;
  const said = document['attestation'];
  const attested = said === undefined || said === null ? null : readAttestation(said);
  if (said !== undefined && said !== null && !attested) return null;
  return { bytes, attested, isShared: !attested || document['lastResort'] !== false };
}

function readAttestation(said: unknown): ShownAttestation | null {
  const { identityKey, identityVersion, attestedAt, signature } = objectOf(said) ?? {};
  const key = bytesOf(identityKey, PUBLIC_KEY_BYTES);
  const attestation = bytesOf(signature, SIGNATURE_BYTES);
  const at = instantOf(attestedAt);
  const isVersion =
    Number.isInteger(identityVersion) &&
    Number(identityVersion) >= 1 &&
    Number(identityVersion) <= MOST_IDENTITIES;
  if (!key || !attestation || !at || !isVersion) return null;
  return {
    identityKey: key,
    identityVersion: Number(identityVersion),
    attestedAt: at,
    attestation,
  };
}

function bytesOf(value: unknown, length: number): Buffer | null {
  const bytes = Buffer.from(textOf(value) ?? '', 'base64');
  return bytes.length === length ? bytes : null;
}
