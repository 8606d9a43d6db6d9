/** What a device and its person show beside their rows. */
import { Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { MOST_DEVICES, type ChatIdentityRow } from '../device.js';
import {
  countKeyPackages,
  findChatDevicesOf,
  findChatIdentities,
  needsKeyPackages,
} from '../devices.queries.js';
import { fingerprintOf } from '../fingerprint.js';
import {
  ChatDeviceType,
  ChatIdentityType,
  toChatDeviceSource,
  type ChatDeviceSource,
} from './chat-device.type.js';

const devicesLoader = defineLoader<string, ChatDeviceSource[]>(async (context, ids) => {
  const rows = await findChatDevicesOf(context.database, ids, requireViewer(context).actorId);
  return Map.groupBy(rows.map(toChatDeviceSource), ({ actorId }) => actorId as string);
});
const identityLoader = defineLoader<string, ChatIdentityRow>(async (context, ids) => {
  const rows = await findChatIdentities(context.database, ids, requireViewer(context).actorId);
  return new Map(rows.map((row) => [row.actorId, row]));
});
const countLoader = defineLoader<string, number>(async ({ database, clock }, ids) => {
  const rows = await countKeyPackages(database, ids, clock.now());
  return new Map(rows.map(({ id, count }) => [id, count]));
});

@Resolver(() => ChatDeviceType)
export class ChatDeviceFields {
  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Whose it is; null when they are gone meanwhile.',
  })
  actor(
    @Root() { actorId }: ChatDeviceSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    return load(context, actorLoader, actorId);
  }

  @FieldResolver(() => String, {
    description:
      '30 digits in six groups that people can compare: the first six times five bytes of SHA-512 over `triptych/fingerprint/1`, a zero byte and `signatureKey`, each modulo 100,000.',
  })
  fingerprint(@Root() { signatureKey }: ChatDeviceSource): string {
    return fingerprintOf(signatureKey);
  }

  @FieldResolver(() => Int, {
    nullable: true,
    description:
      'Key packages of it that wait, without the last resort; null for everybody but its person.',
  })
  @Cost(3)
  keyPackageCount(
    @Root() device: ChatDeviceSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number | null> {
    return ownCount(context, device);
  }

  @FieldResolver(() => Boolean, {
    nullable: true,
    description:
      'Fewer than 20 wait: publish more. Null for everybody but its person, and for a revoked one.',
  })
  @Cost(3)
  async needsKeyPackages(
    @Root() device: ChatDeviceSource,
    @Ctx() context: GraphQLContext,
  ): Promise<boolean | null> {
    if (device.revokedAt) return null;
    const count = await ownCount(context, device);
    return count === null ? null : needsKeyPackages(count);
  }
}

async function ownCount(
  context: GraphQLContext,
  { id, actorId }: ChatDeviceSource,
): Promise<number | null> {
  if (context.viewer?.actorId !== actorId) return null;
  return (await load(context, countLoader, id)) ?? 0;
}

@Resolver(() => ActorType)
export class ActorChatFields {
  @FieldResolver(() => ChatIdentityType, {
    nullable: true,
    description:
      'The key that stands for them in encrypted chat; null when they do not chat encrypted, and behind a block.',
  })
  @RequiresScope('chat')
  chatIdentity(
    @Root() { id }: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ChatIdentityRow | null> {
    return load(context, identityLoader, id);
  }

  @FieldResolver(() => [ChatDeviceType], {
    description: `Their valid devices, at most ${MOST_DEVICES}, the oldest first; none behind a block.`,
  })
  @RequiresScope('chat')
  @ListSize({ assumedSize: 3 })
  async chatDevices(
    @Root() { id }: ActorSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ChatDeviceSource[]> {
    return (await load(context, devicesLoader, id)) ?? [];
  }
}
