/** From a page of rows that name actors to a connection of those actors. */
import { encodeCursor, type Page } from '../../platform/db/page.js';
import type { ConnectionSource } from '../../platform/graphql/connection.js';
import type { GraphQLContext } from '../../platform/graphql/context.js';
import { load } from '../../platform/graphql/loader.js';
import type { ActorId } from '../actor.entity.js';
import type { ActorEdgeSource } from './actor.connection.js';
import { actorLoader, type ActorSource } from './actor.loader.js';

/** An actor in a list that is ordered by `id`. */
export interface ListedActor {
  readonly id: string;
  readonly actorId: ActorId;
  readonly since: Date;
}

/** Loads the actors of a page. */
export async function toActorConnection(
  context: GraphQLContext,
  page: Page<ListedActor>,
): Promise<ConnectionSource<ActorSource, ActorEdgeSource>> {
  const actors = await Promise.all(
    page.rows.map(({ actorId }) => load(context, actorLoader, actorId)),
  );
  const edges = page.rows.flatMap(({ id, since }, index) => {
    const node = actors[index];
    return node ? [{ node, since, cursor: encodeCursor([id]) }] : [];
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
