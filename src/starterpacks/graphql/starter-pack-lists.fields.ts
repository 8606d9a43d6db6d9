/** Lists of starter packs: those to discover, those of a profile, and those that the viewer is in. */
import { Args, ArgsType, Ctx, Field, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import {
  discoverStarterPacks,
  FEWEST_TO_DISCOVER,
  findStarterPacksOfOwners,
  findStarterPacksWith,
  STARTER_PACK_SORTS,
  type StarterPackSort,
} from '../starter-packs.queries.js';
import {
  StarterPackConnection,
  toStarterPackSource,
  type StarterPackSource,
} from './starter-pack.type.js';

/** GraphQL enum of the orders of the packs to discover. */
export const StarterPackSortEnum = describedEnum(
  'StarterPackSort',
  'Order of the starter packs to discover.',
  STARTER_PACK_SORTS,
);

/** Arguments of the packs to discover. */
@ArgsType()
export class StarterPacksArgs extends PageArgs {
  @Field(() => StarterPackSortEnum, {
    nullable: true,
    defaultValue: 'POPULAR',
    description: 'In which order.',
  })
  sort?: StarterPackSort | null;
}

const packsOfOwnerLoader = definePageLoader((context, ownerIds, _variant: null, request) =>
  findStarterPacksOfOwners(context.database, ownerIds, request, context.viewer?.actorId ?? null),
);

const isPlace = (part: string, index: number): boolean =>
  index === 0 ? /^\d{1,9}$/.test(part) : isUuid(part);

@Resolver()
export class StarterPacksQuery {
  @Query(() => StarterPackConnection, {
    description: `Listed starter packs of people who want to be found, with at least ${FEWEST_TO_DISCOVER} people in them. Public; nobody behind a block of the viewer.`,
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async starterPacks(
    @Args(() => StarterPacksArgs) args: StarterPacksArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<StarterPackSource>> {
    const page = await discoverStarterPacks(
      context.database,
      context.viewer?.actorId ?? null,
      args.sort ?? 'POPULAR',
      readPage(args, 2, isPlace),
    );
    return toConnection(page, (row) => [String(row.useCount), row.id], toStarterPackSource);
  }
}

@Resolver(() => ActorType)
export class ActorStarterPackFields {
  @FieldResolver(() => StarterPackConnection, {
    description:
      'Starter packs of this actor, the newest first. Those that are not listed are shown to their owner only.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async starterPacks(
    @Root() actor: ActorSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<StarterPackSource>> {
    const key = { ownerId: actor.id, variant: null, request: readPage(args, 1, isUuid) };
    const page = (await load(context, packsOfOwnerLoader, key))!;
    return toConnection(page, (row) => [row.id], toStarterPackSource);
  }
}

@Resolver(() => ViewerType)
export class ViewerStarterPackFields {
  @FieldResolver(() => StarterPackConnection, {
    description:
      'Starter packs of others that the viewer is in, listed or not, the newest first; setStarterPackRefused leaves one.',
  })
  @RequiresScope('read:relationships')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async starterPacksWithViewer(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<StarterPackSource>> {
    const { actorId } = requireViewer(context);
    const page = await findStarterPacksWith(context.database, actorId, readPage(args, 1, isUuid));
    return toConnection(page, (row) => [row.id], toStarterPackSource);
  }
}
