// The directives of the public schema and the decorators that set them on type-graphql classes.
// A decorator stores one extension per directive name: type-graphql merges extensions of a field and its resolver
// key by key, while it loses @Directive on a resolver of a declared field. `sdl.ts` prints the extensions.

import {
  DirectiveLocation,
  GraphQLBoolean,
  GraphQLDirective,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLString,
  specifiedDirectives,
} from 'graphql';
import { Extensions } from 'type-graphql';

import type { Scope } from '../scopes.js';

/** Arguments of `@listSize`: which arguments, or which fixed number, bound a list. */
export interface ListSize {
  /** Elements to assume when no slicing argument has a value. */
  readonly assumedSize?: number;
  /** Names of integer arguments that give the page size; the largest one counts. */
  readonly slicingArguments?: readonly string[];
  /** Fields of the returned object that hold the list. Absent: the field itself is the list. */
  readonly sizedFields?: readonly string[];
  /** Whether exactly one slicing argument must be given. */
  readonly requireOneSlicingArgument?: boolean;
}

const strings = new GraphQLNonNull(new GraphQLList(new GraphQLNonNull(GraphQLString)));
const {
  FIELD_DEFINITION,
  OBJECT,
  INTERFACE,
  UNION,
  ENUM,
  ENUM_VALUE,
  SCALAR,
  ARGUMENT_DEFINITION,
  INPUT_FIELD_DEFINITION,
} = DirectiveLocation;

/** `@requiresScope(anyOf:)` */
export const requiresScopeDirective = new GraphQLDirective({
  name: 'requiresScope',
  description:
    'OAuth scopes: any one of `anyOf` grants access to the field. Parent scopes (`read`, `write`, `admin:read`, `admin:write`) include their children. On an object it holds for each of its fields.',
  locations: [FIELD_DEFINITION, OBJECT],
  args: {
    anyOf: {
      type: strings,
      description: 'Scopes of which the token must carry one, or a parent of one.',
    },
  },
});

/** `@cost(weight:)` */
export const costDirective = new GraphQLDirective({
  name: 'cost',
  description:
    'Weight in the cost model, in points. Default: 0 for scalars and enums, 1 for objects, 10 for mutations. On a field it replaces the weight of what the field returns; on a list it is charged once.',
  locations: [FIELD_DEFINITION, OBJECT, INTERFACE, UNION, ENUM, SCALAR],
  args: {
    weight: {
      type: new GraphQLNonNull(GraphQLString),
      description: 'Points, as a decimal number.',
    },
  },
});

/** `@listSize(…)` */
export const listSizeDirective = new GraphQLDirective({
  name: 'listSize',
  description:
    'What bounds the size of a list, for static cost analysis. Without it a plain list counts as 5 elements.',
  locations: [FIELD_DEFINITION],
  args: {
    assumedSize: {
      type: GraphQLInt,
      description: 'Number of elements to assume where no slicing argument has a value.',
    },
    slicingArguments: {
      type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
      description: 'Arguments that give the page size; the largest one counts.',
    },
    sizedFields: {
      type: new GraphQLList(new GraphQLNonNull(GraphQLString)),
      description:
        'Fields of the returned object that hold the list; absent when the field itself is the list.',
    },
    requireOneSlicingArgument: {
      type: GraphQLBoolean,
      defaultValue: false,
      description: 'Whether exactly one slicing argument must be given.',
    },
  },
});

/** `@experimental(reason:)` */
export const experimentalDirective = new GraphQLDirective({
  name: 'experimental',
  description: 'Not covered by the deprecation policy yet: may change in any minor release.',
  locations: [
    FIELD_DEFINITION,
    OBJECT,
    INTERFACE,
    UNION,
    ENUM,
    ENUM_VALUE,
    ARGUMENT_DEFINITION,
    INPUT_FIELD_DEFINITION,
  ],
  args: { reason: { type: GraphQLString, description: 'What may still change.' } },
});

/** The directives of GraphQL itself and ours: the `directives` option of `buildSchema`. */
export const schemaDirectives: readonly GraphQLDirective[] = [
  ...specifiedDirectives,
  requiresScopeDirective,
  costDirective,
  listSizeDirective,
  experimentalDirective,
];

/** Decorator for a field, a resolver method or an object class. */
export type SchemaDecorator = ReturnType<typeof Extensions>;

/** The field (or each field of the object) needs a viewer whose token has one of these scopes; enforced by `enforceScopes`. */
export function RequiresScope(...anyOf: [Scope, ...Scope[]]): SchemaDecorator {
  return Extensions({ requiresScope: { anyOf } });
}

/** Points that the field, or an object of the class, costs instead of the default. Not negative. */
export function Cost(weight: number): SchemaDecorator {
  return Extensions({ cost: { weight: String(weight) } });
}

/** What bounds the list that the field returns. */
export function ListSize(size: ListSize): SchemaDecorator {
  return Extensions({ listSize: size });
}

/** The element may change in any minor release. */
export function Experimental(reason?: string): SchemaDecorator {
  return Extensions({ experimental: reason === undefined ? {} : { reason } });
}

/**
 * The value is the same for every viewer who may see the parent, so one computed payload may go to many sockets.
 * On an object class it holds for each of its fields. Not printed in the SDL.
 */
export function Shared(): SchemaDecorator {
  return Extensions({ shared: true });
}

/** Exactly one field of the input must be given. Takes effect through `applyOneOf`. */
export function OneOf(): SchemaDecorator {
  return Extensions({ oneOf: true });
}
