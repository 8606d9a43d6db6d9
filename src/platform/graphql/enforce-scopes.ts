// Makes @requiresScope true: wraps every resolver that it guards. The check runs before the resolver,
// and again for each event of a subscription, so a token that lost a scope gets nothing more.

import { defaultFieldResolver, GraphQLError, isInterfaceType, isObjectType } from 'graphql';
import type { GraphQLField, GraphQLObjectType, GraphQLSchema } from 'graphql';

import { hasAnyScope } from '../scopes.js';
import { requiredScopes } from './directive-values.js';

/** What the check needs of a context value. */
export interface ViewerContext {
  /** Null when the request is anonymous. */
  readonly viewer: { readonly scopes: readonly string[] } | null;
}

/** One field of an object type that needs a scope. */
export interface ScopedField {
  readonly typeName: string;
  readonly fieldName: string;
  readonly anyOf: readonly string[];
}

/** Every guarded field of every object type, sorted by type and field name. */
export function scopedFields(schema: GraphQLSchema): ScopedField[] {
  return [...guardedFields(schema)]
    .map(({ type, field, anyOf }) => ({ typeName: type.name, fieldName: field.name, anyOf }))
    .toSorted((a, b) => (`${a.typeName}.${a.fieldName}` < `${b.typeName}.${b.fieldName}` ? -1 : 1));
}

/** Wraps the guarded resolvers of the schema in place and returns it. Call once per schema. */
export function enforceScopes(schema: GraphQLSchema): GraphQLSchema {
  for (const { field, anyOf } of guardedFields(schema)) guard(field, anyOf);
  return schema;
}

/**
 * Passes when the viewer has one of the scopes.
 *
 * @throws {GraphQLError} UNAUTHENTICATED without a viewer; INSUFFICIENT_SCOPE with `requiredScopes` otherwise
 */
export function requireScope(context: ViewerContext, anyOf: readonly string[]): void {
  if (context.viewer === null) {
    throw new GraphQLError('Sign in to use this field.', {
      extensions: { code: 'UNAUTHENTICATED', requiredScopes: anyOf },
    });
  }
  if (!hasAnyScope(context.viewer.scopes, anyOf)) {
    throw new GraphQLError(`The token lacks the scope ${anyOf.join(' or ')}.`, {
      extensions: { code: 'INSUFFICIENT_SCOPE', requiredScopes: anyOf },
    });
  }
}

function guard(field: GraphQLField<unknown, ViewerContext>, anyOf: readonly string[]): void {
  const resolve = field.resolve ?? defaultFieldResolver;
  field.resolve = (source, args, context, info) => {
    requireScope(context, anyOf);
    return resolve(source, args, context, info);
  };
  const { subscribe } = field;
  if (subscribe === undefined) return;
  field.subscribe = (source, args, context, info) => {
    requireScope(context, anyOf);
    return subscribe(source, args, context, info);
  };
}

function* guardedFields(schema: GraphQLSchema) {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) {
      const anyOf = scopesOfField(type, field);
      if (anyOf !== undefined) yield { type, field, anyOf };
    }
  }
}

/** The nearest requirement wins: field, then object, then the interface that declares the field. */
function scopesOfField(
  type: GraphQLObjectType,
  field: GraphQLField<unknown, ViewerContext>,
): readonly string[] | undefined {
  const own = requiredScopes(field) ?? requiredScopes(type);
  if (own !== undefined) return own;
  for (const parent of type.getInterfaces()) {
    const declared = isInterfaceType(parent) ? parent.getFields()[field.name] : undefined;
    const inherited = declared === undefined ? undefined : requiredScopes(declared);
    if (inherited !== undefined) return inherited;
  }
  return undefined;
}
