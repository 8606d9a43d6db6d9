/** What somebody watched, as the API shows it to them. */
import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/connection.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import type { PostSource } from '../../posts/graphql/post.loader.js';
import { PostType } from '../../posts/graphql/post.type.js';

@ObjectType('PlaybackHistoryEdge', {
  description: 'A post that the viewer watched.',
  simpleResolvers: true,
})
export class PlaybackHistoryEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => PostType, { description: 'The post.' })
  node!: PostSource;

  @Field(() => DateTimeScalar, { description: 'When the viewer first watched it.' })
  firstSeenAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When the viewer last watched it.' })
  lastSeenAt!: Date;

  @Field(() => Int, {
    description: 'Time watched altogether as far as it counts, in milliseconds; 0 for own posts.',
  })
  watchedMs!: number;

  @Field(() => Int, {
    nullable: true,
    description:
      'Where the viewer stopped, in milliseconds; null when not told, or watched to its end.',
  })
  positionMs!: number | null;

  @Field(() => Boolean, { description: 'The viewer watched it to its end once or more.' })
  isCompleted!: boolean;
}

@ObjectType('PlaybackHistoryConnection', {
  description: 'A page of what the viewer watched; nobody else ever gets one.',
  simpleResolvers: true,
})
export class PlaybackHistoryConnection {
  @Field(() => [PlaybackHistoryEdge], { description: 'Posts with when and how far.' })
  edges!: PlaybackHistoryEdge[];

  @Field(() => [PostType], { description: 'The posts alone.' })
  nodes!: PostSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}
