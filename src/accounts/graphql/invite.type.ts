/** Invites, for the staff. */
import { Args, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
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
import { findInvites, listInvites, type InviteId, type InviteRow } from '../invites.js';
import { adminAccountLoader, AdminType } from './admin.type.js';

/** An invite as resolvers see it. */
export type InviteSource = InviteRow & NodeSource;

/** Loads invites for moderators; for anybody else there are none. */
export const inviteLoader = defineLoader<InviteId, InviteSource>(async (context, ids) => {
  const isStaff = context.viewer !== null && includesRole(context.viewer.role, 'MODERATOR');
  const rows = isStaff ? await findInvites(context.database, ids) : [];
  return new Map(rows.map((row) => [row.id, toInviteSource(row)]));
});

/** `invite_…` ids. */
export const inviteNode = defineNode('invite', ['Invite'], inviteLoader);

@ObjectType('Invite', { implements: [Node], description: 'An invite. Needs the role MODERATOR.' })
@RequiresScope('admin:read:instance')
export class InviteType {
  @Field(() => String, { description: 'What the invited person enters as `inviteCode`.' })
  code!: string;

  @Field(() => Int, { description: 'How many have registered with it.' })
  uses!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many may register with it; null = any number.',
  })
  maxUses!: number | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on it is worthless; null = never.',
  })
  expiresAt!: Date | null;
}

@Resolver(() => InviteType)
export class InviteFields {
  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who made it; null for the command line, and when the account is gone.',
  })
  async createdBy(
    @Root() invite: InviteSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    const account = invite.createdBy && (await load(context, adminAccountLoader, invite.createdBy));
    return account ? load(context, actorLoader, account.actorId) : null;
  }
}

@ObjectType('InviteEdge', { description: 'An invite and its place in a list.' })
export class InviteEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => InviteType, { description: 'The invite.' })
  node!: InviteSource;
}

@ObjectType('InviteConnection', { description: 'A page of invites.' })
export class InviteConnection {
  @Field(() => [InviteEdge], { description: 'Invites with their places.' })
  edges!: InviteEdge[];

  @Field(() => [InviteType], { description: 'The invites alone.' })
  nodes!: InviteSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@Resolver(() => AdminType)
export class AdminInviteFields {
  @FieldResolver(() => InviteConnection, {
    description: 'Invites, newest first. Needs the role MODERATOR.',
  })
  @RequiresScope('admin:read:instance')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async invites(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<InviteSource>> {
    requireRole(context, 'MODERATOR');
    const request = readPage(args, 1, isUuid);
    const page = toPage(request, await listInvites(context.database, request));
    return toConnection(page, (row) => [row.id], toInviteSource);
  }
}

function toInviteSource(row: InviteRow): InviteSource {
  return { ...row, nodeType: 'Invite' };
}
