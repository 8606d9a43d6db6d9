/** Devices and identities as the API shows them. */
import { Field, Int, ObjectType } from 'type-graphql';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import type { ChatDeviceId, ChatDeviceRow } from '../device.js';
import { findChatDevices } from '../devices.queries.js';

/** A device as resolvers see it. */
export type ChatDeviceSource = ChatDeviceRow & NodeSource;

@ObjectType('ChatDevice', {
  implements: [Node],
  description:
    'A device with which somebody chats encrypted. Whoever sees its person sees it, unless a block stands between them.',
})
@RequiresScope('chat')
export class ChatDeviceType {
  @Field(() => String, {
    nullable: true,
    description: 'What its person calls it; null for everybody else.',
  })
  name!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What it runs on, as it says; null for everybody but its person.',
  })
  platform!: string | null;

  @Field(() => Base64BytesScalar, {
    description: 'Ed25519 public key of its leaves in MLS, 32 bytes. It never changes.',
  })
  signatureKey!: Buffer;

  @Field(() => Int, {
    nullable: true,
    description:
      '`version` of the identity key that has attested it; null for a device of another server that no identity key has attested.',
  })
  identityVersion!: number | null;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description:
      'Ed25519 signature of the identity key over `triptych/device/1`, a zero byte, the URI of the actor, a zero byte, `signatureKey`, a zero byte and `attestedAt`. Verify it: the server could lie. Null for a device of another server that nobody has attested.',
  })
  attestation!: Buffer | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it was attested; signed with milliseconds and `Z`. Null as `attestation` is.',
  })
  attestedAt!: Date | null;

  @Field(() => DateTimeScalar, { description: 'When it was taken into use.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'When it last asked for something, to ten minutes; null for everybody but its person.',
  })
  lastSeenAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was revoked: encrypt nothing to it. Null = it is valid.',
  })
  revokedAt!: Date | null;
}

@ObjectType('ChatIdentity', {
  description: 'The key that stands for a person in encrypted chat: it attests their devices.',
})
@RequiresScope('chat')
export class ChatIdentityType {
  @Field(() => Base64BytesScalar, {
    name: 'key',
    description:
      'Ed25519 public key, 32 bytes. Compare it with the person by other means: the server could lie.',
  })
  publicKey!: Buffer;

  @Field(() => Int, {
    description:
      '1 for the first one; each that takes the place of another counts one more. Warn people when it grows.',
  })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'Since when.' })
  since!: Date;
}

/** Shapes a row. */
export function toChatDeviceSource(row: ChatDeviceRow): ChatDeviceSource {
  return { ...row, nodeType: 'ChatDevice' };
}

/** Devices that the viewer sees; anonymous clients see none. */
export const chatDeviceLoader = defineLoader<ChatDeviceId, ChatDeviceSource>(
  async ({ database, viewer }, ids) => {
    const rows = viewer ? await findChatDevices(database, ids, viewer.actorId) : [];
    return new Map(rows.map((row) => [row.id, toChatDeviceSource(row)]));
  },
);

/** `chatdevice_…` ids. */
export const chatDeviceNode = defineNode('chatdevice', ['ChatDevice'], chatDeviceLoader);
