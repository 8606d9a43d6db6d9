/** The directory of this server. */
import { Args, ArgsType, Ctx, Field, Query, Resolver } from 'type-graphql';
import { ActorConnection, type ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { isUuid } from '../../platform/ids.js';
import { DIRECTORY_SORTS, findDirectoryPage, type DirectorySort } from '../directory.queries.js';
import { toFoundActors } from './found-actors.js';

/** GraphQL enum of the orders of the directory. */
export const DirectorySortEnum = describedEnum(
  'DirectorySort',
  'Order of the directory.',
  DIRECTORY_SORTS,
);

/** Arguments of the directory. */
@ArgsType()
export class DirectoryArgs extends PageArgs {
  @Field(() => DirectorySortEnum, {
    nullable: true,
    defaultValue: 'ACTIVE',
    description: 'In which order.',
  })
  sort?: DirectorySort | null;
}

@Resolver()
export class DirectoryQuery {
  @Query(() => ActorConnection, {
    description:
      'People of this server who want to be found (`isDiscoverable`). Public; nobody behind a block of the viewer.',
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async directory(
    @Args(() => DirectoryArgs) args: DirectoryArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
    const page = await findDirectoryPage(
      context.database,
      context.viewer?.actorId ?? null,
      args.sort ?? 'ACTIVE',
      readPage(args, 2, isUuid),
    );
    return toFoundActors(context, page, ({ place, id }) => [place, id]);
  }
}
