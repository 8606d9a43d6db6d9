/** What collections show of their posts, and profiles and posts of their collections. */
import { Args, ArgsType, Ctx, Field, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { PostConnection } from '../../posts/graphql/post.connection.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { PostType } from '../../posts/graphql/post.type.js';
import { findCollectionsOfOwners, findCollectionsOfPosts } from '../collections.queries.js';
import { countLoader, loadPostsOf } from './collection-posts.loader.js';
import {
  CollectionConnection,
  CollectionType,
  toCollectionSource,
  type CollectionSource,
} from './collection.type.js';

/** Arguments of the collections of a profile. */
@ArgsType()
export class ActorCollectionArgs extends PageArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True = only highlighted ones, false = only the others; null = all.',
  })
  isHighlighted?: boolean | null;
}

const collectionsLoader = definePageLoader(
  (context, ownerIds, isHighlighted: boolean | null, request) =>
    findCollectionsOfOwners(
      context.database,
      ownerIds,
      { holds: 'POSTS', isHighlighted },
      request,
      context.viewer?.actorId ?? null,
    ),
);

const ofPostsLoader = definePageLoader((context, postIds, _variant: null, request) =>
  findCollectionsOfPosts(
    context.database,
    postIds,
    'POSTS',
    request,
    context.viewer?.actorId ?? null,
  ),
);

@Resolver(() => CollectionType)
export class CollectionFields {
  @FieldResolver(() => UrlScalar)
  uri(@Root() { id }: CollectionSource, @Ctx() { config }: GraphQLContext): string {
    return `${config.publicUrl.origin}/collections/${id}`;
  }

  @FieldResolver(() => UrlScalar)
  url(@Root() { id }: CollectionSource, @Ctx() { config }: GraphQLContext): string {
    return `${config.publicUrl.origin}/collections/${id}`;
  }

  @FieldResolver(() => ActorType, { description: 'Whose it is.' })
  async owner(
    @Root() collection: CollectionSource,
    @Ctx() context: GraphQLContext,
  ): Promise<ActorSource> {
    return (await load(context, actorLoader, collection.ownerId))!;
  }

  @FieldResolver(() => Int, { description: 'Posts in it that the viewer may see.' })
  @Cost(5)
  async postCount(
    @Root() { id }: CollectionSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, countLoader, id)) ?? 0;
  }

  @FieldResolver(() => PostConnection, {
    description: 'Posts in it that the viewer may see, in the order that the owner chose.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  posts(
    @Root() { id }: CollectionSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    return loadPostsOf(context, id, args);
  }
}

@Resolver(() => ActorType)
export class ActorCollectionFields {
  @FieldResolver(() => CollectionConnection, {
    description:
      'Collections of this actor that the viewer may see, the newest first. Unlisted ones are shown to their owner only.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async collections(
    @Root() actor: ActorSource,
    @Args(() => ActorCollectionArgs) args: ActorCollectionArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<CollectionSource>> {
    const request = readPage(args, 1, isUuid);
    const page = await load(context, collectionsLoader, {
      ownerId: actor.id,
      variant: args.isHighlighted ?? null,
      request,
    });
    return toConnection(page!, (row) => [row.id], toCollectionSource);
  }
}

@Resolver(() => PostType)
export class PostCollectionFields {
  @FieldResolver(() => CollectionConnection, {
    description:
      'Collections of its author that it is in and the viewer may see, the newest first. Unlisted ones are shown to their owner only.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async collections(
    @Root() post: PostSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<CollectionSource>> {
    const key = { ownerId: post.id, variant: null, request: readPage(args, 1, isUuid) };
    const page = await load(context, ofPostsLoader, key);
    return toConnection(
      page!,
      (row) => [row.id],
      (row) => toCollectionSource({ ...row, ownerId: row.collectionOwnerId }),
    );
  }
}
