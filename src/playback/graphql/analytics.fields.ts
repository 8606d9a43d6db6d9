/** Numbers of an own post, and of all of them. */
import { Arg, Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { RequiresScope } from '../../platform/graphql/directives.js';
import { load, type LoaderDefinition } from '../../platform/graphql/loader.js';
import { requireViewer } from '../../platform/require-viewer.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { VideoPostType } from '../../videos/graphql/video-post.type.js';
import {
  findAccountAnalytics,
  findPostAnalytics,
  requireRange,
  type AccountAnalytics,
  type AnalyticsDay,
  type PostPeriod,
} from '../analytics.js';
import { CreatorAnalyticsType, DateRangeInput, PostAnalyticsType } from './analytics.type.js';

const periodLoader: LoaderDefinition<PostPeriod, AnalyticsDay[]> = {
  load: (context, periods) => findPostAnalytics(context, requireViewer(context), periods),
  keyOf: ({ key }) => key,
};

@Resolver(() => VideoPostType)
export class VideoAnalyticsFields {
  @FieldResolver(() => PostAnalyticsType, {
    nullable: true,
    description: 'How the video was watched; null for everybody but its author.',
  })
  @RequiresScope('read:analytics')
  async analytics(
    @Root() post: PostSource,
    @Arg('range', () => DateRangeInput, { description: 'The period.' }) range: DateRangeInput,
    @Ctx() context: GraphQLContext,
  ): Promise<{ days: AnalyticsDay[] } | null> {
    if (post.authorId !== requireViewer(context).actorId) return null;
    requireRange(range);
    const key = `${post.id} ${range.from} ${range.to}`;
    return { days: (await load(context, periodLoader, { key, postId: post.id, range })) ?? [] };
  }
}

@Resolver(() => ViewerType)
export class AccountAnalyticsFields {
  @FieldResolver(() => CreatorAnalyticsType, {
    description: 'How the posts of the viewer were watched, and the followers they won.',
  })
  @RequiresScope('read:analytics')
  analytics(
    @Arg('range', () => DateRangeInput, { description: 'The period.' }) range: DateRangeInput,
    @Ctx() context: GraphQLContext,
  ): Promise<AccountAnalytics> {
    return findAccountAnalytics(context, requireViewer(context), range);
  }
}
