/** What a client must keep within in conversations. */
import { Ctx, FieldResolver, Int, Resolver } from 'type-graphql';
import { InstanceLimitsType } from '../../accounts/graphql/instance.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { BigIntScalar } from '../../platform/graphql/scalars.js';
import { MESSAGE_LENGTH, MOST_MEMBERS } from '../conversation.js';

@Resolver(() => InstanceLimitsType)
export class InstanceChatLimitsFields {
  @FieldResolver(() => Int, { description: 'Longest message of a conversation, in characters.' })
  chatMessageLength(): number {
    return MESSAGE_LENGTH;
  }

  @FieldResolver(() => Int, {
    description: 'Most people in a conversation, the viewer among them.',
  })
  chatMembers(): number {
    return MOST_MEMBERS;
  }

  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description: 'Bytes of one encrypted file of a chat, as encrypted; null = unlimited.',
  })
  chatAttachmentBytes(
    @Ctx() { config, entitlements, viewer }: GraphQLContext,
  ): Promise<bigint | null> {
    if (viewer) return entitlements.limit(viewer.accountId, 'ATTACHMENT_BYTES');
    return Promise.resolve(BigInt(config.entitlements.attachmentBytes));
  }

  @FieldResolver(() => Int, { description: 'Days that an encrypted file of a chat is kept.' })
  chatAttachmentDays(@Ctx() { config }: GraphQLContext): number {
    return config.media.attachmentKeptDays;
  }
}
