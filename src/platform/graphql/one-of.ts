// type-graphql 2.0.0-rc.4 cannot say that an input is a @oneOf; graphql-js can. This sets it after the build.

import { isInputObjectType, isRequiredInputField } from 'graphql';
import type { GraphQLInputObjectType, GraphQLSchema } from 'graphql';

/**
 * Turns every input decorated with `@OneOf()`, and those named besides, into a @oneOf input, in place.
 * From then on validation, coercion, printing and introspection treat it as one.
 *
 * @throws {Error} when a name is not an input of the schema, or one of its fields is required or has a default
 */
export function applyOneOf(
  schema: GraphQLSchema,
  alsoNamed: readonly string[] = [],
): GraphQLSchema {
  for (const name of alsoNamed) {
    const type = schema.getType(name);
    if (!isInputObjectType(type)) throw new Error(`${name} is not an input of the schema`);
    makeOneOf(type);
  }
  for (const type of Object.values(schema.getTypeMap())) {
    if (isInputObjectType(type) && type.extensions['oneOf'] === true) makeOneOf(type);
  }
  return schema;
}

function makeOneOf(type: GraphQLInputObjectType): void {
  for (const field of Object.values(type.getFields())) {
    if (isRequiredInputField(field) || field.defaultValue !== undefined) {
      throw new Error(
        `${type.name}.${field.name} must be nullable and without default, because ${type.name} is a @oneOf input`,
      );
    }
  }
  type.isOneOf = true;
}
