// What changed for clients since the last release, and whether somebody has owned up to it.

import { findBreakingChanges, findDangerousChanges, isObjectType, isInterfaceType } from 'graphql';
import type { BreakingChange, DangerousChange, GraphQLSchema } from 'graphql';

import { directiveArguments } from '../../src/platform/graphql/directive-values.js';
import { experimentalDirective } from '../../src/platform/graphql/directives.js';

/** An intended breaking change. */
export interface DeclaredChange {
  /** The sentence that the check prints for it, exactly. */
  readonly change: string;
  /** Why, and what clients do instead. */
  readonly reason: string;
}

/** Differences between two schemas, as sentences. */
export interface SchemaChanges {
  /** Breaking and not declared: the check fails. */
  readonly undeclared: readonly string[];
  /** Declared, but nothing of the kind happened: the declaration is stale or misspelt, and the check fails. */
  readonly unfounded: readonly string[];
  /** May surprise clients, such as a new enum value: worth a line in the changelog. */
  readonly dangerous: readonly string[];
}

/** Compares with the released schema. What was @experimental there may change freely. */
export function schemaChanges(
  released: GraphQLSchema,
  current: GraphQLSchema,
  declared: readonly DeclaredChange[],
): SchemaChanges {
  const promised = ({ description }: BreakingChange | DangerousChange) =>
    !description.startsWith('Standard scalar ') && !isExperimental(released, description);
  const breaking = findBreakingChanges(released, current)
    .filter(promised)
    .map(({ description }) => description);
  return {
    undeclared: breaking.filter(
      (sentence) =>
        !declared.some(({ change, reason }) => change === sentence && reason.trim() !== ''),
    ),
    unfounded: declared.map(({ change }) => change).filter((change) => !breaking.includes(change)),
    dangerous: findDangerousChanges(released, current)
      .filter(promised)
      .map(({ description }) => description),
  };
}

// How graphql-js names the element that a sentence is about: a type, or a field of one.
const SUBJECTS: readonly RegExp[] = [
  / on input type (\w+) was added/,
  /^An? .* on (\w+)\.(\w+) was added/,
  / (?:to|from) (?:enum|union) type (\w+)\./,
  / implemented by (\w+)\./,
  /^(\w+)\.(\w+) /,
  /^(\w+) /,
];

function isExperimental(schema: GraphQLSchema, sentence: string): boolean {
  const subject = SUBJECTS.map((pattern) => pattern.exec(sentence)).find((match) => match !== null);
  const type = schema.getType(subject?.[1] ?? '');
  if (type === undefined) return false;
  const field =
    isObjectType(type) || isInterfaceType(type) ? type.getFields()[subject?.[2] ?? ''] : undefined;
  return [type, field].some(
    (element) =>
      element !== undefined && directiveArguments(element, experimentalDirective) !== undefined,
  );
}
