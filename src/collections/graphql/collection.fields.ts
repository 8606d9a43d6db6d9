/** What collections show of their posts, and profiles and posts of their collections. */
import { Args, ArgsType, Ctx, Field, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import type { ActorSource } from '../../actors/graphql/actor.loader.js';
import { ActorType } from '../../actors/graphql/actor.type.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { PostConnection } from '../../posts/graphql/post.connection.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { PostType } from '../../posts/graphql/post.type.js';
import { anyCollectionFields } from './any-collection.fields.js';
import { loadOfOwner, loadOfPost } from './any-collection.loader.js';
import type { AnyCollectionSource } from './any-collection.type.js';
import { countLoader, loadPostsOf } from './collection-posts.loader.js';
import { CollectionConnection, CollectionType } from './collection.type.js';

/** Arguments of the collections of a profile. */
@ArgsType()
export class ActorCollectionArgs extends PageArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True = only highlighted ones, false = only the others; null = all.',
  })
  isHighlighted?: boolean | null;
}

@Resolver(() => CollectionType)
export class CollectionFields extends anyCollectionFields(CollectionType) {
  @FieldResolver(() => Int, { description: 'Posts in it that the viewer may see.' })
  @Cost(5)
  async postCount(
    @Root() { id }: AnyCollectionSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number> {
    return (await load(context, countLoader, id)) ?? 0;
  }

  @FieldResolver(() => PostConnection, {
    description: 'Posts in it that the viewer may see, in the order that the owner chose.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  posts(
    @Root() { id }: AnyCollectionSource,
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
  collections(
    @Root() actor: ActorSource,
    @Args(() => ActorCollectionArgs) args: ActorCollectionArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<AnyCollectionSource>> {
    const filter = { holds: 'POSTS', isHighlighted: args.isHighlighted ?? null } as const;
    return loadOfOwner(context, actor.id, filter, args);
  }
}

@Resolver(() => PostType)
export class PostCollectionFields {
  @FieldResolver(() => CollectionConnection, {
    description:
      'Collections of its author that it is in and the viewer may see, the newest first. Unlisted ones are shown to their owner only.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  collections(
    @Root() post: PostSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<AnyCollectionSource>> {
    return loadOfPost(context, post.id, 'POSTS', args);
  }
}
