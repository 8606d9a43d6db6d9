/** A collection as the API shows it. */
import { Field, Int, ObjectType } from 'type-graphql';
import { VisibilityEnum } from '../../actors/graphql/visibility.type.js';
import type { Visibility } from '../../actors/visibility.js';
import { Federated } from '../../platform/graphql/federated.js';
import { PageInfo } from '../../platform/graphql/connection.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar, HtmlScalar, MarkdownScalar } from '../../platform/graphql/scalars.js';
import type { CollectionId } from '../collection.entity.js';
import { findCollections, type CollectionRow } from '../collections.queries.js';

/** A collection as resolvers see it. */
export type CollectionSource = CollectionRow & NodeSource & { readonly isLocal: boolean };

@ObjectType('Collection', {
  implements: [Node, Federated],
  description:
    'Own posts of an actor, put in an order under a title. Whoever may not see it cannot tell it from one that is not there.',
  simpleResolvers: true,
})
export class CollectionType {
  @Field(() => String, { description: 'Title in plain text.' })
  title!: string;

  @Field(() => HtmlScalar, { description: 'What it is about, safe to render; may be empty.' })
  description!: string;

  @Field(() => MarkdownScalar, {
    nullable: true,
    description: 'What the owner typed; null for everybody else.',
  })
  descriptionSource!: string | null;

  @Field(() => VisibilityEnum, {
    description:
      'Who may see it; with MENTIONED only its owner. Each post in it is shown only to those who may see that post.',
  })
  visibility!: Visibility;

  @Field(() => Boolean, { description: 'The owner shows it above the grid of the profile.' })
  isHighlighted!: boolean;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@ObjectType('CollectionEdge', {
  description: 'A collection and its place in a list.',
  simpleResolvers: true,
})
export class CollectionEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => CollectionType, { description: 'The collection.' })
  node!: CollectionSource;
}

@ObjectType('CollectionConnection', {
  description: 'A page of collections.',
  simpleResolvers: true,
})
export class CollectionConnection {
  @Field(() => [CollectionEdge], { description: 'Collections with their places.' })
  edges!: CollectionEdge[];

  @Field(() => [CollectionType], { description: 'The collections alone.' })
  nodes!: CollectionSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a row. */
export function toCollectionSource(row: CollectionRow): CollectionSource {
  return { ...row, nodeType: 'Collection', isLocal: true };
}

/** Collections that the viewer sees. */
export const collectionLoader = defineLoader<CollectionId, CollectionSource>(
  async (context, ids) => {
    const rows = await findCollections(
      context.database,
      ids,
      context.viewer?.actorId ?? null,
      'POSTS',
    );
    return new Map(rows.map((row) => [row.id, toCollectionSource(row)]));
  },
);

/** `collection_…` ids. */
export const collectionNode = defineNode('collection', ['Collection'], collectionLoader);
