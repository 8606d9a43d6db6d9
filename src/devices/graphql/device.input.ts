/** Inputs and answers of the mutations about devices and key packages. */
import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload, UserError } from '../../platform/graphql/user-error.js';
import { ChatDeviceType, type ChatDeviceSource } from './chat-device.type.js';
import { KeyPackageType, type KeyPackageSource } from './key-package.type.js';

@ObjectType('IdentityMismatchError', {
  implements: UserError,
  description:
    'The account has another identity key. A person who has lost it can put a new one in its place, of which everybody they chat with is warned.',
})
export class IdentityMismatchError extends UserError {
  @Field(() => Base64BytesScalar, { description: 'The identity key of the account.' })
  knownKey!: Buffer;

  @Field(() => Int, { description: 'Its `version`.' })
  knownVersion!: number;
}

@InputType('RegisterChatDeviceInput', { description: 'A device, and what its keys have signed.' })
export class RegisterChatDeviceInput {
  @Field(() => String, { description: 'What its person calls it, 1–60 characters.' })
  name!: string;

  @Field(() => String, { description: 'What it runs on, 1–30 characters, such as `Android`.' })
  platform!: string;

  @Field(() => Base64BytesScalar, {
    description:
      'Ed25519 public key of its leaves in MLS, 32 bytes. It can never be that of another device.',
  })
  signatureKey!: Buffer;

  @Field(() => Base64BytesScalar, {
    description:
      'Ed25519 public key that stands for the person, 32 bytes: the first device makes it, and the others get it from a device, never from the server.',
  })
  identityKey!: Buffer;

  @Field(() => Base64BytesScalar, {
    description:
      'Ed25519 signature of the identity key over `triptych/device/1`, a zero byte, the URI of the actor, a zero byte, `signatureKey`, a zero byte and `attestedAt` as in 2026-03-01T12:00:00.000Z.',
  })
  attestation!: Buffer;

  @Field(() => DateTimeScalar, {
    description: 'When this was signed, at most 10 minutes off; to the millisecond.',
  })
  attestedAt!: Date;

  @Field(() => Base64BytesScalar, {
    description:
      'Ed25519 signature of the signature key over `triptych/device-proof/1`, a zero byte, the URI of the actor, a zero byte, `identityKey`, a zero byte and `attestedAt`.',
  })
  proof!: Buffer;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'True: another identity key takes the place of the known one, and all former devices are revoked.',
  })
  replacesIdentity!: boolean;
}

@ObjectType('RegisterChatDevicePayload', { description: 'Result of registerChatDevice.' })
export class RegisterChatDevicePayload extends Payload {
  @Field(() => ChatDeviceType, { nullable: true, description: 'The device; null when refused.' })
  device!: ChatDeviceSource | null;
}

@InputType('RevokeChatDeviceInput', { description: 'Which device to revoke.' })
export class RevokeChatDeviceInput {
  @Field(() => ID, { description: 'An own device.' })
  deviceId!: string;
}

@ObjectType('RevokeChatDevicePayload', { description: 'Result of revokeChatDevice.' })
export class RevokeChatDevicePayload extends Payload {
  @Field(() => ChatDeviceType, { nullable: true, description: 'The device; null when refused.' })
  device!: ChatDeviceSource | null;
}

@InputType('KeyPackageInput', { description: 'A key package.' })
export class KeyPackageInput {
  @Field(() => Base64BytesScalar, {
    description: 'A KeyPackage of RFC 9420, bare or as an MLSMessage, at most 4,096 bytes.',
  })
  data!: Buffer;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'It is given out, again and again, when nothing else is left. A device has exactly one.',
  })
  isLastResort!: boolean;
}

@InputType('PublishKeyPackagesInput', { description: 'Key packages of a device.' })
export class PublishKeyPackagesInput {
  @Field(() => ID, { description: 'An own device that is valid.' })
  deviceId!: string;

  @Field(() => [KeyPackageInput], {
    description: '1 to 100, the first of a device with its last resort among them.',
  })
  keyPackages!: KeyPackageInput[];
}

@ObjectType('PublishKeyPackagesPayload', { description: 'Result of publishKeyPackages.' })
export class PublishKeyPackagesPayload extends Payload {
  @Field(() => ChatDeviceType, { nullable: true, description: 'The device; null when refused.' })
  device!: ChatDeviceSource | null;
}

@InputType('ClaimKeyPackagesInput', { description: 'Whose key packages are wanted.' })
export class ClaimKeyPackagesInput {
  @Field(() => [ID], {
    description: '1 to 100 people; the viewer themselves for their other devices.',
  })
  actorIds!: string[];

  @Field(() => [ID], {
    defaultValue: [],
    description:
      'Devices that need none, such as the one that asks; at most 100. What is none of these people’s is passed over.',
  })
  exceptDeviceIds!: string[];
}

@ObjectType('ClaimKeyPackagesPayload', { description: 'Result of claimKeyPackages.' })
export class ClaimKeyPackagesPayload extends Payload {
  @Field(() => [KeyPackageType], {
    nullable: true,
    description: 'One of each valid device; null when refused.',
  })
  keyPackages!: KeyPackageSource[] | null;

  @Field(() => [ActorType], {
    nullable: true,
    description:
      'People who gave none: they do not chat encrypted, or not with the viewer. Null when refused.',
  })
  actorsWithoutPackages!: ActorSource[] | null;
}
