/** A text post: what people on other servers write without pictures. */
import { Field, ObjectType } from 'type-graphql';
import { Shared } from '../../platform/graphql/directives.js';
import { Federated } from '../../platform/graphql/federated.js';
import { Node } from '../../platform/graphql/node.js';
import { Commentable } from './comment.connection.js';
import { PostType } from './post.type.js';
import { Reactable } from './reactable.type.js';

@ObjectType('TextPost', {
  implements: [Node, Federated, Reactable, Commentable, PostType],
  description:
    'A text from another server: a note without pictures, an article, a poll. Nobody writes one here; people comment on it, react to it, repost and quote it like any post.',
  simpleResolvers: true,
})
export class TextPostType {
  @Field(() => String, {
    nullable: true,
    description:
      'Title of an article, with which its caption begins as well; null where it has none.',
  })
  @Shared()
  title!: string | null;
}
