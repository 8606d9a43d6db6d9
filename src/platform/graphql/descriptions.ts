// Fills in the descriptions that type-graphql has no place for: those of the root types, and those of fields
// that an interface describes and an object only resolves.

import { isObjectType } from 'graphql';
import type { GraphQLNamedType, GraphQLObjectType, GraphQLSchema } from 'graphql';

const QUERY =
  'All reads. Root fields that need more than memory are nullable, so that one failure does not empty the whole answer.';
const MUTATION =
  'All changes. Each takes one `input` and answers with a payload whose `userErrors` say what a person can fix; at most 10 run per operation, in order.';
const SUBSCRIPTION =
  'Live events over graphql-transport-ws. Permissions are checked again for every event. A query or mutation that follows a subscription over the same socket is answered once that has begun: it tells how things are, and events what changes afterwards.';

/** Sets the missing descriptions in place and returns the schema. Written ones are kept. */
export function completeDescriptions(schema: GraphQLSchema): GraphQLSchema {
  describe(schema.getQueryType(), QUERY);
  describe(schema.getMutationType(), MUTATION);
  describe(schema.getSubscriptionType(), SUBSCRIPTION);
  for (const type of Object.values(schema.getTypeMap())) {
    if (isObjectType(type)) inheritDescriptions(type);
  }
  return schema;
}

function describe(type: GraphQLNamedType | null | undefined, description: string): void {
  if (type) type.description ??= description;
}

function inheritDescriptions(type: GraphQLObjectType): void {
  for (const field of Object.values(type.getFields())) {
    for (const parent of type.getInterfaces())
      field.description ??= parent.getFields()[field.name]?.description;
  }
}
