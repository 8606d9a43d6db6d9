/** How the viewer and another actor relate. One node per pair, so that every change updates caches. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import type { ActorId } from '../actor.entity.js';
import { findRelationships, type RelationshipRow } from '../relationship.queries.js';
import { actorLoader, type ActorSource } from './actor.loader.js';
import { ActorType } from './actor.type.js';

/** A relationship as resolvers see it. */
export type RelationshipSource = RelationshipRow & NodeSource;

/** Relationships of the viewer, by the other actor's id; empty for anonymous requests. */
export const relationshipLoader = defineLoader<ActorId, RelationshipSource>(
  async (context, actorIds) => {
    const viewerId = context.viewer?.actorId;
    if (!viewerId) return new Map();
    const rows = await findRelationships(context.database, viewerId, actorIds, context.clock.now());
    return new Map(
      rows.map((row) => [
        row.actorId,
        { ...row, id: pairId(viewerId, row.actorId), nodeType: 'Relationship' },
      ]),
    );
  },
);

/** `relationship_…` ids: only the viewer of the pair can read theirs. */
export const relationshipNode = defineNode<string, RelationshipSource>(
  'relationship',
  ['Relationship'],
  defineLoader<string, RelationshipSource>(async (context, ids) => {
    const viewerId = context.viewer?.actorId;
    if (!viewerId) return new Map();
    const actorIds = ids.map((id) => otherOfPair(viewerId, id));
    const known = await Promise.all(actorIds.map((id) => load(context, actorLoader, id)));
    const found = await Promise.all(
      known.map(async (actor) =>
        actor && actor.id !== viewerId ? load(context, relationshipLoader, actor.id) : null,
      ),
    );
    return new Map(ids.flatMap((id, index) => (found[index] ? [[id, found[index]] as const] : [])));
  }),
);

/**
 * The id of an ordered pair: both UUIDs in the space of one. With one's own id the other can be
 * read back, so nothing is stored; the rotation keeps A→B and B→A apart.
 */
function pairId(viewerId: ActorId, otherId: ActorId): string {
  return formatHex(hexOf(viewerId) ^ rotate(hexOf(otherId), 8n));
}

function otherOfPair(viewerId: ActorId, id: string): ActorId {
  return formatHex(rotate(hexOf(id) ^ hexOf(viewerId), 120n)) as ActorId;
}

function hexOf(id: string): bigint {
  return BigInt(`0x${id.replaceAll('-', '')}`);
}

function rotate(value: bigint, bits: bigint): bigint {
  return BigInt.asUintN(128, (value << bits) | (value >> (128n - bits)));
}

function formatHex(value: bigint): string {
  const hex = value.toString(16).padStart(32, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

@ObjectType('Relationship', {
  implements: Node,
  description: 'How the viewer and another actor relate. Only the viewer sees it.',
})
export class RelationshipType {
  @Field(() => Boolean, { description: 'The viewer follows the actor, and was accepted.' })
  isFollowing!: boolean;

  @Field(() => Boolean, { description: 'The actor follows the viewer.' })
  isFollowedBy!: boolean;

  @Field(() => Boolean, { description: 'The viewer asked to follow and waits for the answer.' })
  isRequested!: boolean;

  @Field(() => Boolean, { description: 'The actor asked to follow the viewer.' })
  hasRequestedViewer!: boolean;

  @Field(() => Boolean, { description: 'The viewer blocks the actor.' })
  isBlocking!: boolean;

  @Field(() => Boolean, { description: 'The actor blocks the viewer.' })
  isBlockedBy!: boolean;

  @Field(() => Boolean, { description: 'The viewer blocks the server of the actor.' })
  isDomainBlocked!: boolean;

  @Field(() => Boolean, { description: 'The viewer’s timelines leave the actor out.' })
  isMuting!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the mute ends; null = it has no end, or there is none.',
  })
  mutedUntil!: Date | null;

  @Field(() => Boolean, { description: 'The mute holds for notifications, too.' })
  isMutingNotifications!: boolean;

  @Field(() => Boolean, { description: 'The viewer is told of every new post of the actor.' })
  notifiesOnPost!: boolean;

  @Field(() => Boolean, { description: 'The actor’s reposts show in the viewer’s home timeline.' })
  showsReposts!: boolean;

  @Field(() => Boolean, {
    description: 'The actor is on the viewer’s list of close friends, which nobody else sees.',
  })
  isCloseFriend!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Since when the viewer follows; null = does not.',
  })
  followedAt!: Date | null;
}

@Resolver(() => RelationshipType)
export class RelationshipFields {
  @FieldResolver(() => ActorType, { description: 'The other actor.' })
  actor(
    @Root() relationship: RelationshipSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    return load(context, actorLoader, relationship.actorId);
  }
}
