/** Trends with their numbers, and their review by the staff. */
import {
  Arg,
  Ctx,
  Field,
  FieldResolver,
  Float,
  ID,
  InputType,
  Int,
  Mutation,
  ObjectType,
  Query,
  Resolver,
} from 'type-graphql';
import { AdminType } from '../../accounts/graphql/admin.type.js';
import { instanceSettings } from '../../accounts/instance-settings.js';
import { Invalid, NotFound } from '../../platform/errors.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { Cost, ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { answer } from '../../platform/graphql/mutation.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import { Payload } from '../../platform/graphql/user-error.js';
import { parseGlobalId, toGlobalId } from '../../platform/ids.js';
import { requireRole } from '../../platform/require-viewer.js';
import {
  hashtagLoader,
  HashtagType,
  type HashtagSource,
} from '../../posts/graphql/hashtag.type.js';
import { postLoader, type PostSource } from '../../posts/graphql/post.loader.js';
import { PostType } from '../../posts/graphql/post.type.js';
import { decideTrend } from '../decide-trend.js';
import {
  findTrendingHashtags,
  findTrendingPosts,
  findWaitingHashtags,
  findWaitingPosts,
  HASHTAG_FORMULA,
  MOST_TRENDS,
  POST_FORMULA,
  type TrendDay,
  type TrendingHashtagRow,
  type TrendingPostRow,
  type TrendReader,
} from '../trends.js';

@ObjectType('TrendDay', {
  description: '24 hours of a hashtag; those without uses are left out.',
  simpleResolvers: true,
})
export class TrendDayType {
  @Field(() => Int, { description: '0 = the last 24 hours, 1 = the 24 hours before, up to 7.' })
  day!: number;

  @Field(() => Int, { description: 'Public posts with it.' })
  uses!: number;

  @Field(() => Int, { description: 'People who published them.' })
  people!: number;
}

@ObjectType('TrendingHashtag', {
  description:
    'A hashtag that trends, with its numbers. Only public posts of people who want to be found count.',
  simpleResolvers: true,
})
export class TrendingHashtagType {
  @Field(() => HashtagType, { description: 'The hashtag.' })
  hashtag!: HashtagSource;

  @Field(() => Float, { description: `Place in the order: ${HASHTAG_FORMULA}.` })
  score!: number;

  @Field(() => Int, { description: 'Posts with it in the last 24 hours.' })
  uses!: number;

  @Field(() => Int, { description: 'People who published them.' })
  people!: number;

  @Field(() => [TrendDayType], { description: 'The last eight times 24 hours, the newest first.' })
  @ListSize({ assumedSize: 8 })
  history!: readonly TrendDay[];

  @Field(() => DateTimeScalar, { description: 'When the numbers were computed.' })
  computedAt!: Date;
}

const NO_NUMBERS =
  'Null where the author hides numbers from others, or the viewer wants to see none of others.';

@ObjectType('TrendingPost', {
  description:
    'A post that trends, with its numbers. Public, not sensitive, and of somebody who wants to be found.',
  simpleResolvers: true,
})
export class TrendingPostType {
  @Field(() => PostType, { description: 'The post.' })
  post!: PostSource;

  @Field(() => Float, {
    nullable: true,
    description: `Place in the order: ${POST_FORMULA}. ${NO_NUMBERS}`,
  })
  score!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: `People who reacted in the last 24 hours. ${NO_NUMBERS}`,
  })
  reactions!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: `People who commented in the last 24 hours. ${NO_NUMBERS}`,
  })
  comments!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: `People who reposted in the last 24 hours. ${NO_NUMBERS}`,
  })
  reposts!: number | null;

  @Field(() => DateTimeScalar, { description: 'When the numbers were computed.' })
  computedAt!: Date;
}

@ObjectType('Trends', {
  description:
    'What many people care about now, computed every ten minutes. Shown once the staff has approved it, or at once where `autoApproveTrends` is set; never what the staff rejected.',
})
export class TrendsType {
  @Field(() => String, { description: 'How hashtags are ordered, in English.' })
  hashtagFormula!: string;

  @Field(() => String, { description: 'How posts are ordered, in English.' })
  postFormula!: string;
}

@InputType('DecideTrendInput', { description: 'A hashtag or post, and whether it may trend.' })
export class DecideTrendInput {
  @Field(() => ID, { description: 'Id of a hashtag or of a public post.' })
  subjectId!: string;

  @Field(() => Boolean, { description: 'True lets it trend, false keeps it out.' })
  allow!: boolean;
}

@ObjectType('DecideTrendPayload', { description: 'Answer of decideTrend.' })
export class DecideTrendPayload extends Payload {
  @Field(() => ID, {
    nullable: true,
    description: 'What was decided about; null when refused.',
  })
  subjectId!: string | null;
}

@Resolver(() => TrendsType)
export class TrendsQuery {
  @Query(() => TrendsType, { description: 'What trends here. Public.' })
  trends(): TrendsType {
    return { hashtagFormula: HASHTAG_FORMULA, postFormula: POST_FORMULA };
  }

