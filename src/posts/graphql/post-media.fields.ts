/** The media of posts and of their earlier versions. Whoever sees the post sees them, also private ones. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { toMediaSource, type MediaSource } from '../../media/graphql/media.loader.js';
import { MediaInterface } from '../../media/graphql/media.type.js';
import { findMedia, readMedia } from '../../media/media.queries.js';
import type { MediaId } from '../../media/media.entity.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import type { PostSource } from './post.loader.js';
import { PostRevisionType, type RevisionSource } from './post-revision.type.js';
import { PostType } from './post.type.js';

/** Unlike the loader of nodes it asks nothing: its callers have the ids from a post that the viewer sees. */
export const mediaOfPostLoader = defineLoader<MediaId, MediaSource>(async (context, ids) => {
  const rows = await findMedia(context.database, ids);
  return new Map(rows.map((row) => [row.id, toMediaSource(row)]));
});

@Resolver(() => PostType)
export class PostMediaFields {
  @FieldResolver(() => [MediaInterface], {
    description: 'Pictures, or the video, in the author’s order.',
  })
  @ListSize({ assumedSize: 4 })
  @Shared()
  media(@Root() post: PostSource): MediaSource[] {
    return post.media.map((row) => toMediaSource(readMedia(row)));
  }
}

@Resolver(() => PostRevisionType)
export class PostRevisionMediaFields {
  @FieldResolver(() => [MediaInterface], {
    description:
      'Pictures of that version that still exist: those taken out of a post are deleted.',
  })
  @ListSize({ assumedSize: 4 })
  media(@Root() revision: RevisionSource, @Ctx() context: GraphQLContext): Promise<MediaSource[]> {
    return loadAll(context, revision.mediaIds);
  }
}

async function loadAll(context: GraphQLContext, ids: readonly MediaId[]): Promise<MediaSource[]> {
  const media = await Promise.all(ids.map((id) => load(context, mediaOfPostLoader, id)));
  return media.filter((one) => one !== null);
}
