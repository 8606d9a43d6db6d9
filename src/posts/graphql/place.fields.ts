/** What posts and places show of each other. */
import { Args, Ctx, Field, FieldResolver, Int, ObjectType, Resolver, Root } from 'type-graphql';
import { InstanceType } from '../../accounts/graphql/instance.type.js';
import { placeLoader, PlaceType, type PlaceSource } from '../../places/graphql/place.type.js';
import { readPage } from '../../platform/db/page.js';
import type { ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, Shared } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import { isUuid } from '../../platform/ids.js';
import { countPlacePosts, findPostsOfPlaces } from '../place.queries.js';
import type { TimelineChoice } from '../timeline-choice.js';
import { PostListArgs } from './hashtag.fields.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { PostConnection, toPostConnection } from './post.connection.js';
import type { PostSource } from './post.loader.js';
import { PostType } from './post.type.js';
import { toTimelineChoice } from './timeline-filter.input.js';

const countLoader = defineLoader<string, number>(async (context, ids) => {
  const rows = await countPlacePosts(context.database, ids, context.readerId);
  return new Map(rows.map(({ id, count }) => [id, count]));
});

const postsLoader = definePageLoader((context, ids, choice: TimelineChoice, request) =>
  findPostsOfPlaces(context.database, ids, choice, request, context.readerId, context.clock.now()),
);

@Resolver(() => PlaceType)
export class PlacePostFields {
  @FieldResolver(() => Int, {
    description: 'Posts made here that the viewer may see, counted up to 10,000.',
  })
  @Cost(5)
  async postCount(@Root() place: PlaceSource, @Ctx() context: GraphQLContext): Promise<number> {
    return (await load(context, countLoader, place.id)) ?? 0;
  }

  @FieldResolver(() => PostConnection, {
    description:
      'Posts made here that the viewer may see, the newest first; those of limited authors for their followers alone.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async posts(
    @Root() place: PlaceSource,
    @Args(() => PostListArgs) args: PostListArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    const variant = toTimelineChoice(args.filter);
    return toPostConnection(
      (await load(context, postsLoader, { ownerId: place.id, variant, request }))!,
    );
  }
}

@Resolver(() => PostType)
export class PostPlaceFields {
  @FieldResolver(() => PlaceType, {
    nullable: true,
    description:
      'Where it was made, as its author says; null when not said, and for what the gazetteer does not know. What is said on other servers is found here by its name and where it lies.',
  })
  @Shared()
  place(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<PlaceSource | null> | null {
    return post.placeId && load(context, placeLoader, post.placeId);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What to call where it was made: what its author on another server calls it, also where `place` is null; for all others the name of `place`. Null when not said.',
  })
  @Shared()
  async placeName(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<string | null> {
    if (post.placeName !== null) return post.placeName;
    return (post.placeId && (await load(context, placeLoader, post.placeId))?.name) ?? null;
  }
}

@ObjectType('Attribution', {
  description: 'Whose data this server shows, as their licence wants clients to say. Public.',
  simpleResolvers: true,
})
export class Attribution {
  @Field(() => String, { description: 'Sentence to be shown near the data.' })
  text!: string;

  @Field(() => UrlScalar, { description: 'Where the data come from.' })
  url!: string;

  @Field(() => String, { description: 'Licence by its SPDX id.' })
  license!: string;
}

const GEONAMES: Attribution = {
  text: 'Places: © GeoNames',
  url: 'https://www.geonames.org/',
  license: 'CC-BY-4.0',
};

@Resolver(() => InstanceType)
export class InstancePlaceFields {
  @FieldResolver(() => [Attribution], {
    description: 'Whose data this server shows besides those of its people.',
  })
  @ListSize({ assumedSize: 5 })
  attributions(): readonly Attribution[] {
    return [GEONAMES];
  }
}
