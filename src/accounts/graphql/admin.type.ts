/** The staff's root, and accounts as the staff sees them. Slices above add their own fields to it. */
import { Args, Ctx, Field, FieldResolver, ObjectType, Query, Resolver, Root } from 'type-graphql';
import { toStaffActorSource, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import type { ActorId } from '../../actors/actor.entity.js';
import { findActors } from '../../actors/actor.queries.js';
import type { Role } from '../../platform/context.js';
import { readPage, toPage } from '../../platform/db/page.js';
import {
  PageArgs,
  PageInfo,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { includesRole, requireRole } from '../../platform/require-viewer.js';
import type { AccountId } from '../account.entity.js';
import { findAccounts, listPendingAccounts, type AccountRow } from '../accounts.queries.js';
import { findInviters } from '../invites.queries.js';
import { StaffRoleEnum } from './viewer.type.js';

/** An account as the staff's resolvers see it. */
export type AdminAccountSource = AccountRow & NodeSource;

/** Shapes a row for the staff; the caller has checked the role. */
export function toAdminAccount(row: AccountRow): AdminAccountSource {
  return { ...row, nodeType: 'AdminAccount' };
}

/** Loads accounts for moderators; for anybody else there are none. */
export const adminAccountLoader = defineLoader<AccountId, AdminAccountSource>(
  async (context, ids) => {
    const isStaff = context.viewer !== null && includesRole(context.viewer.role, 'MODERATOR');
    const rows = isStaff ? await findAccounts(context.database, ids) : [];
    return new Map(rows.map((row) => [row.id, toAdminAccount(row)]));
  },
);

/** Actors as the staff sees them: those that are not let in yet, and suspended ones, too. */
export const staffActorLoader = defineLoader<ActorId, ActorSource>(async (context, ids) => {
  const rows = await findActors(context.database, ids);
  return new Map(rows.map((row) => [row.id, toStaffActorSource(row)]));
});

const inviterLoader = defineLoader<AccountId, ActorId>(async ({ database }, ids) => {
  const rows = await findInviters(database, ids);
  return new Map(rows.map(({ id, actorId }) => [id, actorId]));
});

/** `adminaccount_…` ids. */
export const adminAccountNode = defineNode('adminaccount', ['AdminAccount'], adminAccountLoader);

@ObjectType('AdminAccount', {
  implements: [Node],
  description: 'An account with what only the staff sees. Needs the role MODERATOR.',
})
@RequiresScope('admin:read:accounts')
export class AdminAccountType {
  @Field(() => String, { nullable: true, description: 'E-mail address.' })
  email!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'What the person wrote when registering; null when nothing was asked.',
  })
  registrationReason!: string | null;

  @Field(() => DateTimeScalar, { description: 'When the person registered.' })
  createdAt!: Date;
}

@Resolver(() => AdminAccountType)
export class AdminAccountFields {
  @FieldResolver(() => ActorType, {
    description: 'The public profile; while approval is missing only the staff sees it.',
  })
  async actor(
    @Root() account: AdminAccountSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource> {
    const actor = await load(context, staffActorLoader, account.actorId);
    if (!actor) throw new Error('An account has no actor');
    return actor;
  }

  @FieldResolver(() => Boolean, { description: 'True when the address was confirmed by a link.' })
  isEmailVerified(@Root() account: AdminAccountSource): boolean {
    return account.emailVerifiedAt !== null;
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who made the invite that the person came by; null when there was none.',
  })
  async invitedBy(
    @Root() account: AdminAccountSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    const inviterId = await load(context, inviterLoader, account.id);
    return inviterId && load(context, staffActorLoader, inviterId);
  }

  @FieldResolver(() => Boolean, {
    description: 'False while a decision is missing, and after a refusal.',
  })
  isApproved(@Root() account: AdminAccountSource): boolean {
    return !account.needsApproval;
  }
}

@ObjectType('AdminAccountEdge', { description: 'An account and its place in a list.' })
export class AdminAccountEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => AdminAccountType, { description: 'The account.' })
  node!: AdminAccountSource;
}

@ObjectType('AdminAccountConnection', { description: 'A page of accounts for the staff.' })
export class AdminAccountConnection {
  @Field(() => [AdminAccountEdge], { description: 'Accounts with their places.' })
  edges!: AdminAccountEdge[];

  @Field(() => [AdminAccountType], { description: 'The accounts alone.' })
  nodes!: AdminAccountSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@ObjectType('Admin', {
  description: 'Staff root; every field checks the role as well as the scope.',
})
export class AdminType {
  @Field(() => StaffRoleEnum, {
    description: 'Role of the viewer: what the other fields show depends on it.',
  })
  role!: Role;
}

@Resolver(() => AdminType)
export class AdminFields {
  @Query(() => AdminType, {
    description: 'What the staff sees and does. FORBIDDEN below the role CURATOR.',
  })
  @RequiresScope('admin:read')
  admin(@Ctx() context: GraphQLContext): AdminType {
    return { role: requireRole(context, 'CURATOR').role };
  }

  @FieldResolver(() => AdminAccountConnection, {
    description: 'People who wait to be let in, first come first. Needs the role MODERATOR.',
  })
  @RequiresScope('admin:read:accounts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async pendingRegistrations(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<AdminAccountSource>> {
    requireRole(context, 'MODERATOR');
    const request = readPage(args, 1, isUuid);
    const page = toPage(request, await listPendingAccounts(context.database, request));
    return toConnection(page, (row) => [row.id], toAdminAccount);
  }
}
