/** Pages of hashtags. */
import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/connection.js';
import { HashtagType, type HashtagSource } from './hashtag.type.js';

@ObjectType('HashtagEdge', {
  description: 'A hashtag and its place in a list.',
  simpleResolvers: true,
})
export class HashtagEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => HashtagType, { description: 'The hashtag.' })
  node!: HashtagSource;
}

@ObjectType('HashtagConnection', { description: 'A page of hashtags.', simpleResolvers: true })
export class HashtagConnection {
  @Field(() => [HashtagEdge], { description: 'Hashtags with their places.' })
  edges!: HashtagEdge[];

  @Field(() => [HashtagType], { description: 'The hashtags alone.' })
  nodes!: HashtagSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}
