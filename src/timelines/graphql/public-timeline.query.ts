/** The public timeline and that of this server. */
import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { readPage } from '../../platform/db/page.js';
import type { ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize } from '../../platform/graphql/directives.js';
import { isUuid } from '../../platform/ids.js';
import { PostConnection, toPostConnection } from '../../posts/graphql/post.connection.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { toTimelineChoice } from '../../posts/graphql/timeline-filter.input.js';
import { findPublicPage } from '../timelines.queries.js';
import { TimelineArgs } from './viewer-home.fields.js';

@Resolver()
export class PublicTimelineQuery {
  @Query(() => PostConnection, {
    nullable: true,
    description:
      'Public posts, the newest first. With `localOnly` those of this server; signed-in people then also see posts that never leave it. Null only when reading fails.',
  })
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async publicTimeline(
    @Args(() => TimelineArgs) args: TimelineArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const request = readPage(args, 1, isUuid);
    const choice = toTimelineChoice(args.filter);
    const viewerId = context.readerId;
    return toPostConnection(
      await findPublicPage(context.database, viewerId, choice, request, context.clock.now()),
    );
  }
}
