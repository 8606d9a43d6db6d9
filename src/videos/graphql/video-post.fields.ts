/** What a video post has beside what every format has. */
import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import { InstanceType } from '../../accounts/graphql/instance.type.js';
import { toMediaSource, type MediaSource } from '../../media/graphql/media.loader.js';
import { VideoMedia } from '../../media/graphql/video-media.type.js';
import { downloadUrl } from '../../media/media-url.js';
import { readAlbum } from '../../media/media-row.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { ListSize, Shared } from '../../platform/graphql/directives.js';
import { load } from '../../platform/graphql/loader.js';
import { UrlScalar } from '../../platform/graphql/scalars.js';
import {
  PhotoTagType,
  tagsOfPostLoader,
  type PhotoTagSource,
} from '../../posts/graphql/photo-tag.type.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { VIDEO_CATEGORIES } from '../../posts/video-categories.js';
import { VideoPostType } from './video-post.type.js';

@Resolver(() => VideoPostType)
export class VideoPostFields {
  @FieldResolver(() => VideoMedia, {
    nullable: true,
    description: 'The video, which is among `media` too; null when it was taken away.',
  })
  @Shared()
  video(@Root() post: PostSource): MediaSource | null {
    const video = readAlbum(post.album).find(({ kind }) => kind === 'video');
    return video ? toMediaSource(video) : null;
  }

  @FieldResolver(() => UrlScalar, {
    nullable: true,
    description:
      'Where to fetch a copy to keep, as an MP4 file, within the hour; null where the author does not allow it (`allowsDownload`; the author always may), and for videos of other servers.',
  })
  downloadUrl(@Root() post: PostSource, @Ctx() context: GraphQLContext): string | null {
    const isOwn = context.viewer?.actorId === post.authorId;
    const isGiven = post.isLocal && (isOwn || post.allowsDownload);
    const media = isGiven ? readAlbum(post.album)[0] : undefined;
    const file = media?.renditions.find(({ name }) => name === 'mp4');
    return media && file ? downloadUrl(context, media, file) : null;
  }

  @FieldResolver(() => [PhotoTagType], {
    description:
      'People tagged in the video who agreed and whom the viewer may see. Its author sees those too who have yet to agree, and each of them their own tag.',
  })
  @ListSize({ assumedSize: 5 })
  async taggedActors(
    @Root() post: PostSource,
    @Ctx() context: GraphQLContext,
  ): Promise<readonly PhotoTagSource[]> {
    return (await load(context, tagsOfPostLoader, post.id)) ?? [];
  }
}

@Resolver(() => InstanceType)
export class InstanceVideoFields {
  @FieldResolver(() => [String], {
    description: 'Categories under which videos are published here. Public.',
  })
  @ListSize({ assumedSize: 18 })
  videoCategories(): readonly string[] {
    return [...VIDEO_CATEGORIES.keys()];
  }
}
