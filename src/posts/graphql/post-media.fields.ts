/** The media of posts, of their earlier versions, and of comments. Whoever sees these sees them, also private ones. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { toMediaSource, type MediaSource } from '../../media/graphql/media.loader.js';
import { MediaInterface } from '../../media/graphql/media.type.js';
import { readAlbum, type MediaRow } from '../../media/media-row.js';
import { findMedia } from '../../media/media.queries.js';
import type { MediaId } from '../../media/media.entity.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { defineLoader, load } from '../../platform/graphql/loader.js';
import type { CommentId } from '../post.entity.js';
import { findMediaOfComments } from '../post-media.queries.js';
import type { CommentSource } from './comment.loader.js';
import { CommentType } from './comment.type.js';
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
    return readAlbum(post.album).map((row) => toMediaSource(row));
  }
}

const commentMediaLoader = defineLoader<CommentId, readonly MediaRow[]>(({ database }, ids) =>
  findMediaOfComments(database, ids),
);

@Resolver(() => CommentType)
export class CommentMediaFields {
  @FieldResolver(() => [MediaInterface], {
    description:
      'Pictures in it, in the author’s order. Comments of this server have none; of other servers at most 4 are kept.',
  })
  @ListSize({ assumedSize: 1 })
  @Shared()
  async media(
    @Root() comment: CommentSource,
    @Ctx() context: GraphQLContext,
  ): Promise<MediaSource[]> {
    if (comment.isLocal) return [];
    const media = await load(context, commentMediaLoader, comment.id);
    return (media ?? []).map((row) => toMediaSource(row));
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
