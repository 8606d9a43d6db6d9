/**
 * Relay's Node: every entity has an opaque id that `node(id:)` can refetch. A slice registers how its
 * nodes load; visibility is the loader's duty, and "not visible" loads as null like "not there".
 */
import { Field, ID, InterfaceType } from 'type-graphql';
import type { GraphQLContext } from './context.js';
import { Shared } from './directives.js';
import { load, type LoaderDefinition } from './loader.js';
import { parseGlobalId } from '../ids.js';

/** Implemented by every entity. Sources carry the inner UUID; the schema encodes it on the way out. */
@InterfaceType('Node', {
  description:
    'An object with a globally unique, stable, opaque id that `node(id:)` can refetch. Ids are never reused.',
  resolveType: (source: NodeSource) => source.nodeType,
})
export abstract class Node {
  @Field(() => ID, { description: 'Opaque global id, for example `post_01j9…`. Stable for life.' })
  @Shared()
  id!: string;
}

/** A loaded entity that may stand where the schema says Node or another interface. */
export interface NodeSource {
  readonly id: string;
  /** GraphQL object type of this entity. */
  readonly nodeType: string;
}

/** How one kind of node is named and loaded. */
export interface NodeDefinition {
  /** Prefix of the global id. */
  readonly kind: string;
  /** Object types whose ids carry this prefix. */
  readonly typeNames: readonly string[];
  /** Loads through the operation's loader; null when unknown or invisible. */
  readonly load: (context: GraphQLContext, id: string) => Promise<NodeSource | null>;
}

/** Registers a kind of node. The loader answers only what the viewer may see. */
export function defineNode<Key extends string, Source extends NodeSource>(
  kind: string,
  typeNames: readonly string[],
  loader: LoaderDefinition<Key, Source>,
): NodeDefinition {
  return { kind, typeNames, load: (context, id) => load(context, loader, id as Key) };
}

/** Loads any node by its global id; null when unknown, invisible or malformed. */
export async function loadNode(
  context: GraphQLContext,
  definitions: ReadonlyMap<string, NodeDefinition>,
  globalId: string,
): Promise<NodeSource | null> {
  const parsed = parseGlobalId(globalId);
  const definition = parsed && definitions.get(parsed.kind);
  return definition ? definition.load(context, parsed.id) : null;
}
