/** Relay connections: the page arguments, PageInfo, and a factory for the connection types of a node type. */
import { ArgsType, Field, Int, ObjectType } from 'type-graphql';
import { encodeCursor, type Page } from '../db/page.js';

@ObjectType('PageInfo', {
  description: 'Where a page stands in its list (Relay).',
  simpleResolvers: true,
})
export class PageInfo {
  @Field(() => Boolean, { description: 'True when there are items after this page.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'True when there are items before this page.' })
  hasPreviousPage!: boolean;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the first item; null on an empty page.',
  })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'Cursor of the last item; null on an empty page.',
  })
  endCursor!: string | null;
}

/** Arguments of a list, which can be walked from both ends. */
@ArgsType()
export class PageArgs {
  @Field(() => Int, {
    nullable: true,
    description: 'Items wanted from the start, 1–100; 20 when neither first nor last is given.',
  })
  first?: number | null;

  @Field(() => String, {
    nullable: true,
    description: 'Continue after this cursor; with `first`, or alone.',
  })
  after?: string | null;

  @Field(() => Int, { nullable: true, description: 'Items wanted from the end, 1–100.' })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Continue before this cursor; with `last`.' })
  before?: string | null;
}

/** A page with cursors, as every connection type resolves from it. */
export interface ConnectionSource<Node, Edge extends EdgeSource<Node> = EdgeSource<Node>> {
  readonly edges: readonly Edge[];
  readonly nodes: readonly Node[];
  readonly pageInfo: PageInfo;
  readonly totalCount: number | null;
}

/** One item and its place. */
export interface EdgeSource<Node> {
  readonly cursor: string;
  readonly node: Node;
}

/**
 * Shapes a page for a connection type.
 *
 * @param keyOf the row's sort key, from which its cursor is made
 * @param nodeOf the node of a row
 */
export function toConnection<Row, Node>(
  page: Page<Row>,
  keyOf: (row: Row) => readonly string[],
  nodeOf: (row: Row) => Node,
  totalCount: number | null = null,
): ConnectionSource<Node> {
  const edges = page.rows.map((row) => ({ cursor: encodeCursor(keyOf(row)), node: nodeOf(row) }));
  return {
    edges,
    nodes: edges.map((edge) => edge.node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount,
  };
}
