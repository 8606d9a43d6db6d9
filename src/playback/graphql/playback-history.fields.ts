/** What the viewer watched. */
import { Args, Ctx, FieldResolver, Resolver } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { isInstantAndId } from '../../platform/db/instant-key.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { toPostSource, type PostSource } from '../../posts/graphql/post.loader.js';
import { findPlaybackHistory, type WatchedRow } from '../playback-history.queries.js';
import { PlaybackHistoryConnection } from './playback-history.type.js';

@Resolver(() => ViewerType)
export class PlaybackHistoryFields {
  @FieldResolver(() => PlaybackHistoryConnection, {
    description:
      'What the viewer watched in the last 180 days and may still see, the last one first: removeFromPlaybackHistory takes one out, clearPlaybackHistory all. Empty where the viewer keeps no history (`Settings.keepPlaybackHistory`). Nobody else ever sees it.',
  })
  @RequiresScope('read:feeds')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async playbackHistory(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 2, isInstantAndId);
    const page = await findPlaybackHistory(context.database, actorId, request);
    const connection = toConnection(
      page,
      (row) => [row.lastSeenAt.toISOString(), row.id],
      toPostSource,
    );
    const edges = connection.edges.map((edge, index) => ({
      ...factsOf(page.rows[index]!),
      ...edge,
    }));
    return { ...connection, edges };
  }
}

function factsOf({ firstSeenAt, lastSeenAt, watchedMs, positionMs, isCompleted }: WatchedRow) {
  return { firstSeenAt, lastSeenAt, watchedMs, positionMs, isCompleted };
}
