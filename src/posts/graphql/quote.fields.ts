/** What a post quotes, and what quotes it. */
import { Args, Ctx, FieldResolver, Int, Resolver, Root } from 'type-graphql';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import { isUuid } from '../../platform/ids.js';
import type { PostId } from '../post.entity.js';
import { countQuotes, findQuotes } from '../quote.queries.js';
import { definePageLoader } from '../../platform/graphql/page-loader.js';
import { PostConnection } from './post.connection.js';
import { postLoader, toPostSource, type PostSource } from './post.loader.js';
import { PostCountsType, PostType } from './post.type.js';

/** Counters as resolvers see them. */
export interface PostCountsSource extends PostCountsType {
  /** Whose counters they are. */
  readonly post: PostSource;
}

const quotesLoader = definePageLoader((context, postIds, _variant: null, request) =>
  findQuotes(context.database, postIds, request, context.readerId),
);
const countLoader = defineLoader<PostId, number>(async (context, ids) => {
  const rows = await countQuotes(context.database, ids, context.readerId);
  return new Map(rows.map(({ id, count }) => [id, count]));
});

@Resolver(() => PostType)
export class PostQuoteFields {
  @FieldResolver(() => PostType, {
    nullable: true,
    description:
      'The post that it quotes. Null when it quotes none, when its author detached the quote or blocked who quotes, or was blocked by them, and when the viewer may not see it.',
  })
  quotedPost(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<PostSource | null> | null {
    return post.quotedPostId === null ? null : load(context, postLoader, post.quotedPostId);
  }

  @FieldResolver(() => PostConnection, {
    description: 'Posts that quote it and that the viewer may see, the newest first.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async quotes(
    @Root() post: PostSource,
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    const page = await load(context, quotesLoader, { ownerId: post.id, variant: null, request });
    return toConnection(page!, (row) => [row.id], toPostSource);
  }
}

@Resolver(() => PostCountsType)
export class QuoteCountFields {
  @FieldResolver(() => Int)
  quotes(
    @Root() { post }: PostCountsSource,
    @Ctx() context: GraphQLContext,
  ): Promise<number | null> | null {
    return post.hidesCounts ? null : load(context, countLoader, post.id);
  }
}
