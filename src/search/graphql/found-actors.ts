/** From a page of actors' ids to a connection. */
import type { ActorId } from '../../actors/actor.entity.js';
import type { ActorEdgeSource } from '../../actors/graphql/actor.connection.js';
import { actorLoader, type ActorSource } from '../../actors/graphql/actor.loader.js';
import { encodeCursor, type Page } from '../../platform/db/page.js';
import type { ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';

/** Loads the actors of a page; `keyOf` is the sort key of a row. */
export async function toFoundActors<Row extends { readonly id: ActorId }>(
  context: GraphQLContext,
  page: Page<Row>,
  keyOf: (row: Row) => string[],
): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
  const actors = await Promise.all(page.rows.map(({ id }) => load(context, actorLoader, id)));
  const edges = page.rows.flatMap((row, index) => {
    const node = actors[index];
    return node ? [{ node, since: null, cursor: encodeCursor(keyOf(row)) }] : [];
  });
  return {
    edges,
    nodes: edges.map(({ node }) => node),
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    totalCount: null,
  };
}
