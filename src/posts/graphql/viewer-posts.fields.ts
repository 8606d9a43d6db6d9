/** The viewer's own lists of posts; nobody else can read them. */
import { Args, Ctx, FieldResolver, Resolver } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { readPage } from '../../platform/db/page.js';
import { PageArgs, type ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { findArchivedPosts } from '../profile.queries.js';
import { PostConnection, toPostConnection } from './post.connection.js';
import type { PostSource } from './post.loader.js';

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
}
