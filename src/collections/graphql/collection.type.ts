/** A collection as the API shows it. */
import { Field, Int, ObjectType } from 'type-graphql';
import { VisibilityEnum } from '../../actors/graphql/visibility.type.js';
import type { Visibility } from '../../actors/visibility.js';
import { Federated } from '../../platform/graphql/federated.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import { defineNode, Node } from '../../platform/graphql/node.js';
import { defineCollectionLoader } from './any-collection.loader.js';
import { AnyCollectionType, type AnyCollectionSource } from './any-collection.type.js';

@ObjectType('Collection', {
  implements: [Node, Federated],
  description:
    'Own posts of an actor, put in an order under a title. Whoever may not see it cannot tell it from one that is not there.',
  simpleResolvers: true,
})
export class CollectionType extends AnyCollectionType {
  @Field(() => VisibilityEnum, {
    description:
      'Who may see it; with MENTIONED only its owner. Each post in it is shown only to those who may see that post.',
  })
  visibility!: Visibility;

  @Field(() => Boolean, { description: 'The owner shows it above the grid of the profile.' })
  isHighlighted!: boolean;
}

@ObjectType('CollectionEdge', {
  description: 'A collection and its place in a list.',
  simpleResolvers: true,
})
export class CollectionEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => CollectionType, { description: 'The collection.' })
  node!: AnyCollectionSource;
}

@ObjectType('CollectionConnection', {
  description: 'A page of collections.',
  simpleResolvers: true,
})
export class CollectionConnection {
  @Field(() => [CollectionEdge], { description: 'Collections with their places.' })
  edges!: CollectionEdge[];

  @Field(() => [CollectionType], { description: 'The collections alone.' })
  nodes!: AnyCollectionSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Collections that the viewer sees. */
export const collectionLoader = defineCollectionLoader('POSTS');

/** `collection_…` ids. */
export const collectionNode = defineNode('collection', ['Collection'], collectionLoader);
