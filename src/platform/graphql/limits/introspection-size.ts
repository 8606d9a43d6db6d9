// How long the lists of introspection are in one schema: they can be counted, so they need no guess.

import { isEnumType, isInputObjectType, isInterfaceType, isObjectType, isUnionType } from 'graphql';
import type { GraphQLNamedType, GraphQLSchema } from 'graphql';

const known = new WeakMap<GraphQLSchema, ReadonlyMap<string, number>>();

/** Elements of an introspection list (mean of those that are not empty, rounded up); undefined for any other field. */
export function introspectionSize(
  schema: GraphQLSchema,
  typeName: string,
  fieldName: string,
): number | undefined {
  if (!typeName.startsWith('__')) return undefined;
  let sizes = known.get(schema);
  if (sizes === undefined) {
    sizes = countLists(schema);
    known.set(schema, sizes);
  }
  return sizes.get(`${typeName}.${fieldName}`);
}

function countLists(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const types = Object.values(schema.getTypeMap());
  const fields = types.flatMap((type) =>
    isObjectType(type) || isInterfaceType(type) ? Object.values(type.getFields()) : [],
  );
  const directives = schema.getDirectives();
  const mean = (count: (type: GraphQLNamedType) => number) => meanOf(types.map(count));
  return new Map([
    ['__Schema.types', types.length],
    ['__Schema.directives', directives.length],
    ['__Directive.args', meanOf(directives.map(({ args }) => args.length))],
    ['__Field.args', meanOf(fields.map(({ args }) => args.length))],
    [
      '__Type.fields',
      mean((type) =>
        isObjectType(type) || isInterfaceType(type) ? Object.keys(type.getFields()).length : 0,
      ),
    ],
    [
      '__Type.inputFields',
      mean((type) => (isInputObjectType(type) ? Object.keys(type.getFields()).length : 0)),
    ],
    ['__Type.enumValues', mean((type) => (isEnumType(type) ? type.getValues().length : 0))],
    [
      '__Type.interfaces',
      mean((type) =>
        isObjectType(type) || isInterfaceType(type) ? type.getInterfaces().length : 0,
      ),
    ],
    [
      '__Type.possibleTypes',
      mean((type) =>
        isUnionType(type) || isInterfaceType(type) ? schema.getPossibleTypes(type).length : 0,
      ),
    ],
  ]);
}

function meanOf(lengths: readonly number[]): number {
  const filled = lengths.filter((length) => length > 0);
  return Math.ceil(filled.reduce((sum, length) => sum + length, 0) / Math.max(filled.length, 1));
}
