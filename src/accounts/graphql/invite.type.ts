/** Invites, for who made them and for the staff. */
import { Args, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { ActorConnection, type ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { toActorConnection } from '../../actors/graphql/actor-page.js';
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
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, UrlScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { requireRole, requireViewer } from '../../platform/require-viewer.js';
import { inviteUrl, seesAllInvites, type InviteId, type InviteRow } from '../invites.js';
import { findInvited, findInvites, listInvites, listInvitesOf } from '../invites.queries.js';
import { adminAccountLoader, AdminType } from './admin.type.js';
import { ViewerType } from './viewer.type.js';

/** An invite as resolvers see it. */
export type InviteSource = InviteRow & NodeSource;

/** Loads invites: for the staff all, for others their own. */
export const inviteLoader = defineLoader<InviteId, InviteSource>(async (context, ids) => {
  const { viewer, database } = context;
  if (!viewer) return new Map();
  const makerId = seesAllInvites(viewer) ? null : viewer.accountId;
  const rows = await findInvites(database, ids, makerId);
  return new Map(rows.map((row) => [row.id, toInviteSource(row)]));
});

/** `invite_…` ids. */
export const inviteNode = defineNode('invite', ['Invite'], inviteLoader);

const invitedLoader = definePageLoader((context, ids, _variant: null, request) =>
  findInvited(context.database, ids, request, requireViewer(context).actorId),
);

@ObjectType('Invite', {
  implements: [Node],
  description: 'An invite. For who made it, and for the role MODERATOR.',
})
@RequiresScope('read:account', 'admin:read:instance')
export class InviteType {
  @Field(() => String, { description: 'What the invited person enters as `inviteCode`.' })
  code!: string;

  @Field(() => Boolean, {
    description:
      'Made by the staff as such: who comes by it needs no approval. One by somebody else lets in where members may invite, and in mode APPROVAL the staff decides all the same.',
  })
  isByStaff!: boolean;

  @Field(() => Int, { description: 'How many have registered with it.' })
  uses!: number;

  @Field(() => Int, {
    nullable: true,
    description: 'How many may register with it; null = any number.',
  })
  maxUses!: number | null;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'From when on it is worthless; null = never.',
  })
  expiresAt!: Date | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was revoked; null = it was not.',
  })
  revokedAt!: Date | null;

  @Field(() => Boolean, {
    description: 'Who registers with it follows its maker from the start.',
  })
  followsInviter!: boolean;
}

@Resolver(() => InviteType)
export class InviteFields {
  @FieldResolver(() => UrlScalar, {
    description: 'A page that explains the invite, to be sent to whoever is invited.',
  })
  url(@Root() { code }: InviteSource, @Ctx() context: GraphQLContext): string {
    return inviteUrl(context, code);
  }

  @FieldResolver(() => UrlScalar, {
    description:
      'A QR code of `url` as an SVG picture; there as long as the invite lets somebody in.',
  })
  qrCodeUrl(@Root() { code }: InviteSource, @Ctx() context: GraphQLContext): string {
    return `${inviteUrl(context, code)}/qr.svg`;
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who made it; null when the account is gone.',
  })
  async createdBy(
    @Root() { createdBy }: InviteSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> {
    const { viewer } = context;
    if (createdBy === null || !viewer) return null;
    if (createdBy === viewer.accountId) return load(context, actorLoader, viewer.actorId);
    const account = await load(context, adminAccountLoader, createdBy);
    return account && load(context, actorLoader, account.actorId);
  }

  @FieldResolver(() => ActorConnection, {
    description:
      'Who has joined with it, the last one first: people who are let in and shown, without a block with the viewer.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async joinedActors(
    @Root() invite: InviteSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
    const key = { ownerId: invite.id, variant: null, request: readPage(args, 1, isUuid) };
    return toActorConnection(context, (await load(context, invitedLoader, key))!);
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
    description: 'Everybody’s invites, newest first. Needs the role MODERATOR.',
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

@Resolver(() => ViewerType)
export class ViewerInviteFields {
  @FieldResolver(() => InviteConnection, {
    description: 'Invites that the viewer has made, newest first, those that are over, too.',
  })
  @RequiresScope('read:account')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async invites(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<InviteSource>> {
    const { accountId } = requireViewer(context);
    const request = readPage(args, 1, isUuid);
    const page = toPage(request, await listInvitesOf(context.database, accountId, request));
    return toConnection(page, (row) => [row.id], toInviteSource);
  }
}

function toInviteSource(row: InviteRow): InviteSource {
  return { ...row, nodeType: 'Invite' };
}
