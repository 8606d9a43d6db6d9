/** Words and limits of devices that chat encrypted. */
import type { ActorId } from '../actors/actor.entity.js';
import type { Id } from '../platform/ids.js';

/** Identity of a device. */
export type ChatDeviceId = Id<'chatdevice'>;

/** Most devices that somebody has at a time. */
export const MOST_DEVICES = 6;

/** Characters of the name of a device. */
export const NAME_LENGTH = 60;

/** Characters of the platform of a device. */
export const PLATFORM_LENGTH = 30;

/** Most key packages that are published at once. */
export const PACKAGES_PER_CALL = 100;

/** Most key packages of a device that wait to be claimed. */
export const MOST_PACKAGES = 200;

/** With fewer than these a device is asked for more. */
export const ENOUGH_PACKAGES = 20;

/** Most people whose key packages are claimed at once. */
export const ACTORS_PER_CLAIM = 100;

/** A device as somebody sees it. */
export interface ChatDeviceRow {
  readonly id: ChatDeviceId;
  readonly actorId: ActorId;
  /** Null for everybody but its owner, like all that no other person needs to know. */
  readonly name: string | null;
  readonly platform: string | null;
  readonly lastSeenAt: Date | null;
  readonly signatureKey: Buffer;
  /** The identity key that has attested it; null, like the rest of it, = none: a device of another server. */
  readonly identityVersion: number | null;
  readonly attestation: Buffer | null;
  readonly attestedAt: Date | null;
  readonly createdAt: Date;
  /** Null = it is valid. */
  readonly revokedAt: Date | null;
}

/** The key that stands for a person, whatever device they use. */
export interface ChatIdentityRow {
  readonly actorId: ActorId;
  readonly publicKey: Buffer;
  /** 1 for the first one; each that takes the place of another counts one more. */
  readonly version: number;
  readonly since: Date;
}

/** A key package that was claimed. */
export interface ClaimedKeyPackage {
  readonly ref: Buffer;
  readonly deviceId: ChatDeviceId;
  readonly actorId: ActorId;
  readonly bytes: Buffer;
  readonly isLastResort: boolean;
  readonly ciphersuite: number;
  readonly expiresAt: Date;
}
