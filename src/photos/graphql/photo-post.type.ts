/** A photo post: an album of one to twenty pictures. */
import { Field, ObjectType } from 'type-graphql';
import { Shared } from '../../platform/graphql/directives.js';
import { Federated } from '../../platform/graphql/federated.js';
import { Node } from '../../platform/graphql/node.js';
import { Commentable } from '../../posts/graphql/comment.connection.js';
import { PostType } from '../../posts/graphql/post.type.js';
import { Reactable } from '../../posts/graphql/reactable.type.js';

@ObjectType('PhotoPost', {
  implements: [Node, Federated, Reactable, Commentable, PostType],
  description: 'One to twenty pictures in order; an album when more than one.',
  simpleResolvers: true,
})
export class PhotoPostType {
  @Field(() => Boolean, { description: 'True when there is more than one picture.' })
  @Shared()
  isAlbum!: boolean;
}
