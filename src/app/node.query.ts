/** Relay's refetch doors: any object by its global id, as far as the viewer may see it. */
import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import { Invalid } from '../platform/errors.js';
import type { GraphQLContext } from '../platform/graphql/context.js';
import { ListSize } from '../platform/graphql/directives.js';
import { loadNode, Node, type NodeSource } from '../platform/graphql/node.js';
import { NODES } from './nodes.js';

const MAX_NODES = 100;

@Resolver()
export class NodeQuery {
  @Query(() => Node, {
    nullable: true,
    description:
      'Refetch any object by its global id. Null when it does not exist or the viewer may not see it.',
  })
  node(
    @Arg('id', () => ID, { description: 'Global id.' }) id: string,
    @Ctx() context: GraphQLContext,
  ): Promise<NodeSource | null> {
    return loadNode(context, NODES, id);
  }

  @Query(() => [Node], {
    nullable: 'items',
    description:
      'Refetch up to 100 objects, in the order given; those that do not exist or are not visible are null.',
  })
  @ListSize({ assumedSize: MAX_NODES })
  nodes(
    @Arg('ids', () => [ID], { description: 'Global ids, at most 100.' }) ids: string[],
    @Ctx() context: GraphQLContext,
  ): Promise<(NodeSource | null)[]> {
    if (ids.length > MAX_NODES) {
      throw new Invalid(`At most ${MAX_NODES} ids.`, ['ids'], 'MAX_ITEMS', String(MAX_NODES));
    }
    return Promise.all(ids.map((id) => loadNode(context, NODES, id)));
  }
}
