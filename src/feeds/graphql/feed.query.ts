/** Feeds, page by page. */
import {
  Args,
  ArgsType,
  Ctx,
  Field,
  FieldResolver,
  Int,
  ObjectType,
  Query,
  Resolver,
  Root,
} from 'type-graphql';
import { encodeCursor, readPage } from '../../platform/db/page.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize } from '../../platform/graphql/directives.js';
import { requireScope } from '../../platform/graphql/enforce-scopes.js';
import { load } from '../../platform/graphql/loader.js';
import { isUuid } from '../../platform/ids.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { PostType } from '../../posts/graphql/post.type.js';
import { TimelineFilter, toTimelineChoice } from '../../posts/graphql/timeline-filter.input.js';
import { readFeed, type FeedPage } from '../read-feed.js';
import { RankingExplanationType, type ExplanationSource } from './explanation.type.js';
import {
  FeedSnapshotType,
  toSnapshotSource,
  type FeedSnapshotSource,
} from './feed-snapshot.type.js';

/** A place as resolvers see it. */
export interface FeedEdgeSource extends ExplanationSource {
  readonly cursor: string;
}

/** Arguments of a feed. */
@ArgsType()
export class FeedArgs {
  @Field(() => String, {
    nullable: true,
    description:
      'Slug of one of `instance.feedAlgorithms`; absent or null = what the viewer chose, else `chronological`.',
  })
  algorithm?: string | null;

  @Field(() => TimelineFilter, {
    nullable: true,
    description:
      'Which posts to show; null = photos and videos. What goes on behind a cursor keeps the filter that it began with.',
  })
  filter?: TimelineFilter | null;

  @Field(() => Int, { nullable: true, description: 'Places wanted, 1–100; 20 when absent.' })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Continue after this cursor, which is valid as long as its snapshot is kept.',
  })
  after?: string | null;
}

@ObjectType('FeedEdge', { description: 'A place in a feed.' })
export class FeedEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after`.' })
  cursor!: string;
}

@Resolver(() => FeedEdge)
export class FeedEdgeFields {
  @FieldResolver(() => PostType, {
    nullable: true,
    description:
      'The post; null when it is gone since the order was computed, or the viewer may not or does not want to see it any more.',
  })
  async node(
    @Root() { entry, isStanding }: FeedEdgeSource,
    @Ctx() context: GraphQLContext,
  ): Promise<PostSource | null> {
    return isStanding ? load(context, postLoader, entry.id) : null;
  }

  @FieldResolver(() => RankingExplanationType, { description: 'Why it stands there.' })
  explanation(@Root() edge: FeedEdgeSource): ExplanationSource {
    return edge;
  }
}

/** A page as resolvers return it. */
export interface FeedPageSource {
  readonly edges: readonly FeedEdgeSource[];
  readonly pageInfo: PageInfo;
  readonly snapshot: FeedSnapshotSource;
  /** The stored order ends with it. */
  readonly isEnd: boolean;
}

@ObjectType('FeedPage', {
  description:
    'A page of a feed. It is cut out of a stored order, so that walking on with `after` neither repeats nor skips; a page can be shorter than asked for where one order ends and the next begins (`endReason`). A feed goes in one direction.',
  simpleResolvers: true,
})
export class FeedPageType {
  @Field(() => [FeedEdge], { description: 'Places, the highest score first.' })
  edges!: FeedEdgeSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => FeedSnapshotType, { description: 'The order that the page is cut out of.' })
  snapshot!: FeedSnapshotSource;
}

@Resolver()
export class FeedQuery {
  @Query(() => FeedPageType, {
    nullable: true,
    description:
      'A feed: photos and videos in the order of one of `instance.feedAlgorithms`. Whoever is not signed in gets the variant without a profile; a token needs the scope read:feeds. Blocks, mutes, keyword filters and the settings for sensitive media always hold. Null only when reading fails.',
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first'], sizedFields: ['edges'] })
  async feed(
    @Args(() => FeedArgs) { algorithm, filter, first, after }: FeedArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<FeedPageSource> {
    if (context.viewer) requireScope(context, ['read:feeds']);
    const request = readPage({ first, after }, 2, isKeyPart);
    return toFeedPage(
      await readFeed(context, algorithm ?? null, toTimelineChoice(filter), request),
    );
  }
}

function isKeyPart(part: string, index: number): boolean {
  return index === 0 ? isUuid(part) : /^[1-9]\d{0,3}$/.test(part);
}

function toFeedPage(page: FeedPage): FeedPageSource {
  const { snapshot, places, isEnd, hasNextPage, hasPreviousPage } = page;
  const edges = places.map(({ entry, rank, isStanding }) => ({
    cursor: encodeCursor([snapshot.id, String(rank)]),
    entry,
    snapshot,
    isStanding,
  }));
  return {
    edges,
    snapshot: toSnapshotSource(snapshot),
    isEnd,
    pageInfo: {
      hasNextPage,
      hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}
