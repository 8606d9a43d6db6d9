/** The viewer's own lists of stories; nobody else can read them. */
import { Args, Ctx, FieldResolver, Resolver } from 'type-graphql';
import { ViewerType } from '../../accounts/graphql/viewer.type.js';
import { readPage, toPage } from '../../platform/db/page.js';
import {
  PageArgs,
  toConnection,
  type ConnectionSource,
} from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, RequiresScope } from '../../platform/graphql/directives.js';
import { isUuid } from '../../platform/ids.js';
import { requireViewer } from '../../platform/require-viewer.js';
import { findArchivedStories } from '../highlights.queries.js';
import { StoryConnection } from './story.connection.js';
import { toStorySource, type StorySource } from './story.type.js';
import { findTrays, TRAY_ORDER } from '../story-tray.queries.js';
import { StoryTrayConnection, toTraySource, type StoryTraySource } from './story-tray.type.js';

@Resolver(() => ViewerType)
export class ViewerStoryFields {
  @FieldResolver(() => StoryTrayConnection, {
    description: `The stories of the viewer and of those whom the viewer follows and does not mute, author by author. ${TRAY_ORDER}`,
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async storyTray(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<StoryTraySource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 2, (part, index) =>
      index === 0 ? /^\d{1,4}$/.test(part) : isUuid(part),
    );
    const rows = await findTrays(context.database, actorId, request, context.clock.now());
    const page = toPage(request, rows);
    return toConnection(page, ({ rank, newestId }) => [String(rank), newestId], toTraySource);
  }

  @FieldResolver(() => StoryConnection, {
    description:
      'Own stories that have ended and are kept, in the archive or by a highlight, the newest first. Nobody else sees the list.',
  })
  @RequiresScope('read:posts')
  @ListSize({ slicingArguments: ['first', 'last'], sizedFields: ['edges', 'nodes'] })
  async storyArchive(
    @Args(() => PageArgs) args: PageArgs,
    @Ctx() context: GraphQLContext,
  ): Promise<ConnectionSource<StorySource>> {
    const { actorId } = requireViewer(context);
    const request = readPage(args, 1, isUuid);
    const { database, clock } = context;
    const rows = await findArchivedStories(database, actorId, request, clock.now());
    return toConnection(toPage(request, rows), (row) => [row.id], toStorySource);
  }
}
