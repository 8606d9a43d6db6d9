/** What the staff did, as the staff and the person concerned see it. */
import { Ctx, Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import {
  AdminAccountType,
  staffActorLoader,
  type AdminAccountSource,
} from '../../accounts/graphql/admin.type.js';
import { ruleLoader, RuleType, type RuleSource } from '../../accounts/graphql/instance.type.js';
import type { ActorId } from '../../actors/actor.entity.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { includesRole } from '../../platform/require-viewer.js';
import {
  MODERATION_ACTION_KINDS,
  type ModerationActionId,
  type ModerationActionKind,
  type ModerationActionRow,
} from '../moderation-action.js';
import { findActionsOfTargets, findModerationActions } from '../moderation-actions.queries.js';

/** An action as resolvers see it. */
export type ModerationActionSource = ModerationActionRow & NodeSource;

/** GraphQL enum of the kinds. */
export const ModerationActionKindEnum = describedEnum(
  'ModerationActionKind',
  'What a moderator can do.',
  MODERATION_ACTION_KINDS,
);

@ObjectType('ModerationAction', {
  implements: [Node],
  description: 'What a moderator did about an actor. For the staff and the person concerned.',
})
export class ModerationActionType {
  @Field(() => ModerationActionKindEnum, { description: 'What was done.' })
  kind!: ModerationActionKind;

  @Field(() => String, { description: 'Why, in plain text.' })
  reason!: string;

  @Field(() => DateTimeScalar, { description: 'When.' })
  createdAt!: Date;
}

/** Actions: for moderators all, for others those about themselves. */
export const moderationActionLoader = defineLoader<ModerationActionId, ModerationActionSource>(
  async (context, ids) => {
    const { viewer, database } = context;
    if (!viewer) return new Map();
    const targetId = isModerator(context) ? null : viewer.actorId;
    const rows = await findModerationActions(database, ids, targetId);
    return new Map(rows.map((row) => [row.id, toActionSource(row)]));
  },
);

/** `moderationaction_…` ids. */
export const moderationActionNode = defineNode(
  'moderationaction',
  ['ModerationAction'],
  moderationActionLoader,
);

const MAX_STRIKES = 50;

const strikesLoader = defineLoader<ActorId, ModerationActionSource[]>(async (context, ids) => {
  const strikes = new Map<string, ModerationActionSource[]>(ids.map((id) => [id, []]));
  for (const row of await findActionsOfTargets(context.database, ids, MAX_STRIKES))
    strikes.get(row.targetId)?.push(toActionSource(row));
  return strikes;
});

function toActionSource(row: ModerationActionRow): ModerationActionSource {
  return { ...row, nodeType: 'ModerationAction' };
}

@Resolver(() => ModerationActionType)
export class ModerationActionFields {
  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who it is about; null when that actor is gone.',
  })
  target(
    @Root() action: ModerationActionSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    return load(context, staffActorLoader, action.targetId);
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who did it; null for everybody but the staff, and when that account is gone.',
  })
  moderator(
    @Root() action: ModerationActionSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> | null {
    return isModerator(context) && action.moderatorId
      ? load(context, staffActorLoader, action.moderatorId)
      : null;
  }

  @FieldResolver(() => [RuleType], {
    description: 'Rules of this server that it names, as far as they still stand.',
  })
  @ListSize({ assumedSize: 3 })
  async rules(
    @Root() action: ModerationActionSource,
    @Ctx() context: GraphQLContext,
  ): Promise<RuleSource[]> {
    const rules = await Promise.all(action.ruleIds.map((id) => load(context, ruleLoader, id)));
    return rules.filter((rule) => rule !== null);
  }
}

@Resolver(() => AdminAccountType)
export class AdminAccountStrikeFields {
  @FieldResolver(() => [ModerationActionType], {
    description: 'What the staff did about this person, the latest first, at most 50.',
  })
  @RequiresScope('admin:read:reports')
  @Cost(5)
  @ListSize({ assumedSize: 5 })
  async strikes(
    @Root() account: AdminAccountSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ModerationActionSource[]> {
    return (await load(context, strikesLoader, account.actorId)) ?? [];
  }
}

function isModerator({ viewer }: GraphQLContext): boolean {
  return viewer !== null && includesRole(viewer.role, 'MODERATOR');
}
