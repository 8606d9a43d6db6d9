/** Actors by id, shaped for GraphQL. Public identities are visible to everybody; suspended and deleted ones as tombstones. */
import { defineLoader } from '../../platform/graphql/loader.js';
import { defineNode, type NodeSource } from '../../platform/graphql/node.js';
import type { ActorId } from '../actor.entity.js';
import { findActors, isThere, type ActorRow } from '../actor.queries.js';

/** An actor as resolvers see it. */
export type ActorSource = ActorRow & NodeSource;

/** What is left to see of an actor that was deleted or suspended. */
const NOTHING = {
  displayName: '',
  bioHtml: '',
  bioSource: null,
  pronouns: null,
  fields: [],
  paymentLinks: [],
  avatarMediaId: null,
  headerMediaId: null,
  isDiscoverable: false,
  isIndexable: false,
  alsoKnownAs: [],
  movedToId: null,
  postCount: 0,
  followerCount: 0,
  followingCount: 0,
} satisfies Partial<ActorRow>;

/** Shapes a row for everybody. */
export function toActorSource(row: ActorRow): ActorSource {
  return shape(row, row.status === 'DELETED' || row.status === 'SUSPENDED');
}

/** Shapes a row for the staff, who see whom they suspended. */
export function toStaffActorSource(row: ActorRow): ActorSource {
  return shape(row, row.status === 'DELETED');
}

function shape(row: ActorRow, isGone: boolean): ActorSource {
  return { ...row, ...(isGone && NOTHING), nodeType: 'Actor' };
}

/** Loads actors, remote and local; who is not registered yet or of a suspended server is not there for anybody. */
export const actorLoader = defineLoader<ActorId, ActorSource>(async (context, ids) => {
  const rows = await findActors(context.database, ids);
  return new Map(rows.filter(isThere).map((row) => [row.id, toActorSource(row)]));
});

/** `actor_…` ids. */
export const actorNode = defineNode('actor', ['Actor'], actorLoader);
