/** The home timeline. */
import { Args, ArgsType, Ctx, Field, FieldResolver, Resolver } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { readPage, type Page } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { PostConnection, type PostEdgeSource } from '../../posts/graphql/post.connection.js';
import { toPostSource, type PostSource } from '../../posts/graphql/post.loader.js';
import { TimelineFilter, toTimelineChoice } from '../../posts/graphql/timeline-filter.input.js';
import { findHomePage, type HomeRow } from '../timelines.queries.js';

/** Arguments of a timeline. */
@ArgsType()
export class TimelineArgs extends PageArgs {
  @Field(() => TimelineFilter, { nullable: true, description: 'Which posts to show; null = all.' })
  filter?: TimelineFilter | null;
}

@Resolver(() => ViewerType)
export class ViewerHomeFields {
  @FieldResolver(() => PostConnection, {
    description:
      'Own posts, those of whom the viewer follows, what these reposted, and public posts with followed hashtags, the newest first, without muted authors and reposters and without members of exclusive lists. A post is in it once at most; `repostedBy` and `followedHashtag` of its edge say what brought it. Only the viewer ever sees it.',
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async homeTimeline(
    @Args(() => TimelineArgs) args: TimelineArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource, PostEdgeSource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 1, isUuid);
    const choice = toTimelineChoice(args.filter);
    return toHomeConnection(
      await findHomePage(context.database, actorId, choice, request, context.clock.now()),
    );
  }
}

function toHomeConnection(page: Page<HomeRow>): ConnectionSource<PostSource, PostEdgeSource> {
  const connection = toConnection(page, (row) => [row.entryId], toPostSource);
  const edges = connection.edges.map((edge, index) => ({
    ...edge,
    reposterId: page.rows[index]!.reposterId,
    hashtagId: page.rows[index]!.hashtagId,
  }));
  return { ...connection, edges };
}
