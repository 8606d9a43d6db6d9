/** What happens to an open post, live. */
import { Field, ID, ObjectType } from 'type-graphql';
import type { EdgeSource } from '../../platform/graphql/connection.js';
import { describedEnum } from '../../platform/graphql/described-enum.js';
import { Shared } from '../../platform/graphql/directives.js';
import { CommentEdge } from './comment.connection.js';
import type { CommentSource } from './comment.loader.js';
import { CommentType } from './comment.type.js';
import type { PostSource } from './post.loader.js';
import { PostType } from './post.type.js';

const CHANGES = {
  ADDED: 'It is there from now on.',
  UPDATED: 'It, or what people did with it, has changed.',
  REMOVED: 'It is gone for everybody.',
} as const;

/** What happened to an item. */
export type ChangeKind = keyof typeof CHANGES;

/** GraphQL enum of what happens to items. */
export const ChangeKindEnum = describedEnum<ChangeKind>(
  'ChangeKind',
  'What happened to an item.',
  CHANGES,
);

@ObjectType('PostEvent', {
  description:
    'Change of an open post: of a comment when `comment` or `removedCommentId` is set, otherwise of the post itself.',
  simpleResolvers: true,
})
export class PostEventType {
  @Field(() => String, {
    description: 'Opaque position; `after: cursor` continues behind this event.',
  })
  @Shared()
  cursor!: string;

  @Field(() => ChangeKindEnum, { description: 'What happened.' })
  @Shared()
  change!: ChangeKind;

  @Field(() => PostType, {
    nullable: true,
    description: 'The post as it is now; null when it is gone.',
  })
  @Shared()
  post!: PostSource | null;

  @Field(() => CommentType, {
    nullable: true,
    description: 'The comment that was added or changed; null otherwise.',
  })
  @Shared()
  comment!: CommentSource | null;

  @Field(() => CommentEdge, {
    nullable: true,
    description: 'The comment with its place among comments by time; null when `comment` is.',
  })
  @Shared()
  commentEdge!: EdgeSource<CommentSource> | null;

  @Field(() => ID, { nullable: true, description: 'Id of a comment that is gone; null otherwise.' })
  @Shared()
  removedCommentId!: string | null;
}
