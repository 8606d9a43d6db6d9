// Reads directive arguments off schema elements, whether a decorator stored them as an extension
// or the schema was built from SDL and carries them in its AST.

import { getDirectiveValues } from 'graphql';
import type { DirectiveNode, GraphQLDirective } from 'graphql';

import { costDirective, listSizeDirective, requiresScopeDirective } from './directives.js';
import type { ListSize } from './directives.js';

/** Part that fields, types and enum values have in common. */
export interface Annotated {
  readonly extensions?: Readonly<Record<string, unknown>>;
  readonly astNode?: { readonly directives?: readonly DirectiveNode[] } | null;
}

/** Arguments of the directive on this element; undefined when it is absent. */
export function directiveArguments(
  element: Annotated,
  directive: GraphQLDirective,
): Readonly<Record<string, unknown>> | undefined {
  const stored = element.extensions?.[directive.name];
  if (isRecord(stored)) return stored;
  return element.astNode?.directives === undefined
    ? undefined
    : getDirectiveValues(directive, { directives: element.astNode.directives });
}

/** Scopes named by `@requiresScope`; undefined when the element is open. */
export function requiredScopes(element: Annotated): readonly string[] | undefined {
  const anyOf = directiveArguments(element, requiresScopeDirective)?.['anyOf'];
  return Array.isArray(anyOf) ? anyOf.map(String) : undefined;
}

/**
 * Points of `@cost`; undefined when the element has none.
 *
 * @throws {Error} when the weight is not a number ≥ 0, which is a mistake in the schema
 */
export function costWeight(element: Annotated): number | undefined {
  const weight = directiveArguments(element, costDirective)?.['weight'];
  if (weight === undefined) return undefined;
  const points = Number(weight);
  if (!Number.isFinite(points) || points < 0)
    throw new Error(`@cost(weight: ${JSON.stringify(weight)}) is not a number of points`);
  return points;
}

/** Arguments of `@listSize`; undefined when the element has none. */
export function listSize(element: Annotated): ListSize | undefined {
  const size = directiveArguments(element, listSizeDirective);
  if (size === undefined) return undefined;
  return {
    assumedSize: typeof size['assumedSize'] === 'number' ? size['assumedSize'] : undefined,
    slicingArguments: names(size['slicingArguments']),
    sizedFields: names(size['sizedFields']),
    requireOneSlicingArgument: size['requireOneSlicingArgument'] === true,
  };
}

/** Whether the value is declared the same for every viewer. */
export function isMarkedShared(element: Annotated): boolean {
  return element.extensions?.['shared'] === true;
}

function names(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