  @FieldResolver(() => [TrendingHashtagType], {
    description: 'Hashtags, the highest score first; only those that the viewer sees a post with.',
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first'] })
  async hashtags(
    @Arg('first', () => Int, { defaultValue: 20, description: `Wanted, 1–${MOST_TRENDS}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<TrendingHashtagType[]> {
    requireSize(first);
    const reader = await trendReader(context);
    return withHashtags(context, await findTrendingHashtags(context.database, reader, first));
  }

  @FieldResolver(() => [TrendingPostType], {
    description:
      'Posts, the highest score first. None behind a block, or of people whom the viewer mutes.',
  })
  @Cost(10)
  @ListSize({ slicingArguments: ['first'] })
  async posts(
    @Arg('first', () => Int, { defaultValue: 20, description: `Wanted, 1–${MOST_TRENDS}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<TrendingPostType[]> {
    requireSize(first);
    const reader = await trendReader(context);
    return withPosts(context, await findTrendingPosts(context.database, reader, first));
  }
}

@Resolver(() => AdminType)
export class AdminTrendFields {
  @FieldResolver(() => [TrendingHashtagType], {
    description:
      'Hashtags that trend and that nobody has decided about, the highest score first. Needs the role CURATOR.',
  })
  @RequiresScope('admin:read:instance')
  @ListSize({ slicingArguments: ['first'] })
  async pendingHashtagTrends(
    @Arg('first', () => Int, { defaultValue: 20, description: `Wanted, 1–${MOST_TRENDS}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<TrendingHashtagType[]> {
    requireRole(context, 'CURATOR');
    requireSize(first);
    return withHashtags(context, await findWaitingHashtags(context.database, first));
  }

  @FieldResolver(() => [TrendingPostType], {
    description:
      'Posts that trend and that nobody has decided about, the highest score first. Needs the role CURATOR.',
  })
  @RequiresScope('admin:read:instance')
  @ListSize({ slicingArguments: ['first'] })
  async pendingPostTrends(
    @Arg('first', () => Int, { defaultValue: 20, description: `Wanted, 1–${MOST_TRENDS}.` })
    first: number,
    @Ctx() context: GraphQLContext,
  ): Promise<TrendingPostType[]> {
    requireRole(context, 'CURATOR');
    requireSize(first);
    return withPosts(context, await findWaitingPosts(context.database, first));
  }
}

@Resolver()
export class TrendMutations {
  @Mutation(() => DecideTrendPayload, {
    description:
      'Let a hashtag or public post trend, or keep it out, until it is decided otherwise; recorded in the audit log. Needs the role CURATOR. Codes: FORBIDDEN, NOT_FOUND.',
  })
  @RequiresScope('admin:write:curation')
  decideTrend(
    @Arg('input', () => DecideTrendInput, { description: 'The decision.' })
    input: DecideTrendInput,
    @Ctx() context: GraphQLContext,
  ) {
    return answer(
      context,
      async () => {
        requireRole(context, 'CURATOR');
        const parsed = parseGlobalId(input.subjectId);
        if (parsed?.kind !== 'hashtag' && parsed?.kind !== 'post')
          throw new NotFound(['subjectId']);
        const { id } = parsed;
        await decideTrend(context, { kind: parsed.kind, id, allow: input.allow });
        return toGlobalId(parsed.kind, id);
      },
      (subjectId) => ({ subjectId }),
    );
  }
}

function requireSize(first: number): void {
  if (first >= 1 && first <= MOST_TRENDS) return;
  throw new Invalid(`Ask for 1–${MOST_TRENDS}.`, ['first'], 'RANGE', `1–${MOST_TRENDS}`);
}

async function trendReader(context: GraphQLContext): Promise<TrendReader> {
  const { autoApproveTrends } = await instanceSettings(context.database, context.config);
  return {
    viewerId: context.readerId,
    isAutoApproved: autoApproveTrends,
    now: context.clock.now(),
  };
}

async function withHashtags(
  context: GraphQLContext,
  rows: readonly TrendingHashtagRow[],
): Promise<TrendingHashtagType[]> {
  const found = await Promise.all(rows.map((row) => load(context, hashtagLoader, row.hashtagId)));
  return rows.flatMap((row, index) => {
    const hashtag = found[index];
    return hashtag ? [{ ...row, hashtag }] : [];
  });
}

const HIDDEN = { score: null, reactions: null, comments: null, reposts: null };

async function withPosts(
  context: GraphQLContext,
  rows: readonly TrendingPostRow[],
): Promise<TrendingPostType[]> {
  const found = await Promise.all(rows.map((row) => load(context, postLoader, row.postId)));
  return rows.flatMap((row, index) => {
    const post = found[index];
    return post ? [{ ...row, post, ...(post.hidesCounts && HIDDEN) }] : [];
  });
}
