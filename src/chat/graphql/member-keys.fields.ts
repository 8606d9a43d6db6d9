/** Keys of people in the group of a conversation. */
import { Arg, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { MOST_DEVICES } from '../../devices/device.js';
import {
  findMemberKeys,
  type MemberDeviceRow,
  type MemberKeysRow,
} from '../member-keys.queries.js';
import { ConversationType, type ConversationSource } from './conversation.type.js';

@ObjectType('MemberDevice', {
  description: 'A device of somebody in an encrypted group. For those who are in it with a device.',
})
export class MemberDeviceType {
  @Field(() => Base64BytesScalar, { description: 'As `ChatDevice.signatureKey`.' })
  signatureKey!: Buffer;

  @Field(() => Base64BytesScalar, {
    nullable: true,
    description: 'As `ChatDevice.attestation`; null when its server shows none.',
  })
  attestation!: Buffer | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'As `ChatDevice.attestedAt`; null with `attestation`.',
  })
  attestedAt!: Date | null;
}

@ObjectType('MemberKeys', {
  description:
    'The identity of somebody in an encrypted group and their valid devices. For those who are in it with a device.',
})
export class MemberKeysType {
  @Field(() => Base64BytesScalar, { description: 'As `ChatIdentity.key`.' })
  identityKey!: Buffer;

  @Field(() => Int, { description: 'As `ChatIdentity.version`.' })
  identityVersion!: number;

  @Field(() => [MemberDeviceType], {
    description: `At most ${MOST_DEVICES}, the oldest first.`,
  })
  @ListSize({ assumedSize: 3 })
  devices!: readonly MemberDeviceRow[];
}

const keysLoader = defineLoader<string, MemberKeysRow>(async (context, names) => {
  const choices = names.map((name) => {
    const [conversationId, actorUri] = name.split(' ', 2) as [string, string];
    return { conversationId, actorUri };
  });
  const { actorId } = requireViewer(context);
  const found = await findMemberKeys(context.database, choices, actorId);
  return new Map(found.flatMap((keys, index) => (keys ? [[names[index]!, keys] as const] : [])));
});

@Resolver(() => ConversationType)
export class MemberKeysFields {
  @FieldResolver(() => MemberKeysType, {
    nullable: true,
    description:
      'Keys of somebody who is in the group of this conversation, to check the devices in its tree; null when they are not, or the viewer is not. Unlike `Actor.chatIdentity` it does not end at a block: whoever reads with somebody has to know whose devices those are. Names and all else stay hidden.',
  })
  @Cost(2)
  memberKeys(
    @Root() { id }: ConversationSource,
    @Arg('actorUri', () => String, {
      description: '`Actor.uri`, as the leaves of the tree have it.',
    })
    actorUri: string,
    @Ctx() context: GraphQLContext,
  ): Promise<MemberKeysRow | null> {
    if (actorUri.includes(' ')) return Promise.resolve(null);
    return load(context, keysLoader, `${id} ${actorUri}`);
  }
}
