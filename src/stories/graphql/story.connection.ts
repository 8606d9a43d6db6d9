/** Pages of stories. */
import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/connection.js';
import { StoryType, type StorySource } from './story.type.js';

@ObjectType('StoryEdge', { description: 'A story and its place in a list.', simpleResolvers: true })
export class StoryEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => StoryType, { description: 'The story.' })
  node!: StorySource;
}

@ObjectType('StoryConnection', { description: 'A page of stories.', simpleResolvers: true })
export class StoryConnection {
  @Field(() => [StoryEdge], { description: 'Stories with their places.' })
  edges!: StoryEdge[];

  @Field(() => [StoryType], { description: 'The stories alone.' })
  nodes!: StorySource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}
