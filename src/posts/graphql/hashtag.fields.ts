/** Looking hashtags up, and what posts and hashtags show of each other. */
import {
  Arg,
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { isUuid } from '../../platform/ids.js';
import { countHashtagPosts, findHashtag, findPostsOfHashtags } from '../hashtag.queries.js';
import type { TimelineChoice } from '../timeline-choice.js';
import {
  hashtagsOfPostLoader,
  HashtagType,
  toHashtagSource,
  type HashtagSource,
} from './hashtag.type.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { PostConnection, toPostConnection } from './post.connection.js';
import type { PostSource } from './post.loader.js';
import { PostType } from './post.type.js';
import { TimelineFilter, toTimelineChoice } from './timeline-filter.input.js';

/** Arguments of a filtered list of posts. */
@ArgsType()
export class PostListArgs extends PageArgs {
  @Field(() => TimelineFilter, { nullable: true, description: 'Which posts to show; null = all.' })
  filter?: TimelineFilter | null;
}

const countLoader = defineLoader<string, number>(async (context, ids) => {
  const rows = await countHashtagPosts(context.database, ids, context.readerId);
  return new Map(rows.map(({ id, count }) => [id, count]));
});

const postsLoader = definePageLoader((context, ids, choice: TimelineChoice, request) =>
  findPostsOfHashtags(
    context.database,
    ids,
    choice,
    request,
    context.readerId,
    context.clock.now(),
  ),
);

@Resolver(() => HashtagType)
export class HashtagFields {
  @Query(() => HashtagType, {
    nullable: true,
    description:
      'A hashtag by its name, with or without #. Null when no post that the viewer may see uses it, unless the viewer follows it.',
  })
  async hashtag(
    @Arg('name', () => String, { description: 'Name in any spelling.' }) name: string,
    @Ctx() context: GraphQLContext,
  ): Promise<HashtagSource | null> {
    const row = await findHashtag(context.database, name, context.viewer?.actorId ?? null);
    return row && toHashtagSource(row);
  }

  @FieldResolver(() => Int, {
    description: 'Posts with it that the viewer may see, counted up to 10,000.',
  })
  @Cost(5)
  async postCount(@Root() hashtag: HashtagSource, @Ctx() context: GraphQLContext): Promise<number> {
    return (await load(context, countLoader, hashtag.id)) ?? 0;
  }

  @FieldResolver(() => PostConnection, {
    description:
      'Posts with it that the viewer may see, the newest first; those of limited authors for their followers alone.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async posts(
    @Root() hashtag: HashtagSource,
    @Args(() => PostListArgs) args: PostListArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    const variant = toTimelineChoice(args.filter);
    return toPostConnection(
      (await load(context, postsLoader, { ownerId: hashtag.id, variant, request }))!,
    );
  }
}

@Resolver(() => PostType)
export class PostHashtagFields {
  @FieldResolver(() => [HashtagType], { description: 'Hashtags of the caption, by name.' })
  async hashtags(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<HashtagSource[]> {
    return (await load(context, hashtagsOfPostLoader, post.id)) ?? [];
  }
}
