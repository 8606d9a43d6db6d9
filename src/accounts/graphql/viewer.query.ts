/** The way to the viewer. */
import { Ctx, Query, Resolver } from 'type-graphql';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import { viewerLoader, type ViewerSource } from './viewer.loader.js';
import { ViewerType } from './viewer.type.js';

@Resolver()
export class ViewerQuery {
  @Query(() => ViewerType, {
    nullable: true,
    description:
      'The authenticated account with all its private information; null when the request is anonymous.',
  })
  viewer(@Ctx() context: GraphQLContext): Promise<ViewerSource | null> {
    return context.viewer
      ? load(context, viewerLoader, context.viewer.accountId)
      : Promise.resolve(null);
  }
}
