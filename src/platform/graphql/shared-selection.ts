// Decides whether an operation asks only for values that are the same for every viewer (see `Shared`),
// so that a subscription payload can be computed once and sent to many sockets.

import {
  getNamedType,
  getOperationAST,
  isAbstractType,
  isCompositeType,
  isLeafType,
  isObjectType,
  Kind,
} from 'graphql';
import type {
  DocumentNode,
  FragmentDefinitionNode,
  GraphQLCompositeType,
  GraphQLField,
  GraphQLNamedOutputType,
  GraphQLSchema,
  SelectionSetNode,
} from 'graphql';

import { isMarkedShared, requiredScopes } from './directive-values.js';

interface Scan {
  readonly root: GraphQLCompositeType;
  readonly schema: GraphQLSchema;
  readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  /** Fragments already judged or being judged; a fragment has one type condition, so once is enough. */
  readonly seen: Set<string>;
}

/**
 * Whether every selected field, at every level, is marked shared. The document must be valid.
 * A field below the root that needs a scope is not shared: the scope would have to be checked per viewer.
 * The answer does not depend on variables, but the payload does: group sockets by document, operation and variables.
 */
export function isSharedSelection(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName?: string | null,
): boolean {
  const operation = getOperationAST(document, operationName);
  const root =
    operation === null || operation === undefined
      ? undefined
      : schema.getRootType(operation.operation);
  if (operation === null || operation === undefined || root === null || root === undefined)
    return false;
  const fragments = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const scan: Scan = {
    root,
    schema,
    fragments: new Map(fragments.map((node) => [node.name.value, node])),
    seen: new Set(),
  };
  return isShared(scan, root, operation.selectionSet);
}

function isShared(scan: Scan, parent: GraphQLCompositeType, set: SelectionSetNode): boolean {
  return set.selections.every((selection) => {
    if (selection.kind === Kind.FIELD)
      return isFieldShared(scan, parent, selection.name.value, selection.selectionSet);
    if (selection.kind === Kind.INLINE_FRAGMENT) {
      const type =
        selection.typeCondition === undefined
          ? parent
          : scan.schema.getType(selection.typeCondition.name.value);
      return isCompositeType(type) && isShared(scan, type, selection.selectionSet);
    }
    return isFragmentShared(scan, selection.name.value);
  });
}

function isFragmentShared(scan: Scan, name: string): boolean {
  if (scan.seen.has(name)) return true;
  scan.seen.add(name);
  const fragment = scan.fragments.get(name);
  const type =
    fragment === undefined ? undefined : scan.schema.getType(fragment.typeCondition.name.value);
  return (
    fragment !== undefined && isCompositeType(type) && isShared(scan, type, fragment.selectionSet)
  );
}

function isFieldShared(
  scan: Scan,
  parent: GraphQLCompositeType,
  name: string,
  set: SelectionSetNode | undefined,
): boolean {
  if (name === '__typename') return true;
  const definitions = definitionsOf(scan.schema, parent, name);
  const returned = definitions[0]?.returned;
  if (
    returned === undefined ||
    !definitions.every(({ shared, guarded }) => shared && (!guarded || parent === scan.root))
  )
    return false;
  if (isLeafType(returned)) return true;
  return set !== undefined && isCompositeType(returned) && isShared(scan, returned, set);
}

/** The field as the parent declares it, and as every object that may stand there does. */
function definitionsOf(schema: GraphQLSchema, parent: GraphQLCompositeType, name: string) {
  const types = isAbstractType(parent) ? [parent, ...schema.getPossibleTypes(parent)] : [parent];
  const found: { shared: boolean; guarded: boolean; returned: GraphQLNamedOutputType }[] = [];
  for (const type of types) {
    const field: GraphQLField<unknown, unknown> | undefined =
      'getFields' in type ? type.getFields()[name] : undefined;
    if (field === undefined) continue;
    const shared =
      isMarkedShared(field) || isMarkedShared(type) || (!isObjectType(type) && types.length > 1);
    const guarded = (requiredScopes(field) ?? requiredScopes(type)) !== undefined;
    found.push({ shared, guarded, returned: getNamedType(field.type) });
  }
  return found;
}
