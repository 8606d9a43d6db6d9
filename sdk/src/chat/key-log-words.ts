/** What the log of keys of a server is made of, and what can be wrong with it. */
import { concat, fromBase64, isSame, textOf, toBase64, utf8 } from '../crypto/bytes.js';
import { isAttested, verify } from './identity.js';
import type { StoredHead } from './records.js';

/**
 * What is wrong with the log of a server. `server` is its origin; `identity` the actor whose keys it is about. What another
 * server shows came by way of the own one: which of the two lies cannot be told.
 */
export type KeyLogFinding =
  /** The log, or its signature, is not that of the server that was known. */
  | { readonly kind: 'otherServer'; readonly server: string }
  /** What was in the log before is not in it any more. */
  | { readonly kind: 'rewritten'; readonly server: string }
  /** Somebody else was shown another log, or says so. */
  | { readonly kind: 'splitView'; readonly server: string; readonly from: string }
  /** The server has a log, and shows nothing of somebody in it. */
  | { readonly kind: 'withheld'; readonly server: string; readonly identity: string }
  /** What the server says of somebody is not in the log. */
  | {
      readonly kind: 'notInLog';
      readonly server: string;
      readonly identity: string;
      readonly index: number;
    }
  /** A device of somebody that their key has not signed, or that is used and not in the log. */
  | {
      readonly kind: 'ghostDevice';
      readonly server: string;
      readonly identity: string;
      readonly signatureKey: Uint8Array;
    }
  /** Another key stands for somebody than the known one. `version` 0: the log has none at all. */
  | {
      readonly kind: 'swappedKey';
      readonly server: string;
      readonly identity: string;
      readonly version: number;
    };

/** What an entry says. */
export interface LoggedEntry {
  readonly index: number;
  readonly kind: string;
  /** The bytes that the leaf is made of. */
  readonly payload: Uint8Array;
}

/** A head as the API shows it. */
export interface ShownHead {
  readonly treeSize: number;
  readonly rootHash: string;
  readonly signedAt: string;
  readonly signature: string;
  readonly serverKey: string;
}

/** Somebody as this device knows them, with the devices that it meets them with. */
export interface KnownKeys {
  readonly uri: string;
  /** Null = no key stands for them. */
  readonly identityKey: Uint8Array | null;
  readonly signatureKeys: readonly Uint8Array[];
}

/** A head whose signature is right, by the key that it names; null for any other. */
export function signedHead(server: string, head: ShownHead): StoredHead | null {
  const { treeSize, signedAt } = head;
  const [root, serverKey] = [fromBase64(head.rootHash), fromBase64(head.serverKey)];
  if (Number.isNaN(Date.parse(signedAt))) return null;
  const before = utf8(`triptych/key-log/1\0${server}\0${treeSize}\0`);
  const signed = concat(before, root, utf8(`\0${signedAt}`));
  const isSigned = verify(serverKey, signed, fromBase64(head.signature));
  return isSigned ? { size: treeSize, root, serverKey, signedAt } : null;
}

/** What is said under names. */
export type Says = Readonly<Partial<Record<string, unknown>>>;

/** What a payload says; nothing for what cannot be read. */
export function saysOf(payload: Uint8Array): Says {
  try {
    const says: unknown = JSON.parse(textOf(payload));
    return typeof says === 'object' && says !== null ? (says as Says) : {};
  } catch {
    return {};
  }
}

/** Bytes that are said under a name; none for what are none. */
export function bytesIn(says: Says, name: string): Uint8Array {
  const said = says[name];
  try {
    return fromBase64(typeof said === 'string' ? said : '');
  } catch {
    return new Uint8Array();
  }
}

/** What does not fit between what this device knows of somebody and what the log says. @param entries all of them, in order */
export function findingsAbout(
  server: string,
  { uri, identityKey, signatureKeys }: KnownKeys,
  entries: readonly LoggedEntry[],
): KeyLogFinding[] {
  const about = { server, identity: uri };
  const said = entries.map(({ index, kind, payload }) => ({ index, kind, says: saysOf(payload) }));
  const findings: KeyLogFinding[] = [];
  for (const { index, kind, says } of said)
    if (says['kind'] !== kind || says['actor'] !== uri)
      findings.push({ kind: 'notInLog', ...about, index });
  const identities = said.filter(({ kind }) => kind === 'IDENTITY_SET').map(({ says }) => says);
  const last = identities.at(-1);
  const isSwapped = last
    ? !identityKey || !isSame(bytesIn(last, 'identityKey'), identityKey)
    : identityKey !== null;
  if (isSwapped)
    findings.push({ kind: 'swappedKey', ...about, version: Number(last?.['version'] ?? 0) });
  if (!identityKey && !last) return findings;
  const known = new Set(identities.map((says) => says['identityKey']));
  const logged = new Set<string>();
  for (const { kind, says } of said) {
    if (kind !== 'DEVICE_ADDED') continue;
    const signatureKey = bytesIn(says, 'signatureKey');
    if (known.has(says['identityKey']) && isSignedDevice(uri, says))
      logged.add(toBase64(signatureKey));
    else findings.push({ kind: 'ghostDevice', ...about, signatureKey });
  }
  for (const signatureKey of signatureKeys)
    if (!logged.has(toBase64(signatureKey)))
      findings.push({ kind: 'ghostDevice', ...about, signatureKey });
  return findings;
}

/** Whether the identity that an entry names has signed its device. */
export function isSignedDevice(actorUri: string, says: Says): boolean {
  const said = says['attestedAt'];
  const at = new Date(typeof said === 'string' ? said : Number.NaN);
  if (Number.isNaN(at.getTime())) return false;
  const about = {
    actorUri,
    identityKey: bytesIn(says, 'identityKey'),
    signatureKey: bytesIn(says, 'signatureKey'),
    attestedAt: at.toISOString(),
  };
  return isAttested(about, bytesIn(says, 'attestation'));
}
