/** Words of the log of keys. */

/** What an entry of the log tells. */
export const KEY_LOG_KINDS = {
  IDENTITY_SET:
    'The identity key of an actor: `actor` (its uri), `version`, `identityKey` in base64.',
  DEVICE_ADDED:
    'A device of an actor: `actor`, `version` and `identityKey` of the identity that attested it, `signatureKey`, `attestation` and `attestedAt`.',
  DEVICE_REVOKED: 'A device that is no longer valid: `actor` and `signatureKey`.',
} as const;

/** One of the kinds. */
export type KeyLogKind = keyof typeof KEY_LOG_KINDS;

/** An entry as people see it. */
export interface KeyLogEntryRow {
  readonly index: number;
  readonly kind: KeyLogKind;
  readonly payload: Buffer;
  readonly leafHash: Buffer;
  readonly createdAt: Date;
}
