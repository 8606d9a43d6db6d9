/** What the person may use, and what they use. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { EntitlementKey } from '../../platform/entitlements.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { BigIntScalar } from '../../platform/graphql/scalars.js';
import { EntitlementKeyEnum } from '../../platform/graphql/user-error.js';
import { effectiveEntitlements, type EffectiveEntitlement } from '../entitlements.js';
import type { ViewerSource } from './viewer.loader.js';
import { ViewerType } from './viewer.type.js';

@ObjectType('Entitlement', {
  description: 'A limit of the account and where it comes from. Only its owner sees it.',
})
export class EntitlementType {
  @Field(() => EntitlementKeyEnum, { description: 'Which limit.' })
  key!: EntitlementKey;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'The limit in the unit of the key; null = unlimited.',
  })
  value!: bigint | null;

  @Field(() => String, { description: '`default`, or what granted it.' })
  source!: string;
}

@Resolver(() => EntitlementType)
export class EntitlementFields {
  @FieldResolver(() => BigIntScalar, {
    nullable: true,
    description: 'What is used now in the unit of the key; null for limits of single things.',
  })
  used(
    @Root() entitlement: EffectiveEntitlement,
    @Ctx() context: GraphQLContext,
  ): Promise<bigint | null> {
    const { viewer, entitlements } = context;
    return viewer ? entitlements.used(viewer, entitlement.key) : Promise.resolve(null);
  }
}

@ObjectType('StorageUsage', { description: 'Stored bytes and quota.' })
export class StorageUsageType {
  @Field(() => BigIntScalar, { description: 'Bytes in use, uploads under way included.' })
  usedBytes!: bigint;

  @Field(() => BigIntScalar, {
    nullable: true,
    description: 'Bytes that may be used; null = unlimited.',
  })
  quotaBytes!: bigint | null;
}

@Resolver(() => ViewerType)
export class ViewerEntitlementFields {
  @FieldResolver(() => [EntitlementType], { description: 'Every limit of the account.' })
  @RequiresScope('read:account')
  @ListSize({ assumedSize: 10 })
  @Cost(5)
  entitlements(
    @Root() viewer: ViewerSource,
    @Ctx() context: GraphQLContext,
  ): Promise<EffectiveEntitlement[]> {
    const { database, clock, config } = context;
    return effectiveEntitlements({ database, clock, defaults: config.entitlements }, viewer.id);
  }

  @FieldResolver(() => StorageUsageType, { description: 'Storage in use.' })
  @RequiresScope('read:account')
  @Cost(5)
  async storage(
    @Root() viewer: ViewerSource,
    @Ctx() { entitlements }: GraphQLContext,
  ): Promise<StorageUsageType> {
    const owner = { accountId: viewer.id, actorId: viewer.actorId };
    const [used, quota] = await Promise.all([
      entitlements.used(owner, 'STORAGE_BYTES'),
      entitlements.limit(viewer.id, 'STORAGE_BYTES'),
    ]);
    return { usedBytes: used ?? 0n, quotaBytes: quota };
  }
}
