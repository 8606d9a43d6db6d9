/** A video post. */
import { Field, ObjectType } from 'type-graphql';
import { Shared } from '../../platform/graphql/directives.js';
import { Federated } from '../../platform/graphql/federated.js';
import { Node } from '../../platform/graphql/node.js';
import { Commentable } from '../../posts/graphql/comment.connection.js';
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
    description:
      'Category: one of `Instance.videoCategories`, or as another server names it; null where it has none.',
  })
  @Shared()
  category!: string | null;

  @Field(() => Boolean, {
    description:
      'Whoever sees it may keep a copy, as its author says; false for videos of other servers.',
  })
  @Shared()
  allowsDownload!: boolean;
}
