/** The record of what the staff does, for administrators. */
import {
  Args,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  ObjectType,
  Resolver,
  Root,
} from 'type-graphql';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
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
import { includesRole, requireRole } from '../../platform/require-viewer.js';
import { findAuditEntries, listAuditEntries, type AuditEntryId, type AuditRow } from '../audit.js';
import { AdminType, staffActorLoader } from './admin.type.js';

/** An entry as resolvers see it. */
export type AuditEntrySource = AuditRow & NodeSource;

@ObjectType('AuditEntry', {
  implements: [Node],
  description: 'One act of the staff. Never changed or removed. Needs the role ADMIN.',
})
@RequiresScope('admin:read')
export class AuditEntryType {
  @Field(() => String, { description: 'What was done, by the name of the mutation.' })
  action!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'Global id of what it was done to; null for the server itself.',
  })
  subjectId!: string | null;

  @Field(() => DateTimeScalar, { description: 'When.' })
  createdAt!: Date;

  @Field(() => String, {
    description:
      'SHA-256 over this entry and the digest of the one before, hexadecimal: a changed or missing entry shows.',
  })
  digest!: string;
}

/** Entries for administrators; for anybody else there are none. */
export const auditEntryLoader = defineLoader<AuditEntryId, AuditEntrySource>(
  async (context, ids) => {
    const isAdmin = context.viewer !== null && includesRole(context.viewer.role, 'ADMIN');
    const rows = isAdmin ? await findAuditEntries(context.database, ids) : [];
    return new Map(rows.map((row) => [row.id, toAuditEntrySource(row)]));
  },
);

/** `auditentry_…` ids. */
export const auditEntryNode = defineNode('auditentry', ['AuditEntry'], auditEntryLoader);

@Resolver(() => AuditEntryType)
export class AuditEntryFields {
  @FieldResolver(() => Float, { description: 'Place in the record: 1, 2, 3 … without gaps.' })
  number(@Root() entry: AuditEntrySource): number {
    return Number(entry.number);
  }

  @FieldResolver(() => String, { description: 'Particulars as JSON text.' })
  details(@Root() entry: AuditEntrySource): string {
    return JSON.stringify(entry.details);
  }

  @FieldResolver(() => ActorType, {
    nullable: true,
    description: 'Who did it; null for the command line.',
  })
  actor(
    @Root() entry: AuditEntrySource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource | null> | null {
    return entry.actorId && load(context, staffActorLoader, entry.actorId);
  }
}

@ObjectType('AuditEntryEdge', { description: 'An entry and its place in the record.' })
export class AuditEntryEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => AuditEntryType, { description: 'The entry.' })
  node!: AuditEntrySource;
}

@ObjectType('AuditEntryConnection', { description: 'A page of the record.' })
export class AuditEntryConnection {
  @Field(() => [AuditEntryEdge], { description: 'Entries with their places.' })
  edges!: AuditEntryEdge[];

  @Field(() => [AuditEntryType], { description: 'The entries alone.' })
  nodes!: AuditEntrySource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;
}

@Resolver(() => AdminType)
export class AdminAuditFields {
  @FieldResolver(() => AuditEntryConnection, {
    description: 'What the staff did, the latest first. Needs the role ADMIN.',
  })
  @RequiresScope('admin:read')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async auditLog(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<AuditEntrySource>> {
    requireRole(context, 'ADMIN');
    const request = readPage(args, 1, (part) => /^\d{1,18}$/.test(part));
    const page = toPage(request, await listAuditEntries(context.database, request));
    return toConnection(page, (row) => [String(row.number)], toAuditEntrySource);
  }
}

function toAuditEntrySource(row: AuditRow): AuditEntrySource {
  return { ...row, nodeType: 'AuditEntry' };
}
