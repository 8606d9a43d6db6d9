// The schema as text: deterministic, sorted, with descriptions and our directives.

import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import {
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isIntrospectionType,
  isScalarType,
  isUnionType,
  lexicographicSortSchema,
  print,
} from 'graphql';
import type { GraphQLDirective, GraphQLNamedType, GraphQLSchema } from 'graphql';

import {
  costDirective,
  experimentalDirective,
  listSizeDirective,
  requiresScopeDirective,
} from './directives.js';

interface Extended {
  extensions: Record<string, unknown>;
}

const PRINTED: readonly GraphQLDirective[] = [
  requiresScopeDirective,
  costDirective,
  listSizeDirective,
  experimentalDirective,
];

/** SDL of the whole schema, sorted by name at every level, ending with a newline. Equal schemas give equal text. */
export function printSdl(schema: GraphQLSchema): string {
  // Sorting copies every element, so the schema in use keeps its own extensions.
  const copy = lexicographicSortSchema(schema);
  for (const type of Object.values(copy.getTypeMap())) {
    if (!isIntrospectionType(type))
      for (const element of elementsOf(type)) exposeDirectives(element);
  }
  return `${print(getDocumentNodeFromSchema(copy))}\n`;
}

/** Object types behind each interface and union, sorted: the `possibleTypes` of a client cache. */
export function possibleTypes(schema: GraphQLSchema): Record<string, string[]> {
  const entries = Object.values(schema.getTypeMap())
    .filter((type) => isAbstractType(type))
    .map((type): [string, string[]] => [
      type.name,
      schema
        .getPossibleTypes(type)
        .map(({ name }) => name)
        .toSorted(),
    ]);
  return Object.fromEntries(entries.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function elementsOf(type: GraphQLNamedType): Extended[] {
  if (isScalarType(type) || isUnionType(type)) return [type];
  if (isEnumType(type)) return [type, ...type.getValues()];
  if (isInputObjectType(type)) return [type, ...Object.values(type.getFields())];
  const fields = Object.values(type.getFields());
  return [type, ...fields, ...fields.flatMap(({ args }) => args)];
}

/** Moves the decorators' extensions to where the printer looks for directives, arguments in the order of the definition. */
function exposeDirectives(element: Extended): void {
  const directives: Record<string, unknown> = {};
  for (const { name, args } of PRINTED) {
    const stored = element.extensions[name];
    if (typeof stored !== 'object' || stored === null) continue;
    const given = new Map(Object.entries(stored));
    const present = args.filter((arg) => given.get(arg.name) !== undefined);
    directives[name] = Object.fromEntries(present.map((arg) => [arg.name, given.get(arg.name)]));
  }
  if (Object.keys(directives).length > 0)
    element.extensions = { ...element.extensions, directives };
}
