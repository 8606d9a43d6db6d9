/** A key package as whoever claimed it sees it. */
import { Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import { Base64BytesScalar, DateTimeScalar } from '../../platform/graphql/scalars.js';
import type { ClaimedKeyPackage } from '../device.js';
import { chatDeviceLoader, ChatDeviceType, type ChatDeviceSource } from './chat-device.type.js';

/** A key package as resolvers see it. */
export type KeyPackageSource = ClaimedKeyPackage;

@ObjectType('KeyPackage', {
  description:
    'What it takes to let a device into an encrypted conversation. Whoever claims one is the only one who ever gets it, unless it is the last resort.',
})
export class KeyPackageType {
  @Field(() => Base64BytesScalar, {
    description: 'Its KeyPackageRef of RFC 9420, by which a Welcome calls it; 32 bytes.',
  })
  ref!: Buffer;

  @Field(() => Base64BytesScalar, {
    name: 'data',
    description:
      'The bare KeyPackage of RFC 9420. Verify it, and that its device is attested: the server could lie.',
  })
  bytes!: Buffer;

  @Field(() => Boolean, {
    description: 'Others get it, too: let its device renew its keys soon after it has joined.',
  })
  isLastResort!: boolean;

  @Field(() => Int, {
    description: 'Number of its ciphersuite; 1 = MLS_128_DHKEMX25519_AES128GCM_SHA256_Ed25519.',
  })
  ciphersuite!: number;

  @Field(() => DateTimeScalar, { description: 'Until when it can be used.' })
  expiresAt!: Date;
}

@Resolver(() => KeyPackageType)
export class KeyPackageFields {
  @FieldResolver(() => ChatDeviceType, {
    nullable: true,
    description: 'The device; null when its person is gone meanwhile.',
  })
  device(
    @Root() { deviceId }: KeyPackageSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ChatDeviceSource | null> {
    return load(context, chatDeviceLoader, deviceId);
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Whose device it is; null when they are gone meanwhile.',
  })
  actor(
    @Root() { actorId }: KeyPackageSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    return load(context, actorLoader, actorId);
  }
}
