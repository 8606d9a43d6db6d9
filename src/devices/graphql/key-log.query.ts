/** Asking for the log of keys and for proofs of it. */
import { Arg, Args, Ctx, FieldResolver, Int, Query, Resolver, Root } from 'type-graphql';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { requireViewer } from '../../platform/require-viewer.js';
import {
  findKeyLogOf,
  proveConsistency,
  proveInclusion,
  signKeyLogHead,
  type KeyLogHead,
} from '../key-log.queries.js';
import type { KeyLogEntryRow } from '../key-log.js';
import { KeyLogConnection, KeyLogHeadType, KeyLogProofType } from './key-log.type.js';

const logLoader = definePageLoader((context, ids, _variant: null, request) =>
  findKeyLogOf(context.database, ids, request, requireViewer(context).actorId),
);

interface Proof {
  readonly hashes: readonly Uint8Array[];
}

@Resolver()
export class KeyLogQuery {
  @Query(() => KeyLogHeadType, {
    description: 'The log of keys of this server as it is now, signed. For everybody.',
  })
  @Cost(5)
  keyLogHead(@Ctx() context: GraphQLContext): Promise<KeyLogHead> {
    return signKeyLogHead(context);
  }

  @Query(() => KeyLogProofType, {
    nullable: true,
    description:
      'Proof that an entry is in the log of that size; null when the log has no such entry, or never had that size. For everybody.',
  })
  @Cost(5)
  async keyLogInclusionProof(
    @Arg('index', () => Int, { description: 'Which entry.' }) index: number,
    @Arg('treeSize', () => Int, { description: 'Size of the log, as its head had it.' })
    treeSize: number,
    @Ctx() { database }: GraphQLContext,
  ): Promise<Proof | null> {
    return toProof(await proveInclusion(database, index, treeSize));
  }

  @Query(() => KeyLogProofType, {
    nullable: true,
    description:
      'Proof that the log of one size begins with that of a smaller one; null when the log never had these sizes. For everybody.',
  })
  @Cost(5)
  async keyLogConsistencyProof(
    @Arg('from', () => Int, { description: 'The smaller size, at least 1.' }) from: number,
    @Arg('to', () => Int, { description: 'The greater size.' }) to: number,
    @Ctx() { database }: GraphQLContext,
  ): Promise<Proof | null> {
    return toProof(await proveConsistency(database, from, to));
  }
}

function toProof(hashes: readonly Uint8Array[] | null): Proof | null {
  return hashes && { hashes };
}

@Resolver(() => ActorType)
export class ActorKeyLogFields {
  @FieldResolver(() => KeyLogConnection, {
    description:
      'What the log of keys says of them, the oldest first; nothing behind a block, nor of people of other servers.',
  })
  @RequiresScope('chat')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async chatKeyLog(
    @Root() { id }: ActorSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<KeyLogEntryRow>> {
    const request = readPage(args, 1, (part) => /^\d{1,9}$/.test(part));
    const page = (await load(context, logLoader, { ownerId: id, variant: null, request }))!;
    return toConnection(
      page,
      (row) => [String(row.index)],
      (row) => row,
    );
  }
}
