/** A video post. */
import { Field, FieldResolver, ObjectType, Resolver, Root } from 'type-graphql';
import { toMediaSource, type MediaSource } from '../../media/graphql/media.loader.js';
import { VideoMedia } from '../../media/graphql/video-media.type.js';
import { readMedia } from '../../media/media.queries.js';
import { Shared } from '../../platform/graphql/directives.js';
import { Federated } from '../../platform/graphql/federated.js';
import { Node } from '../../platform/graphql/node.js';
import { Commentable } from '../../posts/graphql/comment.connection.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { PostType } from '../../posts/graphql/post.type.js';
import { Reactable } from '../../posts/graphql/reactable.type.js';

@ObjectType('VideoPost', {
  implements: [Node, Federated, Reactable, Commentable, PostType],
  description:
    'A video. Those of other servers stand there: a `VideoSource` says so, as playing it shows the network address of the viewer.',
  simpleResolvers: true,
})
export class VideoPostType {
  @Field(() => String, {
    nullable: true,
    description: 'Title, with which its caption begins as well; null where it has none.',
  })
  @Shared()
  title!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Category as its server names it; null where it has none.',
  })
  @Shared()
  category!: string | null;
}

@Resolver(() => VideoPostType)
export class VideoPostFields {
  @FieldResolver(() => VideoMedia, {
    nullable: true,
    description: 'The video, which is among `media` too; null when it was taken away.',
  })
  @Shared()
  video(@Root() post: PostSource): MediaSource | null {
    const row = post.media.find(({ kind }) => kind === 'video');
    return row ? toMediaSource(readMedia(row)) : null;
  }
}
