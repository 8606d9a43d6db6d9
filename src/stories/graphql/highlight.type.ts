/** Highlights, and pages of them. */
import { Field, Int, ObjectType } from 'type-graphql';
import { PageInfo } from '../../platform/graphql/connection.js';
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, Node, type NodeSource } from '../../platform/graphql/node.js';
import { DateTimeScalar } from '../../platform/graphql/scalars.js';
import type { HighlightId } from '../highlight.entity.js';
import { findHighlights, type HighlightRow } from '../highlights.queries.js';

/** A highlight as resolvers see it. */
export type HighlightSource = HighlightRow & NodeSource;

@ObjectType('Highlight', {
  implements: Node,
  description:
    'Stories that their author keeps on the profile past their end, in order under a title. Each is shown to those who might see it while it lasted; of whom sees none of them, the highlight is hidden.',
  simpleResolvers: true,
})
export class HighlightType {
  @Field(() => String, { description: 'Title in plain text.' })
  title!: string;

  @Field(() => DateTimeScalar, { description: 'When it was made.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it last changed.' })
  updatedAt!: Date;
}

@ObjectType('HighlightEdge', {
  description: 'A highlight and its place in a list.',
  simpleResolvers: true,
})
export class HighlightEdge {
  @Field(() => String, { description: 'Where it stands; pass as `after` or `before`.' })
  cursor!: string;

  @Field(() => HighlightType, { description: 'The highlight.' })
  node!: HighlightSource;
}

@ObjectType('HighlightConnection', {
  description: 'A page of highlights.',
  simpleResolvers: true,
})
export class HighlightConnection {
  @Field(() => [HighlightEdge], { description: 'Highlights with their places.' })
  edges!: HighlightEdge[];

  @Field(() => [HighlightType], { description: 'The highlights alone.' })
  nodes!: HighlightSource[];

  @Field(() => PageInfo, { description: 'Where the page stands.' })
  pageInfo!: PageInfo;

  @Field(() => Int, {
    nullable: true,
    description: 'Size of the whole list; null where counting would be expensive.',
  })
  totalCount!: number | null;
}

/** Shapes a row. */
export function toHighlightSource(row: HighlightRow): HighlightSource {
  return { ...row, nodeType: 'Highlight' };
}

/** Highlights that the viewer sees. */
export const highlightLoader = defineLoader<HighlightId, HighlightSource>(async (context, ids) => {
  const viewerId = context.readerId;
  const rows = await findHighlights(context.database, ids, viewerId, context.clock.now());
  return new Map(rows.map((row) => [row.id, toHighlightSource(row)]));
});

/** `highlight_…` ids. */
export const highlightNode = defineNode('highlight', ['Highlight'], highlightLoader);
