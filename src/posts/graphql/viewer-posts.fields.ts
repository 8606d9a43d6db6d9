/** The viewer's own lists of posts; nobody else can read them. */
import { Args, Ctx, FieldResolver, Resolver } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { readPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { findArchivedPosts } from '../profile.queries.js';
import { findLikedPosts } from '../reaction.queries.js';
import { PostConnection, toPostConnection } from './post.connection.js';
import { toPostSource, type PostSource } from './post.loader.js';

@Resolver(() => ViewerType)
export class ViewerPostFields {
  @FieldResolver(() => PostConnection, {
    description:
      'Posts that the viewer put away, the newest post first. Only the viewer sees them.',
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async archivedPosts(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 1, isUuid);
    return toPostConnection(await findArchivedPosts(context.database, actorId, request));
  }
  @FieldResolver(() => PostConnection, {
    description:
      'Posts that the viewer reacted to with ❤ and may still see, the last liked first. Only the viewer ever sees the list.',
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async likes(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<PostSource>> {
    const { actorId } = requireViewer(context);
    const page = await findLikedPosts(context.database, actorId, readPage(args, 1, isUuid));
    return toConnection(page, (row) => [row.reactionId], toPostSource);
  }
}
