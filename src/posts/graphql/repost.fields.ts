/** Who reposted a post, and what an actor reposted. */
import { Args, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ActorConnection, type ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { isUuid } from '../../platform/ids.js';
import { findReposters, findRepostsOfActors } from '../repost.queries.js';
import { toActorConnection } from '../../actors/graphql/actor-page.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { loadAround } from './around.js';
import { PostConnection } from './post.connection.js';
import { toPostSource, type PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

const repostersLoader = definePageLoader((context, postIds, _variant: null, request) =>
  findReposters(context.database, postIds, request, context.readerId),
);
const repostsLoader = definePageLoader((context, actorIds, _variant: null, request) =>
  findRepostsOfActors(context.database, actorIds, request, context.readerId, context.clock.now()),
);

@Resolver(() => PostType)
export class PostRepostFields {
  @FieldResolver(() => ActorConnection, {
    nullable: true,
    description:
      'Who reposted it, the newest first, as far as the viewer may see them. Null where the author hides numbers from others, or the viewer wants to see none of others.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async repostedBy(
    @Root() post: PostSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<ActorSource, ActorEdgeSource> | null> {
    if (post.hidesCounts) return null;
    const request = readPage(args, 1, isUuid);
    const key = { ownerId: post.id, variant: null, request };
    return toActorConnection(context, await loadAround(context, repostersLoader, key));
  }
}

@Resolver(() => ActorType)
export class ActorRepostFields {
  @FieldResolver(() => PostConnection, {
    description:
      'What this actor reposted, as far as the viewer may see it, the newest repost first. Empty for suspended and deleted actors, and where a block stands between the two.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async reposts(
    @Root() actor: ActorSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    const page = await load(context, repostsLoader, { ownerId: actor.id, variant: null, request });
    return toConnection(page!, (row) => [row.repostId], toPostSource);
  }
}
