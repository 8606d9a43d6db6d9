// The conventions of the public schema as functions from a schema to the list of its violations.

import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  isSpecifiedDirective,
  isSpecifiedScalarType,
} from 'graphql';
import type {
  GraphQLField,
  GraphQLInterfaceType,
  GraphQLNamedType,
  GraphQLObjectType,
  GraphQLSchema,
} from 'graphql';

import { listSize } from '../../src/platform/graphql/directive-values.js';

interface Element {
  readonly path: string;
  readonly description?: string | null;
  readonly deprecationReason?: string | null;
}

/** Elements without a description: types, fields, arguments, enum values, input fields, directives. */
export function undescribed(schema: GraphQLSchema): string[] {
  return elements(schema)
    .filter(({ description }) => !description?.trim())
    .map(({ path }) => path);
}

/** Deprecations that do not end with the day of the removal. */
export function undatedDeprecations(schema: GraphQLSchema): string[] {
  return elements(schema)
    .filter(
      ({ deprecationReason }) =>
        typeof deprecationReason === 'string' &&
        !/ Removal on \d{4}-\d{2}-\d{2}\.$/.test(deprecationReason),
    )
    .map(({ path, deprecationReason }) => `${path}: "${deprecationReason}"`);
}

/**
 * Mutations that are not `name(input: NameInput!): NamePayload!` with `userErrors: [UserError!]!`. One that has
 * nothing to be told, such as signOut, takes no argument, because an input cannot be empty.
 */
export function misshapenMutations(schema: GraphQLSchema): string[] {
  const problems: string[] = [];
  for (const field of Object.values(schema.getMutationType()?.getFields() ?? {})) {
    const stem = field.name.charAt(0).toUpperCase() + field.name.slice(1);
    const given = field.args.map(({ name, type }) => `${name}: ${String(type)}`).join(', ');
    if (given !== '' && given !== `input: ${stem}Input!`)
      problems.push(`${field.name}: takes (input: ${stem}Input!) and nothing else`);
    if (String(field.type) !== `${stem}Payload!`)
      problems.push(`${field.name}: returns ${stem}Payload!`);
    const payload = getNullableType(field.type);
    const userErrors = isObjectType(payload) ? payload.getFields()['userErrors'] : undefined;
    if (String(userErrors?.type) !== '[UserError!]!')
      problems.push(`${field.name}: payload has userErrors: [UserError!]!`);
  }
  return problems;
}

/** Connections that are not Relay's, and fields that return one that cannot be walked from both ends. */
export function misshapenConnections(schema: GraphQLSchema): string[] {
  return ownTypes(schema).flatMap((type) => [
    ...(isObjectType(type) && type.name.endsWith('Connection') ? connectionProblems(type) : []),
    ...(isObjectType(type) || isInterfaceType(type) ? pagingProblems(type) : []),
  ]);
}

/** Object types with an `id` that clients cannot refetch by `node(id:)`. */
export function idsWithoutNode(schema: GraphQLSchema): string[] {
  return objectTypes(schema)
    .filter(
      (type) =>
        String(type.getFields()['id']?.type) === 'ID!' &&
        !type.getInterfaces().some(({ name }) => name === 'Node'),
    )
    .map(({ name }) => name);
}

function connectionProblems(type: GraphQLObjectType): string[] {
  const fields = type.getFields();
  const problems: string[] = [];
  const edge = elementType(fields['edges']?.type);
  const node = isObjectType(edge) ? edge.getFields()['node'] : undefined;
  const named = node === undefined ? undefined : getNullableType(node.type);
  if (
    !isObjectType(edge) ||
    node === undefined ||
    String(edge.getFields()['cursor']?.type) !== 'String!'
  ) {
    problems.push(`${type.name}.edges: [Edge!]! with cursor: String! and node`);
  }
  if (named === undefined || String(fields['nodes']?.type) !== `[${String(named)}!]!`)
    problems.push(`${type.name}.nodes: [${String(named)}!]!`);
  if (String(fields['pageInfo']?.type) !== 'PageInfo!')
    problems.push(`${type.name}.pageInfo: PageInfo!`);
  return problems;
}

function pagingProblems(type: GraphQLObjectType | GraphQLInterfaceType): string[] {
  return Object.values(type.getFields())
    .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
    .filter((field) => !isPagedBothWays(field))
    .map(({ name }) => `${type.name}.${name}: ${PAGE_ARGUMENTS}, and is priced by first and last`);
}

const PAGE_ARGUMENTS = 'takes first: Int, after: String, last: Int, before: String';

function isPagedBothWays(field: GraphQLField<unknown, unknown>): boolean {
  const priced = listSize(field)?.slicingArguments;
  const given = field.args.map(({ name, type }) => `${name}: ${String(type)}`);
  return (
    PAGE_ARGUMENTS.replace('takes ', '')
      .split(', ')
      .every((argument) => given.includes(argument)) &&
    (priced === undefined || priced.join() === 'first,last')
  );
}

/** Type of the elements of a `[T!]!`. */
function elementType(type: unknown): unknown {
  if (!isNonNullType(type) || !isListType(type.ofType) || !isNonNullType(type.ofType.ofType))
    return undefined;
  return type.ofType.ofType.ofType;
}

function objectTypes(schema: GraphQLSchema): GraphQLObjectType[] {
  return ownTypes(schema).filter((type) => isObjectType(type));
}

function ownTypes(schema: GraphQLSchema): GraphQLNamedType[] {
  return Object.values(schema.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
}

function elements(schema: GraphQLSchema): Element[] {
  const directives = schema.getDirectives().filter((directive) => !isSpecifiedDirective(directive));
  return [
    ...directives.flatMap(({ name, description, args }) => [
      { path: `@${name}`, description },
      ...within(`@${name}`, args),
    ]),
    ...ownTypes(schema).flatMap((type) => [
      { path: type.name, description: type.description },
      ...members(type),
    ]),
  ];
}

function members(type: GraphQLNamedType): Element[] {
  if (isEnumType(type)) return within(type.name, type.getValues());
  if (isInputObjectType(type)) return within(type.name, Object.values(type.getFields()));
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  const fields = Object.values(type.getFields());
  return [
    ...within(type.name, fields),
    ...fields.flatMap(({ name, args }) => within(`${type.name}.${name}`, args)),
  ];
}

function within(
  path: string,
  parts: readonly (Omit<Element, 'path'> & { name: string })[],
): Element[] {
  return parts.map(({ name, description, deprecationReason }) => ({
    path: `${path}.${name}`,
    description,
    deprecationReason,
  }));
}
