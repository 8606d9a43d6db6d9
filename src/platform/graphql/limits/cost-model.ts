// What one field costs by itself: read once per schema from types and directives.

import { getNamedType, getNullableType, isCompositeType, isListType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLNamedOutputType, GraphQLOutputType } from 'graphql';

import { costWeight, listSize } from '../directive-values.js';
import type { ListSize } from '../directives.js';

/** Points of an object that no `@cost` changes; scalars and enums are free. */
export const OBJECT_WEIGHT = 1;
/** Points of a mutation, in place of the weight of its payload. */
export const MUTATION_WEIGHT = 10;
/** Elements that a list without `@listSize` counts as. */
export const PLAIN_LIST_SIZE = 5;
/** Page size of a connection when neither an argument nor its default gives one. */
export const DEFAULT_PAGE_SIZE = 20;
/** No page is larger, whatever the arguments say. */
export const MAX_PAGE_SIZE = 100;
/** Introspection never touches the database: one point buys this many of its objects. */
export const INTROSPECTION_DIVISOR = 1000;

/** The static part of a field's cost. */
export interface FieldCost {
  readonly returned: GraphQLNamedOutputType;
  /** Charged once per occurrence of the field. */
  readonly onceWeight: number;
  /** Charged per element; for a field that is no list there is one element. */
  readonly elementWeight: number;
  /** Levels of list: 0 for a single value. */
  readonly listDepth: number;
  /** How the list, or the lists inside the returned connection, are sized. */
  readonly sizing: ListSize | undefined;
}

const PAGE: ListSize = {
  slicingArguments: ['first', 'last'],
  sizedFields: ['edges', 'nodes'],
  assumedSize: DEFAULT_PAGE_SIZE,
};

const known = new WeakMap<GraphQLField<unknown, unknown>, FieldCost>();

/**
 * @param isMutation  whether the field belongs to the mutation root
 * @throws {Error} when a `@cost` of the schema is malformed
 */
export function fieldCost(field: GraphQLField<unknown, unknown>, isMutation: boolean): FieldCost {
  const cached = known.get(field);
  if (cached !== undefined) return cached;
  const cost = readCost(field, isMutation);
  known.set(field, cost);
  return cost;
}

function readCost(field: GraphQLField<unknown, unknown>, isMutation: boolean): FieldCost {
  const returned = getNamedType(field.type);
  const depth = listDepth(field.type);
  const own = costWeight(field) ?? (isMutation ? MUTATION_WEIGHT : undefined);
  const typeWeight = costWeight(returned) ?? (isCompositeType(returned) ? OBJECT_WEIGHT : 0);
  const isList = depth > 0;
  return {
    returned,
    onceWeight: own ?? (isList ? 0 : typeWeight),
    elementWeight: isList ? typeWeight : 0,
    listDepth: depth,
    sizing: listSize(field) ?? (isConnection(returned) ? PAGE : undefined),
  };
}

function listDepth(type: GraphQLOutputType): number {
  const nullable = getNullableType(type);
  return isListType(nullable) ? 1 + listDepth(nullable.ofType) : 0;
}

function isConnection(type: GraphQLNamedOutputType): boolean {
  return (
    isObjectType(type) &&
    type.name.endsWith('Connection') &&
    type.getFields()['pageInfo'] !== undefined
  );
}
